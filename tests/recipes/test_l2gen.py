"""The recipe of the paraphraser in small: counts, rules, likelihoods, training, figures."""

from pathlib import Path

import numpy as np
import pytest
import torch

from speech.paraphraser import bundle, grouped
from speech.paraphraser.decode import samples
from speech.paraphraser.model import GO_ON, ParaphraserConfig, ParaphraserNet, indices
from speech.paraphraser.source import Source, Spoken, of_phones, of_words
from speech.phones import ENGLISH, INDEX, SYMBOLS
from speech.recipes.l2gen import counts, evaluate, likelihood, material, pairs, train
from speech.recipes.l2gen.pairs import Error, RealPair
from speech.recipes.l2gen.rules import Sampler

TABLE = """source	canonical	perceived	count	canonical_total
l2-arctic	Z	S	60	100
l2-arctic	AX	AA	20	200
l2-arctic	AX	-	4	200
l2-arctic	V	B	2	100
l2-arctic	ER	EH	9	100
l2-arctic	ER	AA	9	100
l2-arctic	S	TH	2	100
l2-arctic	-	EH	4
l2-arctic	-	R	9
epadb	Z	S	120
epadb	V	B	4
epadb	R	DX	20
"""
SMALL = ParaphraserConfig(
    phone=16, stress=2, place=2, letter=4, encoder=16, layers=1, action=8, decoder=24, joint=24
)
TEXTS = (
    Spoken("zoos", ("Z", "UW", "Z"), "1"),
    Spoken("the", ("DH", "AH"), "0"),
    Spoken("stop", ("S", "T", "AA", "P"), "1"),
    Spoken("seven", ("S", "EH", "V", "AH", "N"), "10"),
)


@pytest.fixture(scope="module")
def rates(tmp_path_factory: pytest.TempPathFactory) -> counts.Rates:
    table = tmp_path_factory.mktemp("l2gen") / "confusions.tsv"
    table.write_text(TABLE)
    # R's total is not in the table: what only EpaDB lists needs one.
    table.write_text(TABLE + "l2-arctic	R	W	2	200\n")
    return counts.rates(table)


@pytest.fixture(scope="module")
def corpus() -> list[Source]:
    return [of_words(TEXTS), of_words(TEXTS[::-1])] * 3


@pytest.fixture(scope="module")
def sampler(rates: counts.Rates, corpus: list[Source]) -> Sampler:
    return Sampler(corpus, rates)


def test_rates_are_the_counts_over_the_totals(rates: counts.Rates) -> None:
    assert rates.said["Z"][("S",)] == pytest.approx(0.6)
    # EpaDB's totals are L2-ARCTIC's times 2: of Z and V, (120 + 4) for (60 + 2).
    assert rates.said["V"][("B",)] == pytest.approx(0.02)
    assert rates.said["R"][("es_r",)] == pytest.approx(20 / 2 / 200)
    assert rates.said["AH"][("AA",)] + rates.said["AH"][("es_a",)] == pytest.approx(0.1)
    assert rates.said["AH"][()] == pytest.approx(0.02)


def test_the_mean_over_speakers_and_contexts_is_the_counted_rate(
    sampler: Sampler, rates: counts.Rates, corpus: list[Source]
) -> None:
    rng = np.random.default_rng(5)
    drawn = sampler.habits(3000, rng)
    said = sampler.say(corpus[0], drawn, rng)
    of_z = [speaker[at][-1:] for speaker in said for at in (0, 2)]
    assert np.mean([s == ("S",) for s in of_z]) == pytest.approx(0.6, abs=0.05)
    first, last = (np.mean([s[at][-1:] == ("S",) for s in said]) for at in (0, 2))
    assert last > first + 0.05  # a final z is devoiced


def test_errors_of_one_speaker_hang_together(sampler: Sampler) -> None:
    rng = np.random.default_rng(6)
    source = of_words(TEXTS[:1])
    said = sampler.say(source, sampler.habits(3000, rng), rng)
    one, two = (np.array([s[at][-1:] == ("S",) for s in said]) for at in (0, 2))
    assert np.corrcoef(one, two)[0, 1] > 0.1


def test_e_is_put_before_s_and_a_consonant(sampler: Sampler) -> None:
    rng = np.random.default_rng(7)
    said = sampler.say(of_words(TEXTS[2:]), sampler.habits(2000, rng), rng)
    before = {at: sum(s[at][0] in ("EH", "es_e") for s in said if s[at]) for at in (0, 4)}
    assert before[0] > 10 * max(1, before[4])  # 'estop', hardly 'eseven'


def test_the_chances_of_all_that_can_be_heard_sum_to_one(sampler: Sampler) -> None:
    source, at = of_phones(("Z",)), np.eye(len(SYMBOLS))
    whole = float(np.exp(likelihood.by_rules(sampler, source, np.zeros((0, len(SYMBOLS))))[0]))
    anything = np.ones((1, len(SYMBOLS))) - at[0]
    # With masks that stand for any sound, the chances of all sequences of a length at once.
    for length in range(1, 6):
        masks = np.repeat(anything, length, 0)
        whole += float(np.exp(likelihood.by_rules(sampler, source, masks)[0]))
    assert whole == pytest.approx(1, abs=1e-4)


def test_the_model_s_likelihood_is_that_of_all_alignments() -> None:
    torch.manual_seed(0)
    net = ParaphraserNet(SMALL).eval()
    source, heard = of_phones(("Z", "UW")), ("S", "es_u")
    ways = [(1, 1), (2, 0), (0, 2)]  # sounds said at each phone
    total = sum(_chance(net, source, heard, way) for way in ways)
    masks = pairs.masks(pairs.folded(heard))
    masks[1, INDEX["UW"]] = 0  # es_u alone, so that it can be counted by hand
    ahead = np.ones((3, 3))  # guides the particles, whatever it is
    generator = torch.Generator().manual_seed(1)
    found = likelihood.by_model(net, source, masks, ahead, generator, particles=4000)
    assert found == pytest.approx(np.log(total), abs=0.1)


def _chance(
    net: ParaphraserNet, source: Source, heard: tuple[str, ...], way: tuple[int, ...]
) -> float:
    cut = [heard[: way[0]], heard[way[0] :]]
    batch = train.batched([train.Item(source, tuple(tuple(c) for c in cut))])
    with torch.inference_mode():
        scores = train.log_probs(net, batch)[0]
    return float(scores[torch.arange(len(scores)), batch.actions[0]].sum().exp())


def test_errors_are_counted_where_they_are() -> None:
    found = pairs.errors(("S", "K", "UW", "L", "Z"), ("EH", "S", "K", "UW", "S"))
    assert found == {Error(0, "EH", True): 1, Error(3, "", False): 1, Error(4, "S", False): 1}
    unnamed = pairs.errors(("HH", "AE", "T"), ("ERR", "AA", "T"))
    assert unnamed == {Error(1, "AA", False): 1}
    assert pairs.folded(("es_o", "AO", "AX", "es_rr")) == ["AA", "AA", "AH", "R"]


def test_training_learns_and_ships(sampler: Sampler, corpus: list[Source], tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    items = [train.Item(source, tuple(sampler.sample(source, rng))) for source in corpus * 40]
    net = train.train(items, SMALL, 2, 0.1, sampler.rates)
    batch = train.batched(items[:64])
    with torch.inference_mode():
        scores = train.log_probs(net, batch)
    assert float(train.likelihood_loss(scores, batch)) < 0.6
    version = bundle.save(tmp_path, net, {})
    shipped, told = bundle.load(tmp_path)
    assert told == version
    assert shipped.config == SMALL
    source = corpus[0]
    drawn = samples(shipped, source, 200, torch.Generator().manual_seed(0))
    devoiced = np.mean([said[2][-1:] == ("S",) for said in drawn])
    assert 0.4 < devoiced < 0.85
    pair = RealPair("me", "one", tuple(s.phone for s in source), ("S", *_rest(source)))
    found = evaluate.evaluate(shipped, None, sampler, [pair])
    assert 0 <= found["found.full"].value <= 1
    assert found["distinct.full"].value == evaluate.N
    assert np.isfinite(found["nats.model"].value)


def _rest(source: Source) -> tuple[str, ...]:
    return tuple(slot.phone for slot in source[1:])


def test_the_preference_loss_favours_the_listed(rates: counts.Rates) -> None:
    preferred = train.preferences(rates)
    listed, unlisted = preferred
    assert listed[INDEX["Z"], INDEX["S"]] and not unlisted[INDEX["Z"], INDEX["S"]]
    assert unlisted[INDEX["Z"], INDEX["M"]] and not listed[INDEX["Z"], INDEX["Z"]]
    assert listed[INDEX["AH"], GO_ON]  # it is left out at times
    batch = train.batched([train.Item(of_phones(("Z",)), (("Z",),))])
    even = torch.full((1, 2, len(SYMBOLS)), -4.0)
    better, worse = even.clone(), even.clone()
    better[..., INDEX["S"]] = worse[..., INDEX["M"]] = -1.0
    losses = [train.preference_loss(f, batch, preferred) for f in (better, even, worse)]
    assert losses == sorted(losses) and losses[0] < losses[1] < losses[2]


def test_sources_hold_no_phone_that_is_not_english() -> None:
    assert set(indices(of_phones(ENGLISH))[:, 0].tolist()) == {INDEX[p] for p in ENGLISH}


def test_items_to_be_voiced_are_said_word_by_word() -> None:

    def say(words: material.Words, speaker: int) -> list[list[str]]:
        source = of_words(words)
        said: list[tuple[str, ...]] = [(slot.phone,) for slot in source]
        said[0] = ("es_e", "S")
        return [list(word) for word in grouped(source, said)]

    one, two = material.paraphrases([TEXTS[:1], TEXTS[2:]], say, "hand")
    assert one["said"] == [["es_e", "S", "UW", "Z"]]
    assert two["words"] == [["S", "T", "AA", "P"], ["S", "EH", "V", "AH", "N"]]
    assert two["said"] == [["es_e", "S", "T", "AA", "P"], ["S", "EH", "V", "AH", "N"]]
    assert two["stress"] == ["1", "10"] and two["text"] == "stop seven"
    assert one["id"] != two["id"]
