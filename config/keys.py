"""Secrets of a one-machine installation, made once and kept where only its owner reads them."""

import json
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.management.utils import get_random_secret_key


def load_or_create(path: Path) -> dict[str, str]:
    """SECRET_KEY and RECORDING_KEYS out of `path`, which is written first if it is not there."""
    if not path.exists():
        create(path)
    keys: dict[str, str] = json.loads(path.read_text())
    return keys


def create(path: Path) -> None:
    """Write new secrets whole or not at all; of two processes that try at once the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = {
        "SECRET_KEY": get_random_secret_key(),
        "RECORDING_KEYS": Fernet.generate_key().decode(),
    }
    # mkstemp gives a file that only its owner may read.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "w") as file:
        json.dump(keys, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
