"""`evaluate`: both suites run whole on small corpora; each figure is what its name says."""

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch

from speech import audio, criterion, espeak
from speech.judge import bundle
from speech.judge.evidence import gather, symbols
from speech.listener.features import log_mel, normalise
from speech.listener.model import STRIDE, Listener
from speech.phones import INDEX, SYMBOLS
from speech.recipes.phonetic_rnnt import contrasts, planted, suite_listener, suite_speed, synthesise
from speech.recipes.phonetic_rnnt.metrics import Count, edits, mean_share, nearest_edits, share
from speech.thresholds import DEFAULT
from tests.voices import learners

COMMAND = [sys.executable, "-m", "speech.recipes.phonetic_rnnt.evaluate", "--json"]
FIGURES = (
    "per_good", "per", "phone_pcc", "phone_mse", "text_only_pcc", "shuffled_pcc", "word_pcc", "rtf",
    "brier_skill", "judging_3_s",
)  # fmt: skip


def corpus(folder: Path, lowest: float = 0.0) -> Path:
    """Six takes of three speakers, with scores made up for the shape of the files."""
    (folder / "audio").mkdir(parents=True)
    tables: dict[str, list[str]] = {
        "split": ["speaker\tpart", "0\treport", "1\treport", "2\tdev"],
        "utterances": ["utt_id\tspeaker\tgender\tage\taccuracy\ttext"],
        "words": ["utt_id\tword_index\tword\taccuracy"],
        "phones": ["utt_id\tword_index\tword\tphone_index\tphone\tscore"],
    }
    for n, voice in enumerate(learners(6)):
        samples = np.frombuffer(voice.pcm, "<i2")
        soundfile.write(folder / "audio" / f"t{n}.wav", samples, 16_000)
        person = f"{n % 3}\t{'mf'[n % 2]}\t{(8, 30, 40)[n % 3]}"
        tables["utterances"].append(f"t{n}\t{person}\t{9 + n % 2}\t{voice.text}")
        for w, word in enumerate(criterion.build(voice.text).words):
            tables["words"].append(f"t{n}\t{w}\t{word.word}\t{6 + (n + w) % 5}")
            for p, phone in enumerate(word.pronunciations[0]):
                score = max(lowest, 2 - (n + w + p) % 5 / 2)
                tables["phones"].append(f"t{n}\t{w}\t{word.word}\t{p}\t{phone}\t{score}")
    for name, lines in tables.items():
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n")
    return folder


def native(data: Path) -> None:
    """A sentence of LJ003 and single words of both languages, read by espeak-ng."""
    (data / "ljspeech" / "audio").mkdir(parents=True)
    (data / "gcompris").mkdir()
    text = "the big red house is ready"
    wave, rate = espeak.synthesise(text, "en-us")
    soundfile.write(data / "ljspeech" / "audio" / "LJ003-0001.flac", wave, rate)
    (data / "ljspeech" / "metadata.csv").write_text(f"LJ003-0001|{text}|{text}\n")
    words = ["path\tlanguage\tword"]
    for language, voice, spoken in (("es", "es", "perro lobo lago"), ("en", "en-us", "red dog")):
        for word in spoken.split():
            wave, rate = espeak.synthesise(word, voice)
            path = data / "gcompris" / language / f"{word}.ogg"
            path.parent.mkdir(exist_ok=True)
            soundfile.write(path, wave, rate)
            words.append(f"{language}/{word}.ogg\t{language}\t{word}")
    (data / "gcompris" / "words.tsv").write_text("\n".join(words) + "\n")


def run(*arguments: str | Path) -> dict[str, Any]:
    done = subprocess.run([*COMMAND, *arguments], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_figure_comes_with_its_interval_and_its_cohorts(tmp_path: Path) -> None:
    found = run("--data", corpus(tmp_path / "takes"))
    assert set(found["cohorts"]) == {"children", "older", "female", "male"}
    for name in (*FIGURES, "red_1.0_precision", "red_0.5_average_precision"):
        low, high = found["intervals"][name]
        assert low <= high
        assert isinstance(found[name], float)
    assert 0 < found["per_good"] < 1
    assert found["cohorts"]["children"]["figures"]["takes"] == 2
    assert sum(sound["said"] for sound in found["sounds"].values()) > 50
    assert found["planted"]["caught"]["of"] == 0  # the table's takes are not in this corpus


def test_the_listener_suite_has_a_figure_for_every_bar(tmp_path: Path) -> None:
    native(tmp_path)
    found = run("--suite", "listener", "--data", corpus(tmp_path / "takes"))
    assert set(found["bars"]) == {bar.row for bar in suite_listener.BARS}
    # The table's takes are not in this corpus, so no plant was weighed; all else has a figure.
    lacking = {row for row, bar in found["bars"].items() if bar["value"] is None}
    assert lacking == {"two choices, over all", "two choices, worst pair"}
    good = found["per_good"]["ctc"]
    assert good["all"]["of"] == good["children"]["of"] + good["older"]["of"]
    assert good["all"]["low"] <= good["all"]["value"] <= good["all"]["high"]
    assert found["per_native_spanish"]["ctc"]["nearest"]["of"] == 4  # "perro" alone: one in eight
    voice = found["told_apart"]["one_voice"]
    assert set(voice) == {"all", *contrasts.CONTRASTS}
    assert voice["all"]["balanced"]["value"] > 0.5


def test_checkpoints_are_set_side_by_side(tmp_path: Path) -> None:
    native(tmp_path)
    folder = corpus(tmp_path / "takes")
    found = run("--suite", "listener", "--data", folder, "--compare", str(DEFAULT))
    (each,) = found.values()
    assert set(each) == {"per_good", "errors_heard", "two_choices"}
    assert each["errors_heard"]["ctc"]["wrong"]["of"] > 0


def test_the_nearest_of_many_pronunciations_is_the_least_over_all_choices() -> None:
    words: list[list[tuple[str, ...]]] = [
        [("DH", "AH"), ("DH", "IY")],
        [("K", "AE", "N"), ("K", "N"), ("K", "AH", "N")],
        [("IY", "DH", "ER"), ("AY", "DH", "ER")],
    ]
    for heard in ("DH IY K N AY DH ER", "K AE N", "", "T T T", "DH K AH AH N IY AY R ER"):
        flat = [[p for w in choice for p in w] for choice in itertools.product(*words)]
        expected = min(edits(each, heard.split()) for each in flat)
        assert nearest_edits(words, heard.split()) == expected


def test_a_share_resamples_units_not_items() -> None:
    one = share([Count("a", 1, 1)] * 50 + [Count("b", 0, 1)] * 50)
    many = share([Count(str(n), n % 2, 1) for n in range(100)])
    assert one.value == many.value == 0.5
    assert (one.low, one.high) == (0.0, 1.0)
    assert 0.35 < many.low < many.high < 0.65
    assert mean_share([[Count("a", 1, 1)], [Count("b", 0, 9)]]).value == 0.5


def test_what_a_spanish_teacher_lets_pass() -> None:
    def accepted(word: str) -> list[set[str]]:
        variants = suite_listener.spanish_variants(espeak.phones(word, "es"))
        return [{phone for (phone,) in each} for each in variants]

    assert accepted("zapato")[0] == {"TH", "S"}
    assert accepted("lobo")[2] == {"es_b", "B"}
    assert accepted("comer")[-1] == {"es_r", "es_rr"}
    assert accepted("pero")[2] == {"es_r"}
    assert accepted("perro")[2] == {"es_rr"}
    assert accepted("jota")[0] == {"es_x"}
    assert accepted("casa")[1] == {"es_a"}


def peaked(phones: str) -> torch.Tensor:
    """(T, V) posteriors sure of these phones, three frames each and a blank between."""
    path = [i for p in phones.split() for i in [INDEX[p]] * 3 + [0]]
    logits = torch.zeros(len(path), len(SYMBOLS))
    logits[range(len(path)), path] = 9.0
    return logits.log_softmax(-1)


def test_a_sound_is_told_by_the_language_of_its_likeliest_symbol() -> None:
    (told,) = contrasts.tell(peaked("P AA N"), ("P", "es_a", "N"))
    assert (told.contrast, told.spanish, told.right) == ("a", True, False)
    # Another symbol of the same language is no error of language.
    (told,) = contrasts.tell(peaked("P AA N"), ("P", "AE", "N"))
    assert (told.spanish, told.right) == (False, True)
    assert [t.right for t in contrasts.tell(peaked("es_rr es_o"), ("es_r", "es_o"))] == [True] * 2


def test_the_reading_voices_are_not_those_of_training_and_say_every_contrast() -> None:
    assert not set(contrasts.VARIANTS) & set(synthesise.ESPEAK_VARIANTS)
    for words, language, spanish in (
        (contrasts.ENGLISH_WORDS, "en-us", False),
        (contrasts.SPANISH_WORDS, "es", True),
    ):
        said = [p for word in set(words) for p in espeak.phones(word, language)]
        for name, contrast in contrasts.CONTRASTS.items():
            side = contrast.spanish if spanish else contrast.english
            assert sum(said.count(p) for p in side) >= 5, name


@pytest.fixture(scope="module")
def listener() -> Listener:
    return bundle.load().listener


def test_a_stream_hears_what_the_whole_take_holds(listener: Listener) -> None:
    samples = audio.from_pcm16(learners(6)[1].pcm)
    features = normalise(log_mel(torch.from_numpy(samples)))
    whole = suite_listener.hear(listener, {"take": features})["take"].log_probs
    heard = torch.from_numpy(np.concatenate(suite_speed.stream(listener, samples)))
    waiting = listener.encoder.look_ahead // STRIDE + 2  # the end's look-ahead is not here yet
    assert len(whole) - waiting <= len(heard) <= len(whole)
    torch.testing.assert_close(heard, whole[: len(heard)], atol=1e-4, rtol=0)


def test_no_partial_of_many_takes_comes_before_its_sound(listener: Listener) -> None:
    takes = [audio.from_pcm16(voice.pcm) for voice in learners(6)]
    delays = suite_speed.partial_delays(listener, takes)
    assert len(delays) == suite_speed.MANY * 40  # every chunk of 100 ms
    assert min(delays) > 0


def test_a_batch_hears_what_each_take_holds(listener: Listener) -> None:
    sounds = {
        str(n): normalise(log_mel(torch.from_numpy(audio.from_pcm16(voice.pcm))))
        for n, voice in enumerate(learners(6)[:3])
    }
    together = suite_listener.hear(listener, sounds)
    for name, features in sounds.items():
        alone = suite_listener.hear(listener, {name: features})[name]
        torch.testing.assert_close(alone.log_probs, together[name].log_probs, atol=1e-4, rtol=1e-4)
        assert alone.heard == together[name].heard


def test_a_plant_weighs_what_was_said_against_what_is_asked(
    tmp_path: Path, listener: Listener
) -> None:
    native(tmp_path)
    folder = corpus(tmp_path / "takes", lowest=2.0)
    material = suite_listener.Material("report", folder)
    plants = [p for p in planted.build(folder) if p.part == "report"]
    hearings = suite_listener.hear(listener, material.of_learners(), ())
    weighed = suite_listener.weigh(listener, plants, material.learners, hearings)
    assert len(weighed) == len(plants) > 0
    for each in weighed:
        plant, who = each.plant, material.learners[each.plant.utt_id]
        place = who.take.keys.index((plant.word_index, plant.phone_index))
        evidence = gather(hearings[plant.utt_id].log_probs, symbols(who.phones))
        gain = evidence.total - evidence.exchanged[place, INDEX[plant.asked]]
        assert each.gains["ctc"] == pytest.approx(float(gain), abs=1e-2)
        assert each.gains["sum"] == each.gains["ctc"] + each.gains["transducer"]
    rates = suite_listener.two_choices(weighed, planted.PAIRS)
    forward = [w for w in weighed if w.plant.pair in planted.PAIRS]
    right = [w.gains["ctc"] > 0 for w in forward]
    assert rates["ctc"]["all"].value == pytest.approx(np.mean(right))
    assert sum(f.of for f in rates["ctc"]["pairs"].values()) == len(forward)
