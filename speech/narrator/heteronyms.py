"""Words of one spelling and two sounds, told apart by their neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_TO_VERB = frozenset(
    "to will would can could should may might must shall let's don't doesn't didn't won't can't"
    " cannot couldn't wouldn't shouldn't i you we they he she it who please never always often"
    " i'll you'll we'll they'll he'll she'll let i'd you'd we'd they'd do does did".split()
)
_TO_NOUN = frozenset(
    "a an the this these those my your his her its our their no some any each every of in on at by"
    " with from for world new old first last one birthday what which whose another more much many"
    " big little long good best great small wonderful beautiful two three four own same".split()
)
_BEFORE_OBJECT = frozenset(
    "the a an my your his her its our their it this that these those me him them us some".split()
)
_MAKES = frozenset("let help make makes made watch watched hear heard see saw".split())
_AUXILIARY = frozenset(
    "have has had having i've you've we've they've was were been being be".split()
)
_THIRD = frozenset("he she it nobody everyone everybody somebody someone who".split())
_FIRST = frozenset("i you we they".split())
_PAST = frozenset(
    "was were had did yesterday ago went said came saw took gave got made told then once when"
    " before".split()
)
_STAGE = frozenset("music show shows concert concerts broadcast tv animals wire band news".split())


@dataclass(frozen=True)
class Context:
    """The words of a sentence in lower case, and the place of the one in question."""

    words: Sequence[str]
    at: int

    def word(self, offset: int) -> str:
        at = self.at + offset
        return self.words[at] if 0 <= at < len(self.words) else ""

    @property
    def is_verb(self) -> bool | None:
        """None where the neighbours do not tell."""
        before, after = self.word(-1), self.word(1)
        made_to = self.word(-2) in _MAKES and before in ("me", "him", "them", "us")
        if before in _TO_VERB or made_to:
            return True
        if before in _TO_NOUN or before.endswith("'s"):
            return False
        if after in _BEFORE_OBJECT:
            return True
        return None


Rule = Callable[[Context], bool]


def _verb(context: Context) -> bool:
    return context.is_verb is True


def _verb_unless_noun(context: Context) -> bool:
    return context.is_verb is not False


def _verb_read_now(context: Context) -> bool:
    """Whether 'read' is the present tense."""
    before = context.word(-1)
    if before in _AUXILIARY or before == "already" or before == "just":
        return False
    if before in _FIRST or not before:
        asked = context.word(-2) in ("do", "did", "can", "will", "could", "should", "would", "let")
        past = any(w in _PAST or (len(w) > 4 and w.endswith("ed")) for w in context.words)
        return asked or not past
    if before in _THIRD:
        return context.word(-2) in ("did", "does", "can", "will", "could", "should", "would", "let")
    if before in _TO_VERB or before in _TO_NOUN or before in ("and", "or", "then", "not", "help"):
        past = any(w in _PAST or (len(w) > 4 and w.endswith("ed")) for w in context.words)
        return before not in ("and", "or", "then") or not past
    modal = context.word(-2) in _TO_VERB or context.word(-3) in ("did", "does", "can", "will")
    return modal or (before.endswith("s") and not before.endswith("ss"))


def _not_close_by(context: Context) -> bool:
    """'Close the door', but 'close to the door', 'a close friend', 'it was close'."""
    if context.word(1) in ("to", "by", "enough", "together", "friend", "friends", "up"):
        return context.word(1) == "up" and context.is_verb is True
    return context.is_verb is True and context.word(-1) not in ("it",)


def _on_stage(context: Context) -> bool:
    return context.word(1) in _STAGE or (
        context.word(-1) in ("a", "the") and context.word(1) != "in"
    )


def _lives_noun(context: Context) -> bool:
    before = context.word(-1)
    return before in _TO_NOUN - {"one"} or before in ("nine", "seven", "save", "saved", "saves")


def _of_metal(context: Context) -> bool:
    return context.word(1) in ("pencil", "pencils", "pipe", "pipes", "paint") or context.word(
        -1
    ) in ("of",)


def _winds(context: Context) -> bool:
    return context.word(1) in ("up", "down", "around") or context.word(-1) == "to"


def _tears(context: Context) -> bool:
    return context.is_verb is True or context.word(1) in ("apart", "up", "down", "off")


def _bends(context: Context) -> bool:
    taken = {"take", "took", "takes", "taking"} & {context.word(-2), context.word(-3)}
    down = context.word(1) in ("down", "to", "before")
    return bool(taken) or down or context.word(-1) in _TO_VERB


def _habit(context: Context) -> bool:
    return context.word(1) == "to" and context.word(-1) not in ("is", "are", "be", "was", "were")


# word: what is said where the rule does not hold, what where it does, the rule.
HETERONYMS: dict[str, tuple[str, str, Rule]] = {
    "read": ("R EH1 D", "R IY1 D", _verb_read_now),
    "live": ("L IH1 V", "L AY1 V", _on_stage),
    "lives": ("L IH1 V Z", "L AY1 V Z", _lives_noun),
    "close": ("K L OW1 S", "K L OW1 Z", _not_close_by),
    "use": ("Y UW1 S", "Y UW1 Z", _verb_unless_noun),
    "uses": ("Y UW1 S IH0 Z", "Y UW1 Z IH0 Z", _verb_unless_noun),
    "used": ("Y UW1 Z D", "Y UW1 S T", _habit),
    "house": ("HH AW1 S", "HH AW1 Z", lambda c: c.word(-1) in ("to", "will", "can", "could")),
    "excuse": ("IH0 K S K Y UW1 S", "IH0 K S K Y UW1 Z", _verb_unless_noun),
    "abuse": ("AH0 B Y UW1 S", "AH0 B Y UW1 Z", _verb),
    "record": ("R EH1 K ER0 D", "R IH0 K AO1 R D", _verb),
    "records": ("R EH1 K ER0 D Z", "R IH0 K AO1 R D Z", _verb),
    "present": ("P R EH1 Z AH0 N T", "P R IY0 Z EH1 N T", _verb),
    "presents": ("P R EH1 Z AH0 N T S", "P R IY0 Z EH1 N T S", _verb),
    "object": ("AA1 B JH EH0 K T", "AH0 B JH EH1 K T", _verb),
    "objects": ("AA1 B JH EH0 K T S", "AH0 B JH EH1 K T S", _verb),
    "project": ("P R AA1 JH EH0 K T", "P R AH0 JH EH1 K T", _verb),
    "produce": ("P R OW1 D UW0 S", "P R AH0 D UW1 S", _verb_unless_noun),
    "permit": ("P ER1 M IH2 T", "P ER0 M IH1 T", _verb),
    "increase": ("IH1 N K R IY2 S", "IH0 N K R IY1 S", _verb),
    "conduct": ("K AA1 N D AH0 K T", "K AH0 N D AH1 K T", _verb),
    "contract": ("K AA1 N T R AE2 K T", "K AH0 N T R AE1 K T", _verb),
    "perfect": ("P ER1 F IH0 K T", "P ER0 F EH1 K T", lambda c: c.word(-1) == "to"),
    "protest": ("P R OW1 T EH2 S T", "P R AH0 T EH1 S T", _verb),
    "rebel": ("R EH1 B AH0 L", "R IH0 B EH1 L", _verb),
    "subject": ("S AH1 B JH IH0 K T", "S AH0 B JH EH1 K T", lambda c: c.word(-1) == "to"),
    "suspect": ("S AH1 S P EH2 K T", "S AH0 S P EH1 K T", _verb),
    "desert": ("D EH1 Z ER0 T", "D IH0 Z ER1 T", _verb),
    "refuse": ("R EH1 F Y UW2 Z", "R AH0 F Y UW1 Z", _verb_unless_noun),
    "content": ("K AA1 N T EH0 N T", "K AH0 N T EH1 N T", lambda c: c.word(-1) in _AUXILIARY),
    "separate": ("S EH1 P ER0 IH0 T", "S EH1 P ER0 EY2 T", _verb),
    "lead": ("L IY1 D", "L EH1 D", _of_metal),
    "wind": ("W IH1 N D", "W AY1 N D", _winds),
    "tear": ("T IH1 R", "T EH1 R", _tears),
    "tears": ("T IH1 R Z", "T EH1 R Z", _tears),
    "bow": ("B OW1", "B AW1", _bends),
    "wound": ("W UW1 N D", "W AW1 N D", lambda c: c.word(1) in ("up", "around", "it")),
    "dove": ("D AH1 V", "D OW1 V", lambda c: c.word(1) in ("into", "in", "under", "down")),
    "bass": ("B EY1 S", "B AE1 S", lambda c: c.word(1) in ("fish", "swam", "swims")),
}  # fmt: skip


def reading(context: Context) -> str | None:
    """'R EH1 D' for a word of the table, by its neighbours; None for another word."""
    if entry := HETERONYMS.get(context.word(0)):
        usual, other, rule = entry
        return other if rule(context) else usual
    return None
