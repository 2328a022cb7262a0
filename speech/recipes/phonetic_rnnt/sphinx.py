"""PocketSphinx's `allphone` with its own English models: the yardstick of free decoding."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from speech.phones import ENGLISH


class Allphone:
    """A decoder over phones; needs the `pocketsphinx` package (development only)."""

    def __init__(self) -> None:
        import pocketsphinx

        folder = Path(pocketsphinx.get_model_path("en-us"))
        self.decoder = pocketsphinx.Decoder(
            hmm=str(folder / "en-us"),
            allphone=str(folder / "en-us-phone.lm.bin"),
            lm=None,
            dict=None,
            lw=2.0,
            pip=0.3,
            beam=1e-20,
            pbeam=1e-20,
            loglevel="FATAL",
        )

    def phones(self, samples: np.ndarray) -> list[str]:
        """(N,) float32 at 16 kHz -> the phones heard, silences and noises left out."""
        pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
        self.decoder.start_utt()
        self.decoder.process_raw(pcm, full_utt=True)
        self.decoder.end_utt()
        return [s.word for s in self.decoder.seg() or () if s.word in ENGLISH]
