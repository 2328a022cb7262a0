"""A bundle: weights, config and model card in one folder, loaded and verified together.

What all bundles share. What each holds: `speech/judge/bundle.py` (with the listener),
`speech/narrator/bundle.py`, `speech/paraphraser/bundle.py`; none needs training code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import safetensors.torch
import torch
from torch import Tensor, nn

from speech.errors import SpeechError
from speech.phones import SYMBOLS
from speech.thresholds import CONFIG

Module = TypeVar("Module", bound=nn.Module)
WEIGHTS = "weights.safetensors"
SCALE = ".scale"  # at the end of a name: of a matrix in int8
LARGEST = 127
LEAST_SCALE = 2.0**-14  # the least that float16 holds in full


def read(
    folder: Path, part: str, symbols: tuple[str, ...] = SYMBOLS
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Config and weights (float32) that belong together; `part` of the config has these symbols.

    Raises SpeechError `bad_bundle`, which says what disagrees.
    """
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        raw = (folder / WEIGHTS).read_bytes()
    except (OSError, ValueError) as error:
        raise SpeechError("bad_bundle", str(error)) from error
    with understood():
        if hashlib.sha256(raw).hexdigest() != config["weights_sha256"]:
            raise SpeechError("bad_bundle", f"{WEIGHTS} is not the file that {CONFIG} describes")
        if tuple(config[part]["symbols"]) != symbols:
            raise SpeechError("bad_bundle", f"the symbols of {part} are not this inventory")
    return config, _unpacked(safetensors.torch.load(raw))


@contextmanager
def understood() -> Iterator[None]:
    """Around the use of a config: what it lacks or has too much is SpeechError `bad_bundle`."""
    try:
        yield
    except (KeyError, TypeError) as error:
        raise SpeechError("bad_bundle", f"{CONFIG} is not a bundle's: {error!r}") from error


def sizes(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part of a config as the fields of its dataclass, which has tuples where JSON has lists."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in part.items()}


def filled(module: Module, prefix: str, tensors: Mapping[str, Tensor]) -> Module:
    """The module with its weights, those under `prefix`, for use. Raises SpeechError."""
    own = {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
    try:
        module.load_state_dict(own)
    except RuntimeError as error:
        raise SpeechError("bad_bundle", f"{WEIGHTS} and {CONFIG}: {error}") from error
    return module.eval()


def write(
    folder: Path,
    modules: Mapping[str, nn.Module],
    config: Mapping[str, Any],
    settings: Any = None,
    *,
    small: bool = False,
) -> str:
    """Write weights (float16; matrices as int8 where `small`), by prefix, and config.

    Returns the version, a hash of the weights, with `settings` (as JSON) where they too decide what
    the bundle does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        f"{prefix}{name}": tensor
        for prefix, module in modules.items()
        for name, tensor in module.state_dict().items()
    }
    packed = _packed(tensors) if small else {n: t.half() for n, t in tensors.items()}
    raw = safetensors.torch.save({name: each.contiguous() for name, each in packed.items()})
    (folder / WEIGHTS).write_bytes(raw)
    digest = decides = hashlib.sha256(raw).hexdigest()
    if settings is not None:
        together = json.dumps([digest, settings], sort_keys=True)
        decides = hashlib.sha256(together.encode()).hexdigest()
    told = {"version": decides[:12], "weights_sha256": digest, **config}
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    (folder / CONFIG).write_text(text, encoding="utf-8")
    return decides[:12]


def _packed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Matrices in whole numbers of a scale for each of their rows, beside them; else float16."""
    out = {}
    for name, tensor in tensors.items():
        if tensor.dim() < 2:
            out[name] = tensor.half()
            continue
        rows = tensor.flatten(1)
        scale = (rows.abs().amax(1) / LARGEST).clamp_min(LEAST_SCALE).half()
        whole = (rows / scale.float()[:, None]).round().clamp(-LARGEST, LARGEST)
        out[name] = whole.to(torch.int8).view_as(tensor)
        out[name + SCALE] = scale
    return out


def _unpacked(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """All in float32."""
    out = {name: each.float() for name, each in tensors.items() if not name.endswith(SCALE)}
    for name in out:
        if (scale := tensors.get(name + SCALE)) is not None:
            out[name] *= scale.float().view(-1, *[1] * (out[name].dim() - 1))
    return out
