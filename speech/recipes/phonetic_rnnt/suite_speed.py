"""How fast and how heavy a bundle is: streams, whole takes, many live takes at once, the files."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from speech.engine import Engine
from speech.listener import live
from speech.listener.features import RATE
from speech.listener.model import Listener
from speech.recipes.phonetic_rnnt.predict import Take, line, read

TIMED = 40  # takes
CHUNK = RATE // 10  # samples: what the page sends at once
MANY, MANY_S = 50, 4.0  # live takes at once, and how long each
TICK_S = 0.1  # between the steps of all live takes


def stream(model: Listener, samples: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """(N,) samples in chunks of 100 ms -> (t, V) CTC log posteriors, as a live take gives them."""
    one = live.Stream(model)
    out: list[NDArray[np.float32]] = []
    for at in range(0, len(samples), CHUNK):
        one.add(samples[at : at + CHUNK])
        out += live.step(model, [one]).values()
    return out


def partial_delays(model: Listener, takes: Sequence[NDArray[np.float32]]) -> list[float]:
    """Seconds from a chunk's arrival to the end of the step that heard it; MANY takes at once.

    Chunks come in real time, each take in its own phase; every tick one step hears what has come.
    The clock is simulated, the steps are timed: sockets come on top (tests/bench.py).
    """
    streams = [live.Stream(model) for _ in range(MANY)]
    sound = [np.resize(takes[n % len(takes)], round(MANY_S * RATE)) for n in range(MANY)]
    arrivals = sorted(
        (at / RATE + n / MANY * CHUNK / RATE, n, at - CHUNK)
        for n in range(MANY)
        for at in range(CHUNK, len(sound[n]) + 1, CHUNK)
    )
    delays, now, done = [], 0.0, 0
    while done < len(arrivals):
        first, started = done, time.perf_counter()
        while done < len(arrivals) and arrivals[done][0] <= now:
            _, n, at = arrivals[done]
            streams[n].add(sound[n][at : at + CHUNK])
            done += 1
        live.step(model, streams)
        spent = time.perf_counter() - started
        delays += [now + spent - arrived for arrived, _, _ in arrivals[first:done]]
        now += max(TICK_S, spent)
    return delays


def speed(engine: Engine, folder: Path, takes: Mapping[str, Take]) -> dict[str, dict[str, float]]:
    """Seconds spent a second of audio, one thread, by the clock and of the processor alone.

    And the delay of a partial with many takes at once, in seconds.
    """
    names = sorted(takes)[:: max(1, len(takes) // TIMED)]
    sounds = {name: read(folder, name) for name in names}
    seconds = sum(map(len, sounds.values())) / RATE
    stream(engine.listener, sounds[names[0]])  # warm
    began, busy = time.perf_counter(), time.process_time()
    for samples in sounds.values():
        stream(engine.listener, samples)
    streaming = time.perf_counter() - began
    streaming_busy, busy = time.process_time() - busy, time.process_time()
    spent = sum(line(engine, takes[name], samples)["spent_s"] for name, samples in sounds.items())
    engine_busy = time.process_time() - busy
    p50, p95 = np.quantile(partial_delays(engine.listener, list(sounds.values())), (0.5, 0.95))
    return {
        "streaming": {"clock": streaming / seconds, "processor": streaming_busy / seconds},
        "engine": {"clock": spent / seconds, "processor": engine_busy / seconds},
        "many_live": {"p50_s": float(p50), "p95_s": float(p95)},
    }


LOAD = """
import sys, time
from pathlib import Path
from speech.judge import bundle
began = time.perf_counter()
bundle.load(Path(sys.argv[1]))
print(time.perf_counter() - began)
"""


def weight(folder: Path) -> dict[str, float]:
    """MB on disk, and seconds that a fresh process takes to load it, imports done."""
    loads = [
        float(
            subprocess.run(
                [sys.executable, "-c", LOAD, str(folder)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for _ in range(3)
    ]
    return {
        "megabytes": sum(f.stat().st_size for f in folder.iterdir()) / 1e6,
        "load_s": sorted(loads)[1],
    }
