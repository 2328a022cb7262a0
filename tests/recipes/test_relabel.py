"""Of a word's accepted pronunciations, the one that the posteriors hold."""

from collections.abc import Sequence
from itertools import product

import pytest
import torch
from torch import Tensor

from speech import lexicon
from speech.judge import evidence
from speech.phones import INDEX, SYMBOLS

EITHER = (("IY", "DH", "ER"), ("AY", "DH", "ER"))
CAN = (("K", "AE", "N"), ("K", "AH", "N"), ("K", "N"))
CAR = (("K", "AA", "R"), ("K", "AA"))


def posteriors(said: Sequence[str]) -> Tensor:
    """(T, V) log posteriors of a listener that is rather sure of what was said."""
    log_probs = torch.full((4 * len(said) + 8, len(SYMBOLS)), 0.01)
    log_probs[:, 0] = 1
    for at, phone in enumerate(said):
        log_probs[4 * at + 4 : 4 * at + 6, INDEX[phone]] = 2
    return (log_probs / log_probs.sum(1, keepdim=True)).log()


@pytest.mark.parametrize("said", list(product(EITHER, CAN)))
def test_the_variant_that_was_said_is_chosen(said: tuple[tuple[str, ...], ...]) -> None:
    log_probs = posteriors([phone for word in said for phone in word])
    assert evidence.choose(log_probs, [EITHER, CAN]) == list(said)
    assert evidence.choose(log_probs, [EITHER[::-1], CAN[::-1]]) == list(said)


def test_of_every_word_of_the_lexicon_any_form_can_be_chosen() -> None:
    for word in ("data", "either", "the", "tomato", "schedule"):
        forms = [p.phones for p in lexicon.pronunciations(word)]
        assert len(forms) > 1
        for form in forms:
            chosen = evidence.choose(posteriors(form), [forms])
            assert chosen == [form], word


@pytest.mark.parametrize("r", ["R", "es_r", "es_rr"])
def test_an_r_said_the_spanish_way_keeps_the_form_with_r(r: str) -> None:
    for forms in (CAR, CAR[::-1]):
        assert evidence.choose(posteriors(["K", "AA", r]), [forms]) == [("K", "AA", "R")]


def test_no_r_takes_the_form_without() -> None:
    assert evidence.choose(posteriors(["K", "AA"]), [CAR]) == [("K", "AA")]


def test_what_speaks_for_none_keeps_the_first() -> None:
    nothing = torch.full((20, len(SYMBOLS)), 1 / len(SYMBOLS)).log()
    assert evidence.choose(nothing, [EITHER]) == [EITHER[0]]
    assert evidence.choose(nothing, [(("K", "AE", "T"),)]) == [("K", "AE", "T")]
    assert evidence.choose(nothing, []) == []
