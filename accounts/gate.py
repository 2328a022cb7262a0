"""The adult gate: a question that a small child cannot answer, new at every try."""

import random
from typing import Any

from django.utils.translation import gettext as _

KEY = "adult_gate"


def ask(session: Any) -> str:
    """The question, kept in the session until it is answered."""
    if KEY not in session:
        session[KEY] = [random.randint(6, 9), random.randint(12, 19)]
    a, b = session[KEY]
    return _("¿Cuánto es %(a)d × %(b)d?") % {"a": a, "b": b}


def passes(session: Any, answer: int) -> bool:
    """Whether the answer is right. One question is good for one answer."""
    factors = session.pop(KEY, None)
    return factors is not None and factors[0] * factors[1] == answer
