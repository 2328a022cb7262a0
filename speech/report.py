"""Findings as text for a terminal: colours doubled by signs, plain where colour is unwelcome."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from speech.findings import PhoneFinding, TakeFinding, Verdict, WordFinding
from speech.phones import PHONES

if TYPE_CHECKING:
    from speech.listener.decode import Hypothesis

_BLUE, _RED, _GREY, _RESET = "\x1b[34m", "\x1b[1;31m", "\x1b[90m", "\x1b[0m"
_COLOUR = {Verdict.RIGHT: _BLUE, Verdict.UNSURE: _GREY}
_SIGN = {
    Verdict.RIGHT: "✓",
    Verdict.WRONG: "✗",
    Verdict.MISSING: "∅",
    Verdict.EXTRA: "+",
    Verdict.UNSURE: "?",
}


def wants_colour(stream: TextIO | None) -> bool:
    """Colour only on a terminal that has not said no (https://no-color.org)."""
    if stream is None or not stream.isatty():  # None: closed
        return False
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def take(finding: TakeFinding, colour: bool = False) -> str:
    """A whole take: the text as read, then each word with its sounds."""
    heads = " ".join(_paint(w.word, w.verdict, colour) for w in finding.words)
    lines = [heads, ""]
    lines += [word(each, colour) for each in finding.words]
    heard = " ".join(finding.heard)
    lines += ["", f"heard     {heard}", f"accuracy  {finding.accuracy:.2f}"]
    lines += [f"duration  {finding.duration_s:.2f} s"]
    if finding.notes:
        lines.append(f"notes     {' '.join(finding.notes)}")
    return "\n".join(lines)


def heard(nbest: Sequence[Hypothesis]) -> str:
    """The phones of the best hypothesis, a line each, then all hypotheses, a line each."""
    lines = [
        f"{each.start_s:6.2f}-{each.end_s:.2f} s  {_named(each.phone):<12} {each.confidence:.2f}"
        for each in nbest[0].phones
    ]
    for each in nbest:
        phones = " ".join(heard.phone for heard in each.phones) or "-"
        lines.append(f"{each.log_prob:9.2f}  {phones}")
    return "\n".join(lines)


def paraphrases(candidates: Sequence[tuple[float, Sequence[Sequence[str]]]]) -> str:
    """A line for each: its probability and the phones of every word, '-' for one left out."""
    lines = []
    for probability, words in candidates:
        said = " | ".join(" ".join(phones) or "-" for phones in words)
        lines.append(f"{probability:8.2e}  {said}")
    return "\n".join(lines)


def word(finding: WordFinding, colour: bool = False) -> str:
    """A word: verdict and syllables on one line, its sounds below."""
    syllables = "·".join(_paint(s.text, s.verdict, colour) for s in finding.syllables)
    sign = _paint(_SIGN[finding.verdict], finding.verdict, colour)
    head = f"{sign} {syllables or finding.word}  {finding.score:.2f}  [{finding.variant}]"
    return "\n".join([head, *(_phone(each, colour) for each in finding.phones)])


def _phone(finding: PhoneFinding, colour: bool) -> str:
    sign = _paint(_SIGN[finding.verdict], finding.verdict, colour)
    row = f"{finding.letters or '-':<6} {_named(finding.phone):<12} {finding.score:.2f}"
    said = ""
    if finding.verdict is Verdict.MISSING:
        said = "  not said"
    elif finding.said and finding.said != finding.phone:
        said = f"  said {_named(finding.said)}"
    time = ""
    if finding.start_s is not None and finding.end_s is not None:
        time = f"  {finding.start_s:.2f}-{finding.end_s:.2f} s"
    return f"    {sign} {row}{said}{time}"


def _named(phone: str | None) -> str:
    return f"{phone} /{PHONES[phone].ipa}/" if phone else "-"


def _paint(text: str, verdict: Verdict, colour: bool) -> str:
    return f"{_COLOUR.get(verdict, _RED)}{text}{_RESET}" if colour else text
