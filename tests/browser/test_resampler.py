"""The worklet that takes the microphone to 16 kHz, run by a real browser."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, Playwright

from tests.browser.driver import open_browser
from tests.site import ROOT

RENDER = """async ({rate, hertz, maxSeconds, stopAt}) => {
  const context = new OfflineAudioContext(1, 2 * rate, rate);
  await context.audioWorklet.addModule("/js/recorder-worklet.js");
  const node = new AudioWorkletNode(context, "recorder", {processorOptions: {maxSeconds}});
  const tone = new OscillatorNode(context, {frequency: hertz});
  const half = new GainNode(context, {gain: 0.5});
  tone.connect(half).connect(node).connect(context.destination);
  tone.start();
  const frames = [];
  const ended = new Promise((resolve) => {
    node.port.onmessage = ({data}) => {
      if (data.type === "frame") frames.push([...new Int16Array(data.pcm)]);
      else resolve(data);
    };
  });
  if (stopAt) {
    context.suspend(stopAt).then(async () => {
      node.port.postMessage({type: "stop"});
      await new Promise((resolve) => setTimeout(resolve, 200));
      context.resume();
    });
  }
  await context.startRendering();
  return {frames, end: await ended};
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def page(playwright: Playwright) -> Iterator[Page]:
    """A page that can load our scripts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(ROOT / "static")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with open_browser(playwright) as browser:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_address[1]}/js/")
            yield page
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def record(
    page: Page, rate: int, hertz: float, max_s: float = 1.0, stop_at: float = 0.0
) -> tuple[list[list[int]], dict[str, object]]:
    """Frames and the last message for a tone at half of full scale."""
    wanted = {"rate": rate, "hertz": hertz, "maxSeconds": max_s, "stopAt": stop_at}
    made = page.evaluate(RENDER, wanted)
    return made["frames"], made["end"]


def spectrum(frames: list[list[int]]) -> NDArray[np.float64]:
    """Amplitude by hertz of the middle half second, 1 for a full-scale tone; one bin is 2 Hz."""
    samples = np.concatenate(frames)[4000:12000] / 32767
    window = np.hanning(len(samples))
    return np.abs(np.fft.rfft(samples * window)) * 2 / window.sum()


def decibels(ratio: float) -> float:
    return 20 * float(np.log10(max(ratio, 1e-9)))


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000, 22_050, 16_000, 8_000])
def test_a_tone_comes_out_at_its_own_pitch_and_loudness(page: Page, rate: int) -> None:
    frames, _ = record(page, rate, 440)
    tone = spectrum(frames)
    assert 2 * int(tone.argmax()) == 440
    assert abs(decibels(tone.max() / 0.5)) < 0.2
    rest = tone.copy()
    rest[210:231] = 0
    assert decibels(rest.max() / tone.max()) < -75


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("hertz", [8_100, 10_000, 15_560])
def test_what_16_khz_cannot_hold_is_filtered_out(page: Page, rate: int, hertz: int) -> None:
    frames, _ = record(page, rate, hertz)
    assert decibels(spectrum(frames).max() / 0.5) < -70


@pytest.mark.parametrize("hertz", [100, 3_000, 6_900])
def test_speech_passes_untouched(page: Page, hertz: int) -> None:
    frames, _ = record(page, 44_100, hertz)
    assert abs(decibels(spectrum(frames).max() / 0.5)) < 0.3


def test_every_frame_is_100_ms_and_the_limit_is_announced(page: Page) -> None:
    frames, end = record(page, 44_100, 440)
    assert [len(frame) for frame in frames] == [1600] * 10
    assert end == {"type": "end", "samples": 16_000, "limit": True}


def test_a_stop_gives_out_the_last_samples(page: Page) -> None:
    frames, end = record(page, 48_000, 440, max_s=20, stop_at=0.55)
    assert [len(frame) for frame in frames[:5]] == [1600] * 5
    assert end["limit"] is False
    assert end["samples"] == sum(map(len, frames))
    assert 0.549 < sum(map(len, frames)) / 16_000 < 0.556
