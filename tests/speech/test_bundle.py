"""The three bundles that ship: written anew they come out the same; what is amiss is named."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from speech import bundle, narrator, paraphraser, thresholds
from speech.bundle import WEIGHTS
from speech.errors import SpeechError
from speech.judge import bundle as of_engine
from speech.narrator import bundle as of_narrator
from speech.paraphraser import bundle as of_paraphraser
from speech.thresholds import CONFIG

# By the folder: what reads it, and the part of its config that has the symbols.
PARTS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "listener": (of_engine.load, "listener"),
    "narrator": (of_narrator.load, "generator"),
    "paraphraser": (of_paraphraser.load, "paraphraser"),
}


def config_of(folder: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    return config


def copied(name: str, folder: Path) -> Path:
    return Path(shutil.copytree(thresholds.BUNDLES / name, folder / "changed"))


def write(folder: Path, config: Any) -> None:
    (folder / CONFIG).write_text(json.dumps(config), encoding="utf-8")


def facts(config: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: config[name] for name in names}


def engine_again(folder: Path, config: dict[str, Any]) -> str:
    listener, heads, points, _, stress = of_engine.load()
    ordered = {prior: points[prior] for prior in config["thresholds"]}
    told = facts(config, "licence", "attributions", "training")
    text_head = of_engine.load_text_head()
    return of_engine.save(folder, listener, heads, text_head, stress, ordered, told)


def narrator_again(folder: Path, config: dict[str, Any]) -> str:
    generator, vocoder, tuning, _ = of_narrator.load()
    told = facts(config, "training", "style")
    return of_narrator.save(folder, generator, vocoder, tuning, told)


def paraphraser_again(folder: Path, config: dict[str, Any]) -> str:
    net, _ = of_paraphraser.load()
    return of_paraphraser.save(folder, net, config["training"])


@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("listener", engine_again),
        ("narrator", narrator_again),
        ("paraphraser", paraphraser_again),
    ],
)
def test_a_shipped_bundle_written_anew_is_the_same_byte_for_byte(
    name: str, again: Callable[[Path, dict[str, Any]], str], tmp_path: Path
) -> None:
    shipped = thresholds.BUNDLES / name
    config = config_of(shipped)
    assert again(tmp_path / "new", config) == config["version"] == thresholds.version(shipped)
    for file in (CONFIG, WEIGHTS):
        assert (tmp_path / "new" / file).read_bytes() == (shipped / file).read_bytes()


def test_who_speaks_judges_and_paraphrases_tells_the_version_of_its_bundle() -> None:
    assert narrator.version() == config_of(thresholds.NARRATOR)["version"]
    assert of_engine.load().version == thresholds.version()
    assert paraphraser.Paraphraser.load().version == config_of(of_paraphraser.DEFAULT)["version"]


@pytest.mark.parametrize("name", PARTS)
def test_parts_that_do_not_belong_together_are_named(name: str, tmp_path: Path) -> None:
    load, part = PARTS[name]
    changed = copied(name, tmp_path)
    config = config_of(changed)
    weights = (changed / WEIGHTS).read_bytes()

    (changed / WEIGHTS).write_bytes(weights[:-1] + b"\0")
    with pytest.raises(SpeechError, match="bad_bundle: weights.safetensors is not the file"):
        load(changed)
    (changed / WEIGHTS).write_bytes(weights)

    symbols = config[part]["symbols"]
    swapped = [symbols[0], symbols[2], symbols[1], *symbols[3:]]
    write(changed, config | {part: config[part] | {"symbols": swapped}})
    with pytest.raises(SpeechError, match="bad_bundle: .* inventory"):
        load(changed)

    write(changed, config | {part: config[part] | {"width": 3}})
    with pytest.raises(SpeechError, match="bad_bundle: config.json is not a bundle's: .*width"):
        load(changed)

    (changed / WEIGHTS).unlink()
    with pytest.raises(SpeechError, match="bad_bundle: .*No such file"):
        load(changed)


@pytest.mark.parametrize("config", [[], {}, "text", None, {"weights_sha256": 3}])
@pytest.mark.parametrize("name", PARTS)
def test_a_config_of_something_else_is_refused(name: str, config: Any, tmp_path: Path) -> None:
    changed = copied(name, tmp_path)
    write(changed, config)
    with pytest.raises(SpeechError, match="bad_bundle"):
        PARTS[name][0](changed)


@pytest.mark.parametrize(
    ("part", "field", "value", "said"),
    [
        ("listener", "hidden", 64, "weights.safetensors and config.json"),
        ("head", "members", 1, "weights.safetensors and config.json"),
        ("thresholds", "spanish", None, "spanish"),
    ],
)
def test_a_bundle_whose_config_does_not_fit_says_where(
    tmp_path: Path, part: str, field: str, value: int | None, said: str
) -> None:
    changed = copied("listener", tmp_path)
    config = config_of(changed)
    if value is None:
        del config[part][field]
    else:
        config[part][field] = value
    write(changed, config)
    with pytest.raises(SpeechError, match=said):
        of_engine.load(changed)


def test_matrices_of_a_small_bundle_come_back_within_half_a_step(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = torch.nn.Conv1d(5, 7, 3)
    with torch.no_grad():
        net.weight[3] = 0  # a row of nothing
        net.weight[4] *= 50
    bundle.write(tmp_path, {"net.": net}, {"net": {"symbols": ["a"]}}, small=True)
    _, tensors = bundle.read(tmp_path, "net", ("a",))
    steps = net.weight.abs().amax((1, 2)) / 127
    wrong = (tensors["net.weight"] - net.weight).abs().amax((1, 2))
    assert (wrong <= 0.52 * steps + 2.0**-15).all()
    assert torch.equal(tensors["net.bias"], net.state_dict()["bias"].half().float())
    assert (tmp_path / WEIGHTS).stat().st_size < 600
