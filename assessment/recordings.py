"""Voices at rest: PCM16 (16 kHz, mono), encrypted, in the storage called `recordings`."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from assessment.errors import Refusal
from assessment.protocol import RATE

SUFFIX = ".fernet"


def write(attempt: UUID, pcm: bytes) -> str:
    """Store the voice of an attempt; the name to read it by."""
    name = f"{attempt.hex[:2]}/{attempt}{SUFFIX}"  # folders, so that none grows huge
    with _trouble_as_os_error():
        return _storage().save(name, ContentFile(_cipher().encrypt(pcm)))


def read(name: str) -> bytes:
    """The PCM16. Raises Refusal `unreadable_audio` when it is gone or locked with a lost key,
    OSError when the storage does not answer."""
    try:
        with _trouble_as_os_error(), _storage().open(name) as file:
            encrypted = file.read()
        return _cipher().decrypt(encrypted)
    except FileNotFoundError as error:
        raise Refusal("unreadable_audio", f"{name} is not there") from error
    except InvalidToken as error:
        raise Refusal("unreadable_audio", f"no key opens {name}") from error


def delete(name: str) -> None:
    """Delete a voice; nothing happens when it is gone. Raises OSError."""
    with _trouble_as_os_error():
        _storage().delete(name)


def names() -> Iterator[str]:
    """Every voice in the storage."""
    storage = _storage()
    try:
        folders, _ = storage.listdir("")
    except FileNotFoundError:  # nothing was ever stored
        return
    for folder in folders:
        for file in storage.listdir(folder)[1]:
            if file.endswith(SUFFIX):
                yield f"{folder}/{file}"


def written_at(name: str) -> datetime:
    """When a voice was stored. Raises FileNotFoundError."""
    return _storage().get_modified_time(name)


def wav(pcm: bytes) -> bytes:
    """The PCM16 as a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return buffer.getvalue()


@contextmanager
def _trouble_as_os_error() -> Iterator[None]:
    """Object stores raise errors of their own making."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


def _storage() -> Storage:
    return storages["recordings"]


def _cipher() -> MultiFernet:
    return _cipher_of(tuple(settings.RECORDING_KEYS))


@lru_cache(maxsize=4)
def _cipher_of(keys: tuple[str, ...]) -> MultiFernet:
    """Writes with the first key and reads with any, so that a new one can be put in front."""
    return MultiFernet([Fernet(key) for key in keys])
