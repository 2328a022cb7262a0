"""Cotorra's engine from a shell.

python -m speech score take.wav "I see a rabbit"
python -m speech hear take.wav --nbest 5
python -m speech align rabbit "R AE B IH D"
python -m speech paraphrase "I see a rabbit" -n 10
python -m speech narrate "Once upon a time..." -o out.wav --style storytelling --rate 0.9
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from speech import criterion, report
from speech.alignment import Pair, nearest
from speech.anatomy import Judged, word_finding
from speech.errors import SpeechError
from speech.findings import Verdict, WordFinding
from speech.narrator.spoken import FASTEST, FORMATS, SLOWEST, STYLES, encoded, joined
from speech.phones import KIN, parse

USAGE_ERROR = 2
MOST = 100  # hypotheses


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        found, text = _COMMANDS[options.command](options)
    except SpeechError as error:
        print(f"speech: {_one_line(error)}", file=sys.stderr)
        return USAGE_ERROR
    try:
        print(json.dumps(found, ensure_ascii=False) if options.json else text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python tries again
        if not isinstance(error, BrokenPipeError):  # 'score ... | head'
            print(f"speech: {error}", file=sys.stderr)
            return USAGE_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m speech",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    score = commands.add_parser("score", help="judge a recording of a text")
    score.add_argument("file", type=Path)
    score.add_argument("text", type=_text)
    hear = commands.add_parser("hear", help="the phones of a recording, whatever its text")
    hear.add_argument("file", type=Path)
    hear.add_argument("--beam", type=_count, help="hypotheses to keep; 1 is greedy")
    hear.add_argument("--nbest", type=_count, default=1, help="hypotheses to show")
    align = commands.add_parser("align", help="judge phones written by hand")
    align.add_argument("word", type=_text)
    align.add_argument("heard", help='what was said, "R AE B IH D"')
    align.add_argument("--reference", help='the only pronunciation to accept, "R AE B AH T"')
    paraphrase = commands.add_parser("paraphrase", help="how a Spanish speaker may say a text")
    paraphrase.add_argument("text", type=_text)
    paraphrase.add_argument("-n", type=_count, default=10, help="candidates to show")
    narrate = commands.add_parser("narrate", help="read a text aloud")
    narrate.add_argument("text", type=_text)
    narrate.add_argument("-o", "--out", type=Path, required=True, help="a .wav, .ogg or .mp3")
    narrate.add_argument("--style", choices=STYLES, default="storytelling")
    narrate.add_argument("--rate", type=_rate, default=1.0, help="below 1 is slower")
    for command in (score, hear, align, paraphrase, narrate):
        command.add_argument("--json", action="store_true", help="JSON instead of text")
    return parser


def _text(text: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in text):  # bytes that are none
        raise argparse.ArgumentTypeError("is not UTF-8")
    return text


def _count(text: str) -> int:
    if not 1 <= (number := int(text)) <= MOST:
        raise argparse.ArgumentTypeError(f"must be from 1 to {MOST}")
    return number


def _rate(text: str) -> float:
    if not SLOWEST <= (number := float(text)) <= FASTEST:
        raise argparse.ArgumentTypeError(f"must be from {SLOWEST} to {FASTEST}")
    return number


def _one_line(error: SpeechError) -> str:
    return " ".join(f"{error.code}: {error.plain} {error.detail}".split())


def _score(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from speech import audio
    from speech.engine import Engine

    wanted = criterion.build(options.text)
    samples = audio.load(options.file)
    finding = Engine.load().score(samples, wanted)
    return finding.to_json(), report.take(finding, report.wants_colour(sys.stdout))


def _hear(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from speech import audio
    from speech.engine import Engine
    from speech.listener.decode import SEARCH

    samples = audio.load(options.file)
    audio.check(samples)
    engine = Engine.load()
    search = SEARCH._replace(beam=options.beam or max(SEARCH.beam, options.nbest))
    started = time.perf_counter()
    nbest = engine.hear(samples, search, options.nbest).nbest
    found = {
        "duration_s": round(len(samples) / audio.RATE, 3),
        "spent_s": round(time.perf_counter() - started, 4),
        "nbest": [
            {
                "log_prob": round(each.log_prob, 3),
                "phones": [
                    {
                        "phone": heard.phone,
                        "start_s": round(heard.start_s, 3),
                        "end_s": round(heard.end_s, 3),
                        "confidence": round(heard.confidence, 4),
                    }
                    for heard in each.phones
                ],
            }
            for each in nbest
        ],
    }
    return found, report.heard(nbest)


def _align(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    finding = align_word(options.word, parse(options.heard), options.reference)
    return asdict(finding), report.word(finding, report.wants_colour(sys.stdout))


def _paraphrase(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from speech.paraphraser import paraphrase

    candidates = paraphrase(options.text, options.n)
    found = {"text": options.text, "candidates": [each.to_json() for each in candidates]}
    return found, report.paraphrases([(each.probability, each.phones) for each in candidates])


def _narrate(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from speech import narrator

    kind = options.out.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise SpeechError("unknown_format", str(options.out))
    if not os.access(options.out.parent, os.W_OK):  # told before minutes of work
        raise SpeechError("cannot_write", f"{options.out.parent} is no folder to write in")
    narrator.own()  # loaded before the clock starts
    started = time.perf_counter()
    first_audio_s, parts = 0.0, []
    for part in narrator.speak(options.text, options.style, options.rate):
        first_audio_s = first_audio_s or time.perf_counter() - started
        parts.append(part)
    whole = joined(parts)
    parts.clear()  # an hour of them is half a gigabyte
    spent_s = time.perf_counter() - started
    try:
        options.out.write_bytes(encoded(whole.samples, whole.sample_rate, kind))
    except OSError as error:
        raise SpeechError("cannot_write", str(error)) from error
    found = {
        "audio_s": round(whole.seconds, 3),
        "spent_s": round(spent_s, 4),
        "first_audio_s": round(first_audio_s, 4),
        "rtf": round(spent_s / whole.seconds, 4),
        "voice": whole.voice,
        "style": whole.style,
        "words": [
            {"word": w.word, "start_s": round(w.start_s, 3), "end_s": round(w.end_s, 3)}
            for w in whole.words
        ],
    }
    return found, f"{options.out}: {whole.seconds:.1f} s by {whole.voice}, {whole.style}"


def align_word(word: str, heard: Sequence[str], reference: str | None = None) -> WordFinding:
    """The finding for phones written by hand, against `reference` alone or all we accept."""
    word = word.strip()
    if reference is not None:
        if not word:
            raise SpeechError("empty_text")
        if not (phones := parse(reference)):
            raise SpeechError("bad_phone", "the reference is empty")
        wanted = criterion.WordCriterion(word, (phones,))
    else:
        words = criterion.build(word).words
        if len(words) != 1:
            raise SpeechError("unknown_word", f"{word!r} is more than one word")
        wanted = words[0]
    best, pairs = nearest(wanted.pronunciations, heard)
    phones = wanted.pronunciations[best]
    judged = [_judge(pair, phones, heard) for pair in pairs]
    return word_finding(wanted.word, phones, judged)


def _judge(pair: Pair, phones: Sequence[str], heard: Sequence[str]) -> Judged:
    if pair.ref is None:
        return Judged(None, heard[pair.heard or 0], Verdict.EXTRA, 0.0, p_wrong=1.0)
    if pair.heard is None:
        return Judged(pair.ref, None, Verdict.MISSING, 0.0, p_wrong=1.0)
    wanted, said = phones[pair.ref], heard[pair.heard]
    if wanted == said:
        return Judged(pair.ref, said, Verdict.RIGHT, 1.0)
    if wanted in KIN.get(said, ()):
        return Judged(pair.ref, said, Verdict.UNSURE, 0.75, p_wrong=0.25)
    score = round(0.5 * (1.0 - min(1.0, pair.cost)), 4)
    return Judged(pair.ref, said, Verdict.WRONG, score, p_wrong=1.0)


_COMMANDS = {
    "score": _score,
    "hear": _hear,
    "align": _align,
    "paraphrase": _paraphrase,
    "narrate": _narrate,
}

if __name__ == "__main__":
    sys.exit(main())
