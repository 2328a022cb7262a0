"""`manage.py narrate_course`: the voice of the whole course and shelf, made before anybody asks."""

import multiprocessing
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from learning import narration, narration_ahead, narration_report, narration_texts, voice
from learning.voice import STAND_IN, Passage
from speech import narrator

NICE = 10


class Command(BaseCommand):
    help = (
        "Says every word, example, sentence, pair, tip and page of published lessons and books. "
        "What is there already stays; stop it when you like, it goes on from there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", action="store_true", help="print the texts, one a line")
        parser.add_argument("--status", action="store_true", help="who speaks, how much is there")
        parser.add_argument("--prune", action="store_true", help="delete what old voices said")
        parser.add_argument("--workers", type=int, default=1, help="processes, 1")
        parser.add_argument("--limit", type=int, help="stop after so many")

    def handle(self, *args: Any, **options: Any) -> None:
        passages = narration_texts.everything()
        if options["list"]:
            texts = (each.said for each in passages if isinstance(each.said, str))
            self.stdout.write("\n".join(dict.fromkeys(" ".join(text.split()) for text in texts)))
        elif options["status"]:
            self._tell()
        elif options["prune"]:
            self.stdout.write(f"{narration_ahead.prune(passages)} files deleted")
        else:
            self._make(narration_ahead.missing(passages)[: options["limit"]], options["workers"])
            self._tell()

    def _make(self, passages: list[Passage], workers: int) -> None:
        """Raises CommandError where our voice does not load, or something could not be said."""
        if voice.current() is not STAND_IN and narrator.own(Path(settings.NARRATOR_BUNDLE)) is None:
            raise CommandError(f"{settings.NARRATOR_BUNDLE} does not load, see the log")
        done = _made(passages, max(1, workers))
        bar = tqdm(done, total=len(passages), unit="text", file=self.stderr, mininterval=0.5)
        if failed := sum(not made for made in bar):
            raise CommandError(f"{failed} could not be said, see the log")

    def _tell(self) -> None:
        """What admin's page of the voice shows."""
        report = narration_report.report()
        found = report.status
        size = narration_ahead.size(found.voice)
        files = f"{found.files} files" + ("" if size is None else f", {size / 1e6:.1f} MB")
        self.stdout.write(f"{found.voice.name}: {found.made} of {found.passages} made, {files}")
        for kind, count in report.kinds.items():
            self.stdout.write(f"{kind}: {count.made} of {count.passages}")


def _made(passages: list[Passage], workers: int) -> Iterator[bool]:
    if workers == 1:
        yield from map(narration.made, passages)
        return
    # torch must not be loaded before a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, os.nice, (NICE,)) as pool:
        yield from pool.map(narration.made, passages, chunksize=4)
