"""An installation whose voice is there, or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests import queues
from tests.preference import study


@pytest.fixture(autouse=True)
def no_voice(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """An installation without our own voice; where its bundle would lie."""
    folder = tmp_path / "narrator"
    folder.mkdir()
    settings.NARRATOR_BUNDLE = str(folder)
    cache.clear()
    yield folder
    queues.jobs("narrate")
    cache.clear()


@pytest.fixture
def voice(no_voice: Path) -> Path:
    return study.bundle(no_voice)


@pytest.fixture
def readings(voice: Path) -> None:
    """Everything is there to be compared."""
    study.readings()
