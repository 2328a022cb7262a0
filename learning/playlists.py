"""A long text sentence by sentence: a page begins with the first while the next is made."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from learning import narration, voice
from learning.voice import STAND_IN, TIMES, Passage

Url = Callable[[int, str], str]  # of a sentence, in a kind of file


def playlist(passage: Passage, url: Url) -> dict[str, Any]:
    """What a player needs of each sentence; a worker begins with those that are not there.

    `url` is of the Ogg file; the page asks for .mp3 instead where no Ogg is played. `seconds` and
    `words` are null until a sentence is made: its `times` waits for them. Raises SpeechError for a
    text that cannot be said.
    """
    assert isinstance(passage.said, str)
    passage.check()
    parts = voice.sentences(passage.said)
    own = voice.current()
    if own is not STAND_IN and not own.has(passage):
        narration.ask(passage)
    told = [
        {
            "at": at,
            "to": to,
            "url": url(number, "ogg"),
            "times": url(number, TIMES),
            **_known(passage, None if len(parts) == 1 else number),
        }
        for number, (at, to) in enumerate(parts)
    ]
    return {"voice": own.name, "style": passage.style, "sentences": told}


def _known(passage: Passage, part: int | None) -> dict[str, Any]:
    data = voice.current().kept(passage, TIMES, part)
    found = json.loads(data) if data else {}
    return {"seconds": found.get("seconds"), "words": found.get("words")}
