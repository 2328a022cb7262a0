"""Voices that speak given phones: espeak-ng, which has them all, flite and festival, English only.

An English voice says the nearest English phone for a Spanish one, and `Spoken.words` has what was
said, so that labels are what is in the audio. (Festival's Italian and Catalan voices have the pure
vowels, but the listener, which never heard them, cannot check them: PER 0.7 against 0.2.)
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from speech import audio, espeak
from speech.alignment import align
from speech.errors import SpeechError
from speech.phones import ENGLISH, INVENTORY, is_vowel
from speech.pronunciation import joined
from speech.recipes.phonetic_rnnt import codemix
from speech.recipes.phonetic_rnnt.synthesise import FLITE_PHONES, FLITE_VOICES
from speech.syllables import syllabify

Words = tuple[tuple[str, ...], ...]

SILENCES = ("pau", "ssil", "h#")
BATCH = 40  # items that festival speaks in one run


class Line(NamedTuple):
    """What is to be said: phones and stress digits of every word, which has phones."""

    id: str
    words: Words
    stress: tuple[str, ...]


class Spoken(NamedTuple):
    samples: NDArray[np.float32]  # (N,) at 16 kHz, -1..1
    words: Words  # the phones in them


@dataclass(frozen=True, eq=False)
class Voice:
    """`names`: what the synthesiser calls a phone; `nearest`: what it says for those it lacks."""

    name: str
    program: str  # espeak, flite, festival
    voice: str  # the program's name of it
    names: Mapping[str, str]
    nearest: Mapping[str, str]

    def says(self, words: Words) -> Words:
        """The phones that come out. Raises SpeechError `bad_phone` for one it cannot say at all."""
        return tuple(tuple(q for p in word for q in self._sound(p)) for word in words)

    def _sound(self, phone: str) -> list[str]:
        if phone in self.nearest:
            return self.nearest[phone].split()
        if phone not in self.names:
            raise SpeechError("bad_phone", f"{phone[:40]} cannot be said by {self.name}")
        return [phone]

    def syllables(self, word: Sequence[str], stress: str) -> list[tuple[list[str], str]]:
        """The program's names of a word that it `says`, and the stress digit, of each syllable."""
        digits = iter(stress)
        out = []
        for start, end in syllabify(word):
            names, heavy = [], "0"
            for phone in word[start:end]:
                digit = next(digits) if is_vowel(phone) else ""
                heavy = digit or heavy
                name = self.names.get(phone + digit) or self.names[phone]
                if self.program == "flite" and digit:
                    name += "0" if digit == "0" else "1"  # its lexicon has no secondary stress
                names.append(name)
            out.append((names, heavy))
        return out


def _table(text: str) -> dict[str, str]:
    """'es_x HH, es_ny N Y' as a mapping of the first of each to the rest."""
    return dict(row.strip().split(" ", 1) for row in text.split(","))


_ENGLISH = {phone: phone.lower() for phone in ENGLISH} | {"AH0": "ax"}
_FOR_SPANISH = _table(
    "es_a AA, es_e EH, es_i IY, es_o OW, es_u UW, es_r R, es_rr R, es_x HH, es_b B, es_d DH, "
    "es_g G, es_ny N Y, es_y Y"
)
ESPEAK = tuple(
    Voice(f"espeak_{voice}+{variant}", "espeak", voice, {p: p for p in INVENTORY}, {})
    for voice in espeak.VOICES
    for variant in ("", *espeak.VARIANTS)
)
FLITE = tuple(Voice(f"flite_{v}", "flite", v, _ENGLISH, _FOR_SPANISH) for v in FLITE_VOICES)
FESTIVAL = (
    Voice("festival_slt", "festival", "cmu_us_slt_arctic_hts", _ENGLISH, _FOR_SPANISH),
    Voice("festival_kal", "festival", "kal_diphone", _ENGLISH, _FOR_SPANISH),
)
VOICES = {voice.name: voice for voice in (*ESPEAK, *FLITE, *FESTIVAL)}


def carried(words: Words, stress: Sequence[str], said: Words) -> tuple[str, ...]:
    """Stress digits of the words as said: those of the vowels they stand for; an added one 0."""
    out = []
    for word, digits, phones in zip(words, stress, said, strict=True):
        left = iter(digits)
        of = [next(left) if is_vowel(phone) else "0" for phone in word]
        pairs = [pair for pair in align(word, phones) if pair.heard is not None]
        out.append(
            joined(
                ((phone,), "0" if pair.ref is None else of[pair.ref])
                for phone, pair in zip(phones, pairs, strict=True)
            )[1]
        )
    return tuple(out)


def divided(words: Words, flat: Sequence[str]) -> Words:
    """A sequence of phones, nearly those of `words`, in as many words."""
    of_phone = [at for at, word in enumerate(words) for _ in word]
    out: list[list[str]] = [[] for _ in words]
    word = 0
    for pair in align([phone for each in words for phone in each], flat):
        word = word if pair.ref is None else of_phone[pair.ref]
        if pair.heard is not None:
            out[word].append(flat[pair.heard])
    return tuple(map(tuple, out))


def speak(voice: Voice, lines: Sequence[Line]) -> Iterator[Spoken]:
    """Every line by one voice, its pace and pitch drawn by the line's id.

    Raises SpeechError `bad_phone` where the voice has no such phone, `bad_bundle` where its program
    fails.
    """
    for line in lines:
        voice.says(line.words)
    if voice.program == "espeak":
        yield from (_espeak(voice, line) for line in lines)
    elif voice.program == "flite":
        yield from (_flite(voice, line) for line in lines)
    else:
        for start in range(0, len(lines), BATCH):
            yield from _festival(voice, lines[start : start + BATCH])


def _espeak(voice: Voice, line: Line) -> Spoken:
    rng = random.Random(line.id)
    words = tuple(
        codemix.Word("", "en-es", said, stress, ())
        for said, stress in zip(line.words, line.stress, strict=True)
    )
    british = rng.random() < 0.5 and all("ER" not in said for said in line.words)  # no r in its ER
    item = codemix.Item("sounds", voice.voice, "en-gb" if british else "en-us", words)
    variant = voice.name.partition("+")[2]
    rate, pitch, pitch_range = rng.randint(110, 185), rng.randint(25, 80), rng.randint(25, 80)
    samples, sample_rate, labels = codemix.speak(item, variant, rate, pitch, pitch_range)
    return Spoken(audio.resample(samples, sample_rate), divided(line.words, labels))


@cache
def _name(number: int) -> str:
    """A word that no lexicon has and every synthesiser takes for a word."""
    return "na" + "".join("bdfgklmnprst"[n] + "aeiou"[n % 5] for n in divmod(number, 12)) + "na"


def _spelled(voice: Voice, line: Line) -> tuple[Words, dict[str, list[tuple[list[str], str]]]]:
    """What a voice says of a line, and the syllables of every word under a name for it."""
    said = voice.says(line.words)
    digits = carried(line.words, line.stress, said)
    spelled = [voice.syllables(word, stress) for word, stress in zip(said, digits, strict=True)]
    return said, {_name(number): word for number, word in enumerate(spelled)}


def _flite(voice: Voice, line: Line) -> Spoken:
    """Words of our own in its lexicon, so that they have syllables and stress."""
    said, spelled = _spelled(voice, line)
    with tempfile.TemporaryDirectory() as folder:
        lexicon, wave = Path(folder, "lexicon"), Path(folder, "out.wav")
        lexicon.write_text(
            "".join(
                f"{name} n : {' '.join(n for names, _ in word for n in names)}\n"
                for name, word in spelled.items()
            )
        )
        stretch = random.Random(line.id).uniform(0.85, 1.35)
        command = ["flite", "-voice", voice.voice, "-add_lex", str(lexicon), "-psdur"]
        command += ["--setf", f"duration_stretch={stretch:.2f}", "-t", " ".join(spelled)]
        out = _run([*command, "-o", str(wave)])
        samples = audio.load(wave)
    labels = _labels(re.findall(r"([a-z]+):[\d.]+", out))
    return Spoken(samples, divided(said, labels))


def _festival(voice: Voice, lines: Sequence[Line]) -> Iterator[Spoken]:
    """As `_flite`; one run for all, which prints the segments spoken."""
    with tempfile.TemporaryDirectory() as folder:
        script = [f"(voice_{voice.voice})", "(set! postlex_vowel_reduce_cart_tree nil)"]
        asked: list[Words] = []
        for number, line in enumerate(lines):
            said, spelled = _spelled(voice, line)
            asked.append(said)
            for name, word in spelled.items():
                parts = " ".join(f"(({' '.join(names)}) {int(d == '1')})" for names, d in word)
                script.append(f'(lex.add.entry \'("{name}" nil ({parts})))')
            stretch = random.Random(line.id).uniform(0.85, 1.3)
            script += [
                f"(Parameter.set 'Duration_Stretch {stretch:.2f})",
                f'(set! said (utt.synth (Utterance Text "{" ".join(spelled)}")))',
                f'(utt.save.wave said "{folder}/{number}.wav")',
                "(print (mapcar item.name (utt.relation.items said 'Segment)))",
            ]
        path = Path(folder, "script.scm")
        path.write_text("\n".join(script), encoding="utf-8")
        printed = re.findall(r"^\(.*\)$", _run(["festival", "--batch", str(path)]), re.M)
        if len(printed) != len(lines):
            raise SpeechError("bad_bundle", f"{voice.name} spoke {len(printed)} of {len(lines)}")
        for number, (said, segments) in enumerate(zip(asked, printed, strict=True)):
            labels = _labels(re.findall(r'"([^"]+)"', segments))
            yield Spoken(audio.load(Path(folder, f"{number}.wav")), divided(said, labels))


def _labels(names: Sequence[str]) -> list[str]:
    """The English phones that flite and festival call so."""
    return [FLITE_PHONES.get(name, name.upper()) for name in names if name not in SILENCES]


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SpeechError("bad_bundle", f"{command[0]}: {done.stderr.strip()[-200:]}")
    return done.stdout
