"""espeak-ng through ctypes: text to phones of the inventory, and speech from text or phones."""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speech.errors import SpeechError
from speech.espeak_symbols import SPELLING, SYMBOLS, VOWELS_BEFORE_R
from speech.phones import is_vowel

VOICES = {
    "en-us": "gmw/en-US",
    "en-gb": "gmw/en-GB-x-rp",
    "es": "roa/es",
    "es-419": "roa/es-419",
}
# The phoneme table of each voice. Any voice can speak from any table: `_^_` changes it.
TABLES = {"en-us": "en-us", "en-gb": "en-rp", "es": "es", "es-419": "es-la"}
VARIANTS = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5")
SLOW_WPM, NORMAL_WPM = 100, 150

_SEPARATOR = "\x1f"
_RETRIEVAL, _DONT_EXIT = 1, 0x8000
_UTF8, _PHONEMES = 1, 0x100
_RATE, _PITCH, _RANGE = 1, 3, 4
_MARKS = re.compile(r"^(?:_(?:\^_|;_|X1|[:!|]*)|\|+|'!|[',%=])*")  # pauses and stress
_LANGUAGES = {table: language for language, table in TABLES.items()}
_CHANGE = re.compile(r"\((.+)\)")  # how espeak-ng prints a change of table
_NO_MORE, _WORD = 0, 1  # types of espeak_EVENT


class _Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # characters, from 1
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


class Mark(NamedTuple):
    """Where the sound of a word, or of a part of one, begins."""

    at: int  # of the text, from 0
    start_s: float


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)
_lock = threading.Lock()  # the library keeps one global voice
_chunks: list[NDArray[np.int16]] = []
_marks: list[tuple[int, int]] = []  # character, sample


@_CALLBACK
def _collect(wave: object, count: int, events: ctypes._Pointer[_Event]) -> int:
    if wave and count:
        _chunks.append(np.ctypeslib.as_array(wave, (count,)).copy())
    at = 0
    while events[at].type != _NO_MORE:
        if events[at].type == _WORD:
            _marks.append((events[at].text_position - 1, events[at].sample))
        at += 1
    return 0


@cache
def _library() -> tuple[ctypes.CDLL, int]:
    """The library, started, and its sample rate; call with the lock held."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_int,
        ctypes.c_int,
    ]
    data = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(_RETRIEVAL, 0, data, _DONT_EXIT)
    if rate <= 0:
        raise SpeechError("bad_bundle", "espeak-ng did not start")
    library.espeak_SetSynthCallback(_collect)
    return library, rate


def _choose(library: ctypes.CDLL, language: str, variant: str = "") -> None:
    if variant and variant not in VARIANTS:
        raise ValueError(f"no voice variant {variant!r}")
    name = VOICES[language] + (f"+{variant}" if variant else "")
    if library.espeak_SetVoiceByName(name.encode()) != 0:
        raise SpeechError("bad_bundle", f"espeak-ng has no voice {name}")


def _mnemonics(text: str, language: str) -> list[list[str]]:
    """espeak's own phoneme names, a list a word; `[[...]]` is phone input."""
    raw = ctypes.c_char_p(text.replace("\0", " ").encode("utf-8", "replace"))
    clauses: list[str] = []
    with _lock:
        library, _ = _library()
        _choose(library, language)
        if "[[" in text:  # phone input or not is remembered from the latest synthesis
            library.espeak_Synth(b"\0", 1, 0, 1, 0, _UTF8 | _PHONEMES, None, None)
            library.espeak_Synchronize()
        while raw.value is not None:
            clause = library.espeak_TextToPhonemes(ctypes.byref(raw), _UTF8, ord(_SEPARATOR) << 8)
            clauses.append((clause or b"").decode())
    return [word.split(_SEPARATOR) for clause in clauses for word in clause.split(" ")]


def transcribe(text: str, language: str = "en-us") -> tuple[tuple[str, ...], str]:
    """Phones of the inventory, and a stress digit (1, 2 or 0) for each vowel among them."""
    phones: list[str] = []
    stress: list[str] = []
    table = language
    for word in _mnemonics(text, language):
        if change := _CHANGE.fullmatch(word[0]):
            if change[1] not in _LANGUAGES:
                raise SpeechError("bad_phone", f"espeak-ng's sounds of {change[1]!r}")
            table = _LANGUAGES[change[1]]
            continue
        word_phones, word_stress = _word(word, table)
        phones += word_phones
        stress += word_stress
    return tuple(phones), "".join(stress)


def phones(text: str, language: str = "en-us") -> tuple[str, ...]:
    """Phones of the inventory, without stress."""
    return transcribe(text, language)[0]


def _word(mnemonics: Sequence[str], language: str) -> tuple[list[str], list[str]]:
    symbols = SYMBOLS[language]
    names = [_MARKS.sub("", mnemonic, count=1) for mnemonic in mnemonics]
    found: list[str] = []
    digits: list[str] = []
    for mnemonic, name, following in zip(mnemonics, names, [*names[1:], ""], strict=True):
        if not name:
            continue
        marks = mnemonic[: len(mnemonic) - len(name)]
        before_r = following.startswith("r")
        bare = name if name in symbols else name.rstrip(":")
        if bare not in symbols:
            raise SpeechError("bad_phone", f"espeak-ng's {name!r} in {''.join(mnemonics)!r}")
        mapped = VOWELS_BEFORE_R.get(bare, symbols[bare]) if before_r else symbols[bare]
        for place, phone in enumerate(mapped):
            if language.startswith("es") and phone == "Y" and not _after_consonant(found):
                phone = "es_y"
            if _doubled(found, phone):
                continue
            found.append(phone)
            if is_vowel(phone):
                first = not any(is_vowel(p) for p in mapped[:place])
                digits.append(_stress(marks) if first else "0")
    return found, digits


def _stress(marks: str) -> str:
    if "'" in marks:
        return "1"
    return "2" if "," in marks else "0"


def _after_consonant(found: Sequence[str]) -> bool:
    return bool(found) and found[-1] != "es_y" and not is_vowel(found[-1])


def _doubled(found: Sequence[str], phone: str) -> bool:
    """An r that the phone before already carries: 'hurry' is HH ER IY as in cmudict."""
    return bool(found) and (
        (phone == "R" and found[-1] in ("R", "ER"))
        or (phone in ("es_rr", "es_y") and phone == found[-1])
    )


def spell(phones: Sequence[str], stress: str = "", language: str = "en-us") -> str:
    """Phone input for `synthesise`: '[[r'abIt]]'. `stress` has a digit for each vowel."""
    spelling = SPELLING[language]
    digits = iter(stress)
    parts: list[str] = []
    for phone in phones:
        digit = next(digits, "0") if is_vowel(phone) else ""
        name = spelling.get(f"{phone}0") if digit == "0" and stress else None
        name = name or spelling.get(phone)
        if name is None:
            raise SpeechError("bad_phone", f"{phone} cannot be said by the {language} voice")
        parts.append({"1": "'", "2": ","}.get(digit, "") + name)
    return "[[" + "|".join(parts) + "]]"


def spell_mixed(parts: Iterable[tuple[str, Sequence[str], str]]) -> str:
    """Phone input in several languages for one voice: (language, phones, stress) for each part.

    The voice, of whatever language, speaks each part with the sounds of the part's language; there
    is no pause between parts. Raises SpeechError("bad_phone").
    """
    spelled = (
        f"_^_{TABLES[language]} {spell(phones, stress, language)[2:-2]}"
        for language, phones, stress in parts
    )
    return f"[[{' '.join(spelled)}]]"


def synthesise(
    text: str,
    language: str = "en-us",
    rate_wpm: int = NORMAL_WPM,
    pitch: int = 50,
    *,
    variant: str = "",
    pitch_range: int = 50,
) -> tuple[NDArray[np.float32], int]:
    """Mono samples in -1..1 and their rate in Hz.

    `text` may hold phone input from `spell`. `rate_wpm` 80..450, `pitch` and `pitch_range` 0..99.
    """
    samples, rate, _ = _synthesised(
        text, _PHONEMES, language, rate_wpm, pitch, pitch_range, variant
    )
    return samples, rate


def synthesise_marked(
    text: str, language: str = "en-us", rate_wpm: int = NORMAL_WPM, pitch_range: int = 50
) -> tuple[NDArray[np.float32], int, tuple[Mark, ...]]:
    """The same of plain text, with espeak's own word events."""
    samples, rate, found = _synthesised(text, 0, language, rate_wpm, 50, pitch_range)
    return samples, rate, tuple(Mark(at, sample / rate) for at, sample in found)


def _synthesised(
    text: str,
    flags: int,
    language: str,
    rate_wpm: int,
    pitch: int,
    pitch_range: int,
    variant: str = "",
) -> tuple[NDArray[np.float32], int, list[tuple[int, int]]]:
    data = text.replace("\0", " ").encode("utf-8", "replace") + b"\0"
    with _lock:
        library, rate = _library()
        _choose(library, language, variant)
        for parameter, value in ((_RATE, rate_wpm), (_PITCH, pitch), (_RANGE, pitch_range)):
            library.espeak_SetParameter(parameter, value, 0)
        _chunks.clear()
        _marks.clear()
        status = library.espeak_Synth(data, len(data), 0, 1, 0, _UTF8 | flags, None, None)
        library.espeak_Synchronize()
        chunks, marks = list(_chunks), list(_marks)
        _chunks.clear()
    if status != 0:
        raise SpeechError("bad_bundle", f"espeak-ng returned {status}")
    wave = np.concatenate(chunks) if chunks else np.zeros(0, np.int16)
    return (wave.astype(np.float32) / 32768.0), rate, marks
