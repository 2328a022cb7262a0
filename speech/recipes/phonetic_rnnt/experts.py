"""What the five experts said of every take of a folder."""

from __future__ import annotations

from pathlib import Path

from speech.recipes.phonetic_rnnt.corpora import rows

GOOD = 9.0  # accuracy from which a take is well said
CHILD_UNDER = 13  # years


class Experts:
    """Mean scores by take: phones 0..2 and words 0..10 in file order, and utterances.tsv's row.

    `words` has their accuracy, `stress` that of their stress, where the file has it.
    """

    def __init__(self, folder: Path) -> None:
        self.phones: dict[str, list[float]] = {}
        self.words: dict[str, dict[int, float]] = {}
        self.stress: dict[str, dict[int, float]] = {}
        for row in rows(folder / "phones.tsv"):
            self.phones.setdefault(row["utt_id"], []).append(float(row["score"]))
        for row in rows(folder / "words.tsv"):
            words = self.words.setdefault(row["utt_id"], {})
            words[int(row["word_index"])] = float(row["accuracy"])
            if "stress" in row:
                stress = self.stress.setdefault(row["utt_id"], {})
                stress[int(row["word_index"])] = float(row["stress"])
        self.takes = {row["utt_id"]: row for row in rows(folder / "utterances.tsv")}

    def accuracy(self, take: str) -> float:
        """Of the whole take, 0..10."""
        return float(self.takes[take]["accuracy"])

    def good(self, take: str) -> bool:
        return self.accuracy(take) >= GOOD

    def child(self, take: str) -> bool:
        return int(self.takes[take]["age"]) < CHILD_UNDER
