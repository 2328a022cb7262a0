"""The whole recipe in small, by its command: it learns by heart, goes on, and ships."""

import json
import re

import numpy as np
import pytest
import torch

from speech import audio, criterion
from speech.criterion import PRIORS
from speech.engine import Engine
from speech.phones import SYMBOLS
from speech.recipes.phonetic_rnnt import planted
from speech.recipes.phonetic_rnnt.corpora import rows
from tests.recipes.small import Run, run_tiny


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_tiny("phonetic_rnnt", tmp_path_factory.mktemp("tiny"))


def test_the_listener_learns_its_own_takes_by_heart(run: Run) -> None:
    losses = list(run.figures["loss"].values())
    assert losses[-1] < 0.7 * losses[0]
    assert run.figures["takes"] >= 20
    assert run.figures["per"]["ctc"] <= 0.10
    assert run.figures["per"]["transducer"] <= 0.40


def test_training_goes_on_where_it_was(run: Run) -> None:
    first, second = run.figures["steps"]
    steps = [int(step) for step in re.findall(r"^base step (\d+)", run.log, re.M)]
    assert steps == list(range(100, second + 1, 100))  # none of them twice
    assert 100 <= first < second
    # A model begun anew would be back at the loss of the first hundred steps.
    assert run.figures["loss"][str(first // 100 * 100 + 100)] < 0.95 * run.figures["loss"]["100"]


def test_every_stage_left_its_file(run: Run) -> None:
    work = run.folder / "work"
    cuts = json.loads((work / "cuts.json").read_text())
    assert sum(map(len, cuts.values())) > len(cuts) > 20
    manifest = [json.loads(line) for line in (work / "manifest.jsonl").read_text().splitlines()]
    assert {u["source"] for u in manifest} == {
        "so", "lj", "gc_es", "gc_en", "flite", "syn_es", "syn_en", "mix",
    }  # fmt: skip
    choices = {u["id"]: u["choices"] for u in manifest}
    chosen = json.loads((work / "labels.json").read_text())
    assert chosen
    for name, words in chosen.items():
        assert all(said in of for said, of in zip(words, choices[name], strict=True))
    assert run.figures["thresholds"].keys() == set(PRIORS)
    for thresholds in run.figures["thresholds"].values():
        assert 0 < thresholds["unsure"] <= thresholds["red"] <= 1
        assert thresholds["skipped"] >= 1 and thresholds["extra"] >= 1
    takes = {row["utt_id"] for row in rows(run.folder / "data/speechocean762/utterances.tsv")}
    lines = [json.loads(line) for line in (run.folder / "verdicts.jsonl").read_text().splitlines()]
    assert {line["utt_id"] for line in lines} == takes
    told = [word["stress"] for line in lines for word in line["words"] if word["stress"]]
    assert {stress["expected"] for stress in told} == {0, 1}  # RABbit, hoTEL
    assert all(0 <= stress["p_wrong"] <= 1 for stress in told)
    assert "$ evaluate" in run.log and '"per_good"' in run.log


def test_a_phone_scored_low_is_never_trained_toward_itself(run: Run) -> None:
    low = {
        (row["utt_id"], row["phone"])
        for row in rows(run.folder / "data/speechocean762/phones.tsv")
        if float(row["score"]) < 1
    }
    manifest = (run.folder / "work/manifest.jsonl").read_text().splitlines()
    marked = {
        (u["id"], label[:-1])
        for u in map(json.loads, manifest)
        for label in u["labels"]
        if label.endswith("!")
    }
    assert marked == low
    assert re.search(r"labels changed by alignment: [1-9]", run.log)


def test_the_spanish_head_learns_from_plants_of_training_speakers(run: Run) -> None:
    plants = planted.learnable(run.folder / "data")
    assert plants and {plant.part for plant in plants} == {"train"}
    assert {plant.pair for plant in plants} >= {("IH", "IY"), ("IY", "IH")}
    assert re.search(r"IH +\d+ failures, rate 0\.\d\d: ", run.log)
    state = torch.load(run.folder / "work/all_t_head.pt", weights_only=True)
    corpus, spanish = (state["heads"][prior]["members.0.phone.bias"] for prior in PRIORS)
    assert not torch.equal(corpus, spanish)


def test_the_bundle_scores_a_take(run: Run) -> None:
    state = torch.load(run.folder / "work/all_t.pt", weights_only=True)
    engine = Engine.load(run.folder / "bundle")
    assert engine.listener.config.hidden == state["config"]["hidden"] == 64
    for prior in PRIORS:
        red = run.figures["thresholds"][prior]["red"]
        assert engine.thresholds[prior].red == pytest.approx(red)
    folder = run.folder / "data/speechocean762"
    row = next(row for row in rows(folder / "utterances.tsv") if " " in row["text"])
    samples = audio.load(folder / "audio" / f"{row['utt_id']}.opus")
    finding = engine.score(samples, criterion.build(row["text"].lower()))
    assert [word.word for word in finding.words] == row["text"].lower().split()
    assert set(finding.heard) <= set(SYMBOLS)
    assert finding.model == engine.version
    assert np.isfinite(finding.accuracy)
