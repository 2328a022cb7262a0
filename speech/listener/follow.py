"""Where in a known text a reader is, from the streaming posteriors as they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from speech.phones import INDEX, INVENTORY

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER = -np.inf
# Natural logs, chosen on learners' takes (how many words light, and how many of another text).
WRONG = -4.0  # the least score of a frame within a word: an error must not end it all
ASTRAY = 1.5  # what speech before the first word gains by not being of the text
SURE = 2.0  # by how much a word must be likelier said than still to come
# Of a thousand phones read in English (LJ Speech, usual pronunciations); the others are rarer.
RARE = 2
# fmt: off
COMMON = {
    "AA": 18, "AE": 18, "AH": 113, "AO": 18, "AW": 5, "AY": 14, "B": 18, "CH": 7, "D": 50, "DH": 36,
    "EH": 30, "ER": 27, "EY": 17, "F": 21, "G": 7, "HH": 9, "IH": 62, "IY": 32, "JH": 5,
    "K": 27, "L": 35, "M": 25, "N": 80, "NG": 8, "OW": 10, "OY": 1, "P": 23, "R": 49, "S": 46,
    "SH": 7, "T": 72, "TH": 5, "UH": 4, "UW": 16, "V": 22, "W": 22, "Y": 6, "Z": 34, "ZH": 1,
}
# fmt: on
SHARES = [1.0, *(COMMON.get(phone, RARE) / 1000 for phone in INVENTORY)]
LOG_SHARE = np.log(np.array(SHARES, np.float32))  # (V,)


class Follower:
    """The best path so far through the text's CTC lattice (Graves 2006), by Viterbi.

    Scores are likelihood ratios: a phone counts by how much likelier it is than in any speech, and
    the blanks around words take any sound at no cost, as a pause, a false start or a noise. So
    silence moves nothing, and an error or a word left out is made up for by what follows.
    """

    def __init__(self, words: Sequence[Sequence[str]]) -> None:
        """`words` are the phones of every word in order, at least one each."""
        symbols, between, self._ends = [0], [True], []
        for phones in words:
            for phone in phones:
                symbols += [INDEX[phone], 0]
                between += [False, False]
            between[-1] = True
            self._ends.append(len(symbols) - 2)
        self._symbols = np.array(symbols)  # (S,) blank, phone, blank, ..., blank
        self._between = np.array(between)
        # Phone to phone skips the blank between unless both are the same phone.
        skips = (self._symbols[2:] != 0) & (self._symbols[2:] != self._symbols[:-2])
        self._skip = np.where(skips, 0.0, NEVER).astype(np.float32)
        self._scores = np.full(len(symbols), NEVER, np.float32)
        self._scores[0] = 0.0
        self.words = 0  # read so far; never fewer than before

    def feed(self, log_probs: NDArray[np.float32]) -> int:
        """Go on by (T, V) log posteriors; how many words have been read."""
        scored = np.maximum((log_probs - LOG_SHARE)[:, self._symbols], WRONG)  # (T, S)
        scored[:, self._between] = 0.0
        speech = 1 - np.exp(log_probs[:, 0])
        scored[:, 0] = np.log1p(speech * np.expm1(ASTRAY))
        for frame in scored:
            scores = self._scores.copy()
            np.maximum(scores[1:], self._scores[:-1], out=scores[1:])
            np.maximum(scores[2:], self._scores[:-2] + self._skip, out=scores[2:])
            self._scores = scores + frame
            while self.words < len(self._ends) and self._passed(self._ends[self.words]):
                self.words += 1
                if self.words > 1:  # two in a row are no chance: no way back behind the first
                    self._scores[: self._ends[self.words - 2]] = NEVER
        return self.words

    def _passed(self, end: int) -> bool:
        return bool(self._scores[end:].max() - self._scores[:end].max() >= SURE)
