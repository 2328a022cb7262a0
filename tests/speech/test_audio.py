"""Audio comes in many forms; what holds no voice is refused by name."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from speech import audio
from speech.errors import SpeechError


def tone(rate: int, seconds: float = 1.0, hertz: float = 440.0) -> np.ndarray:
    times = np.arange(round(rate * seconds)) / rate
    return (0.3 * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg"])
@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_any_format_rate_and_stereo_come_out_as_16_khz_mono(
    tmp_path: Path, name: str, rate: int
) -> None:
    stereo = np.stack([tone(rate), tone(rate)], axis=1)
    soundfile.write(tmp_path / name, stereo, rate)
    samples = audio.load(tmp_path / name)
    assert samples.dtype == np.float32 and samples.ndim == 1
    assert abs(len(samples) - 16_000) < 40
    spectrum = np.abs(np.fft.rfft(samples[:15_000]))
    assert spectrum.argmax() * 16_000 / 15_000 == pytest.approx(440, abs=3)


def test_what_16_khz_cannot_hold_is_filtered_and_not_folded_back() -> None:
    out = audio.resample(tone(48_000, hertz=10_000), 48_000)
    middle = out[500:-500]  # at both ends the tone breaks off
    assert 20 * np.log10(np.sqrt(np.mean(middle**2)) / 0.212) < -45


def test_a_picture_is_no_audio(tmp_path: Path) -> None:
    picture = tmp_path / "take.wav"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    with pytest.raises(SpeechError, match="unreadable_audio"):
        audio.load(picture)
    with pytest.raises(SpeechError, match="unreadable_audio"):
        audio.load(tmp_path / "nothing.wav")
    with pytest.raises(SpeechError, match="unreadable_audio"):
        audio.load(b"")


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "empty.wav", np.zeros(0, np.float32), 16_000)
    with pytest.raises(SpeechError, match="empty_audio"):
        audio.load(tmp_path / "empty.wav")


@pytest.mark.parametrize(
    ("samples", "code"),
    [
        (np.zeros(0, np.float32), "empty_audio"),
        (tone(16_000, 0.05), "too_short"),
        (tone(16_000, 31), "too_long"),
        (np.zeros(16_000, np.float32), "too_quiet"),
        (tone(16_000) / 1000, "too_quiet"),
    ],
)
def test_what_cannot_be_judged_is_refused_by_name(samples: np.ndarray, code: str) -> None:
    with pytest.raises(SpeechError) as refused:
        audio.check(samples)
    assert refused.value.code == code
    assert refused.value.permanent
    assert refused.value.plain.endswith(".")


def test_a_clipped_take_is_judged_with_a_note() -> None:
    assert audio.check(np.clip(9 * tone(16_000), -1, 1)) == ("clipped",)
    assert audio.check(tone(16_000)) == ()
