"""Examples, mistakes and pairs as rows of texts: a form's table or a sheet's cell, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from learning.admin.fields import Column, with_bar, without_bar


@dataclass(frozen=True)
class Rows:
    """The columns, and how one of them becomes texts and JSON again."""

    columns: tuple[Column, ...]
    texts: Callable[[Mapping[str, Any]], dict[str, str]]
    json: Callable[[Mapping[str, str]], dict[str, Any]]

    def shown(self, kept: list[dict[str, Any]]) -> list[dict[str, str]]:
        return [self.texts(each) for each in kept]

    def kept(self, shown: list[dict[str, str]]) -> list[dict[str, Any]]:
        return [self.json(each) for each in shown]


EXAMPLES = Rows(
    (Column("text", _("en inglés"), 34), Column("translation", _("traducción"), 34)),
    lambda kept: {**kept, "translation": with_bar(kept["translation"])},
    lambda row: {"text": row["text"], "translation": without_bar(row["translation"])},
)
MISTAKES = Rows(
    (
        Column("wrong", _("lo que decimos"), 24),
        Column("right", _("lo correcto"), 24),
        Column("why", _("por qué"), 44, 400),
    ),
    lambda kept: {**kept, "why": with_bar(kept["why"])},
    lambda row: {"wrong": row["wrong"], "right": row["right"], "why": without_bar(row["why"])},
)


def _pair_texts(kept: Mapping[str, Any]) -> dict[str, str]:
    return {
        f"{side}{ending}": with_bar(kept[side].get(name, ""))
        for side in ("a", "b")
        for ending, name in (("", "text"), ("_es", "translation"), ("_emoji", "emoji"))
    }


def _pair(row: Mapping[str, str]) -> dict[str, Any]:
    return {side: _side(row, side) for side in ("a", "b")}


def _side(row: Mapping[str, str], side: str) -> dict[str, Any]:
    made: dict[str, Any] = {"text": row[side], "translation": without_bar(row[f"{side}_es"])}
    return made | ({"emoji": row[f"{side}_emoji"]} if row[f"{side}_emoji"] else {})


PAIRS = Rows(
    (
        *(Column("a", _("una"), 12, 80), Column("a_es", _("traducción"), 18)),
        *(Column("a_emoji", _("dibujo"), 3, 16), Column("b", _("la otra"), 12, 80)),
        *(Column("b_es", _("traducción"), 18), Column("b_emoji", _("dibujo"), 3, 16)),
    ),
    _pair_texts,
    _pair,
)
