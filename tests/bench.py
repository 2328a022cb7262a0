"""Speed, measured: `python -m tests.bench [--only voice] [--json]` (also `make bench`).

`voice`: seconds from the end of speech (the last frame sent) to the feedback on the page, through
the real socket of the one-process server, for one learner and for 20 who finish at the same moment;
the seconds from the frame that decides that a word was read to the page's being told so, with 50
learners reading at once; and the real-time factor of the engine on one thread beside
PocketSphinx's allphone on the same takes. `pages`: tests.bench_pages. `phone`: tests.bench_phone.
"""

from __future__ import annotations

import argparse
import asyncio
import http.cookiejar
import json
import re
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np

from tests import bench_pages, bench_phone
from tests.pages import far_page
from tests.site import Site
from tests.voices import FRAME, Voice, learners

ONE_TAKES, MANY, MANY_TAKES = 20, 20, 3
LIVE = 50
WRITE = "from tests.lessons import exercise; print(*(exercise(text).pk for text in {texts!r}))"


def visitor(url: str) -> str:
    """Somebody who has said that an adult will speak; their cookies."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{url}/quien-habla/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, "no form on the page"
    form = {"csrfmiddlewaretoken": token[1], "kind": "adult"}
    opener.open(f"{url}/quien-habla/", urllib.parse.urlencode(form).encode()).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def exercise(url: str) -> int:
    """The first exercise of a lesson with the recorder, as its page names it."""
    page = urllib.request.urlopen(f"{url}/leccion/seis-sonidos/").read().decode()
    found = re.search(r'data-exercise="(\d+)"', page)
    assert found, "no exercise in the lesson"
    return int(found[1])


async def feedback_after(url: str, cookie: str, number: int, voice: Voice, start: float) -> float:
    """Speak in real time from `start` on; seconds from the last frame to the feedback."""
    async with far_page(url, cookie) as page:
        await page.start(number)
        await page.hear("ready")
        first = 0
        for at in range(0, len(voice.pcm), FRAME):
            wait = start + (first + 1) / 10 - time.monotonic()
            await asyncio.sleep(max(0.0, wait))
            first = await page.send(voice.pcm[at : at + FRAME], first)
        ended = time.monotonic()
        await page.say("stop", frames=first)
        await page.hear("feedback")
        return time.monotonic() - ended


async def waits(url: str, voice: Voice) -> dict[str, list[float]]:
    number = exercise(url)
    cookies = [visitor(url) for _ in range(MANY)]
    await feedback_after(url, cookies[0], number, voice, time.monotonic())  # warm
    one = [
        await feedback_after(url, cookies[0], number, voice, time.monotonic())
        for _ in range(ONE_TAKES)
    ]
    many: list[float] = []
    for _ in range(MANY_TAKES):
        start = time.monotonic() + 0.5
        together = (feedback_after(url, cookie, number, voice, start) for cookie in cookies)
        many += await asyncio.gather(*together)
    return {"one": one, "many": many}


async def read_live(
    url: str, cookie: str, number: int, voice: Voice, start: float
) -> tuple[list[float], list[tuple[int, float]]]:
    """When each frame went out, in real time from `start` on, and each number of words came."""
    sent: list[float] = []
    told: list[tuple[int, float]] = []
    async with far_page(url, cookie) as page:

        async def listen() -> None:
            while True:
                words = (await page.hear("progress"))["words"]
                told.append((words, time.monotonic()))

        await page.start(number)
        await page.hear("ready")
        listening = asyncio.create_task(listen())
        for at in range(0, len(voice.pcm), FRAME):
            await asyncio.sleep(max(0.0, start + (len(sent) + 1) / 10 - time.monotonic()))
            sent.append(time.monotonic())
            await page.send(voice.pcm[at : at + FRAME], len(sent) - 1)
        await asyncio.sleep(1)
        listening.cancel()
        await page.say("cancel")
    return sent, told


async def live_delays(url: str, voices: list[Voice], numbers: list[int]) -> list[float]:
    """Of every word told, with all voices read at the same time."""
    cookies = [visitor(url) for _ in voices]
    await read_live(url, cookies[0], numbers[0], voices[0], time.monotonic())  # warm
    start = time.monotonic() + 3
    found = await asyncio.gather(
        *(
            read_live(url, cookie, number, voice, start + at / len(voices) / 10)
            for at, (cookie, number, voice) in enumerate(zip(cookies, numbers, voices, strict=True))
        )
    )
    delays = []
    for voice, (sent, told) in zip(voices, found, strict=True):
        read = words_read(voice)
        for words, when in told:
            decided = next((at for at, count in enumerate(read) if count >= words), len(read) - 1)
            delays.append(when - sent[decided])
    return delays


def words_read(voice: Voice) -> list[int]:
    """How many words have been read after every frame, by one stream alone."""
    from speech import audio, criterion
    from speech.judge import bundle
    from speech.listener.follow import Follower
    from speech.listener.live import Stream, step

    listener = bundle.load().listener
    usual = [word.pronunciations[0] for word in criterion.build(voice.text).words]
    follower, stream, read = Follower(usual), Stream(listener), []
    for at in range(0, len(voice.pcm), FRAME):
        stream.add(audio.from_pcm16(voice.pcm[at : at + FRAME]))
        for log_probs in step(listener, [stream]).values():
            follower.feed(log_probs)
        read.append(follower.words)
    return read


def longest(voices: list[Voice], count: int) -> list[Voice]:
    """The longest ones, all with silence up to the same length."""
    chosen = sorted(voices, key=lambda voice: voice.seconds)[-count:]
    most = len(chosen[-1].pcm)
    return [Voice(voice.text, voice.pcm.ljust(most, b"\0")) for voice in chosen]


def real_time_factors(voices: list[Voice]) -> dict[str, float]:
    """Seconds spent a second of audio, one thread each."""
    from speech import criterion
    from speech.engine import Engine
    from speech.recipes.phonetic_rnnt.predict import Take, line
    from speech.recipes.phonetic_rnnt.sphinx import Allphone

    engine, allphone = Engine.load(threads=1), Allphone()
    spent = {"engine": 0.0, "pocketsphinx": 0.0}
    seconds = 0.0
    for voice in voices:
        samples = np.frombuffer(voice.pcm, "<i2").astype(np.float32) / 32768
        asked = criterion.build(voice.text).words
        words = [list(word.pronunciations[0]) for word in asked]
        stress = [word.stress_of(word.pronunciations[0]) for word in asked]
        keys = [(w, p) for w, phones in enumerate(words) for p in range(len(phones))]
        spent["engine"] += float(line(engine, Take("", words, keys, stress), samples)["spent_s"])
        before = time.perf_counter()
        allphone.phones(samples)
        spent["pocketsphinx"] += time.perf_counter() - before
        seconds += voice.seconds
    return {name: value / seconds for name, value in spent.items()}


def measure() -> dict[str, Any]:
    voices = learners(40)
    three = min(voices, key=lambda v: abs(v.seconds - 3.0))
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), DEBUG="0", LOG_LEVEL="WARNING")
        try:
            site.manage("migrate")
            site.manage("collectstatic", "--noinput")
            site.manage("load_course")
            node = site.one_process()
            time.sleep(8)  # the engine warms up behind the first page
            found = asyncio.run(waits(node.url, three))
            readers = longest(learners(4 * LIVE), LIVE)
            code = WRITE.format(texts=[voice.text for voice in readers])
            numbers = site.manage("shell", "--no-imports", "-c", code).split()
            found["live"] = asyncio.run(live_delays(node.url, readers, [*map(int, numbers)]))
        finally:
            site.close()
    out: dict[str, Any] = {"take_s": round(three.seconds, 2)}
    for name, values in found.items():
        p50, p95 = np.quantile(values, (0.5, 0.95))
        out[name] = {"count": len(values), "p50_s": round(p50, 3), "p95_s": round(p95, 3)}
    out["rtf"] = {k: round(v, 4) for k, v in real_time_factors(voices).items()}
    return out


def tell(found: dict[str, Any]) -> None:
    print(f"end of speech to feedback, a take of {found['take_s']} s:")
    for name, label in (("one", "one learner"), ("many", f"{MANY} learners at once")):
        row = found[name]
        print(f"  {label:22} p50 {row['p50_s']:.3f} s  p95 {row['p95_s']:.3f} s", end="")
        print(f"  ({row['count']} takes, none lost)")
    row = found["live"]
    print(f"from sound to a word lit, {LIVE} learners reading at once:")
    print(f"  p50 {row['p50_s']:.3f} s  p95 {row['p95_s']:.3f} s  ({row['count']} times)")
    print("real-time factor, one thread:")
    for name, value in found["rtf"].items():
        print(f"  {name:22} {value:.4f}")


PARTS = {
    "voice": (measure, tell),
    "pages": (bench_pages.measure, bench_pages.tell),
    "phone": (bench_phone.measure, bench_phone.tell),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append", help="default: all of them")
    options = parser.parse_args()
    found = {}
    for name in options.only or PARTS:
        measured, told = PARTS[name]
        found[name] = measured()
        if not options.json:
            told(found[name])
    if options.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
