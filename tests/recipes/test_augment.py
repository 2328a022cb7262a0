"""Another speaker says the same at the same times."""

import random

import torch
from torchaudio.functional import detect_pitch_frequency

from speech import audio, espeak
from speech.recipes.phonetic_rnnt.augment import F0_HZ, voice


def speech(text: str) -> torch.Tensor:
    wave, rate = espeak.synthesise(text, "en-us")
    return torch.from_numpy(audio.resample(wave, rate))


def pitch(samples: torch.Tensor) -> float:
    return float(detect_pitch_frequency(samples, audio.RATE, freq_low=70, freq_high=500).median())


def loudness(samples: torch.Tensor) -> torch.Tensor:
    """dB of every 50 ms."""
    blocks = samples[: len(samples) // 800 * 800].reshape(-1, 800)
    return 10 * (blocks.square().mean(1) + 1e-7).log10()


def test_another_voice_has_another_pitch_and_the_same_times() -> None:
    samples = speech("a yellow moon over the river")
    heights = []
    for seed in range(6):
        out = voice(samples, random.Random(seed))
        assert out.shape == samples.shape and out.isfinite().all()
        both = torch.stack([loudness(samples), loudness(out)])
        assert torch.corrcoef(both)[0, 1] > 0.8
        heights.append(pitch(out))
    assert max(heights) / min(heights) > 1.5
    assert all(0.7 * F0_HZ[0] < height < 1.4 * F0_HZ[1] for height in heights)


def test_what_has_no_voice_stays_as_it_is() -> None:
    silence = torch.zeros(8000)
    assert torch.equal(voice(silence, random.Random(1)), silence)
