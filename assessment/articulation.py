"""The mouth seen from the side, one drawing an English sound: `python -m assessment.articulation`.

The pictures carry their own colours and no background, so that they work on light and dark pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "articulation"
Point = tuple[float, float]

SKIN, LINE, INSIDE, LIP = "#f1cdae", "#7b4a38", "#6e2f38", "#d9827c"
TONGUE, TONGUE_LINE, TOOTH, AIR, VOICE = "#ee8a8f", "#a83f4c", "#ffffff", "#2f8fd0", "#c2410c"

# Tongue contours from the root over the back, the middle and the blade to the tip, for a closed
# jaw; y grows downwards. The palate runs from the ridge behind the teeth at (72, 106) over its top
# at (112, 84) to the soft palate at (148, 100); the upper teeth end at y = 121.
REST = ((164, 196), (158, 158), (140, 132), (112, 127), (90, 132), (74, 139))
SHAPES: dict[str, Sequence[Point]] = {
    "rest": REST,
    "ridge": ((162, 196), (156, 160), (138, 136), (112, 126), (92, 114), (76, 99)),
    "groove": ((162, 196), (156, 160), (138, 134), (112, 121), (93, 112), (78, 108)),
    "behind": ((162, 196), (156, 156), (138, 126), (112, 106), (94, 104), (82, 117)),
    "palate": ((162, 196), (156, 154), (138, 122), (112, 99), (92, 95), (78, 103)),
    "teeth": ((162, 196), (156, 162), (138, 140), (112, 132), (84, 125), (48, 121)),
    "velar": ((160, 196), (160, 150), (146, 97), (118, 99), (92, 126), (78, 143)),
    "lateral": ((166, 196), (164, 162), (146, 142), (112, 134), (92, 116), (76, 99)),
    "curled": ((160, 196), (158, 154), (144, 126), (122, 121), (104, 116), (88, 104)),
    "IY": ((156, 196), (150, 158), (134, 116), (108, 95), (88, 108), (73, 128)),
    "IH": ((157, 196), (152, 158), (135, 121), (109, 105), (89, 116), (73, 132)),
    "EH": ((158, 196), (154, 160), (136, 129), (110, 117), (90, 124), (73, 136)),
    "AE": ((160, 196), (158, 164), (138, 139), (111, 131), (91, 131), (72, 138)),
    "AH": ((160, 196), (157, 158), (139, 129), (113, 122), (92, 129), (76, 139)),
    "AA": ((170, 196), (172, 160), (148, 138), (114, 136), (92, 139), (80, 145)),
    "AO": ((169, 196), (169, 154), (146, 127), (115, 128), (95, 138), (82, 145)),
    "UH": ((163, 196), (163, 150), (145, 115), (116, 113), (95, 130), (81, 142)),
    "UW": ((161, 196), (161, 148), (146, 107), (117, 104), (95, 126), (81, 141)),
    "W": ((161, 196), (161, 148), (147, 105), (117, 103), (95, 127), (81, 142)),
}


@dataclass(frozen=True)
class Mouth:
    """How a sound is made."""

    tongue: str
    lips: str = "open"  # open | closed | spread | round | bitten
    jaw: float = 8.0  # how far down, in units of the drawing
    voiced: bool = True
    nose: bool = False  # the air leaves through the nose
    air: str = "flow"  # flow | hiss | burst
    contact: Point | None = None  # where tongue or lip touches, or nearly does
    then: Mouth | None = None  # where a moving vowel ends


def _stop(tongue: str, contact: Point, voiced: bool, lips: str = "open") -> Mouth:
    return Mouth(tongue, lips, 6, voiced, air="burst", contact=contact)


def _hiss(tongue: str, contact: Point, voiced: bool, lips: str = "open", jaw: float = 4) -> Mouth:
    return Mouth(tongue, lips, jaw, voiced, air="hiss", contact=contact)


RIDGE, LIPS, SOFT, TEETH = (75.0, 106.0), (47.0, 117.0), (144.0, 100.0), (58.0, 122.0)
IY, IH, UH, UW = (
    Mouth("IY", "spread", 5),
    Mouth("IH", jaw=8),
    Mouth("UH", "round", 7),
    Mouth("UW", "round", 5),
)
MOUTHS: dict[str, Mouth] = {
    "P": _stop("rest", LIPS, False, "closed"),
    "B": _stop("rest", LIPS, True, "closed"),
    "M": Mouth("rest", "closed", 4, nose=True, contact=LIPS),
    "T": _stop("ridge", RIDGE, False),
    "D": _stop("ridge", RIDGE, True),
    "N": Mouth("ridge", jaw=6, nose=True, contact=RIDGE),
    "K": _stop("velar", SOFT, False),
    "G": _stop("velar", SOFT, True),
    "NG": Mouth("velar", jaw=6, nose=True, contact=SOFT),
    "F": _hiss("rest", TEETH, False, "bitten"),
    "V": _hiss("rest", TEETH, True, "bitten"),
    "TH": _hiss("teeth", TEETH, False, jaw=5),
    "DH": _hiss("teeth", TEETH, True, jaw=5),
    "S": _hiss("groove", RIDGE, False, "spread"),
    "Z": _hiss("groove", RIDGE, True, "spread"),
    "SH": _hiss("behind", (96, 95), False, "round"),
    "ZH": _hiss("behind", (96, 95), True, "round"),
    "CH": Mouth("palate", "round", 4, False, air="burst", contact=(84, 98)),
    "JH": Mouth("palate", "round", 4, True, air="burst", contact=(84, 98)),
    "HH": Mouth("AH", jaw=14, voiced=False, air="hiss"),
    "L": Mouth("lateral", jaw=8, contact=RIDGE),
    "R": Mouth("curled", "round", 7),
    "W": Mouth("W", "round", 3),
    "Y": Mouth("IY", "spread", 5),
    "IY": IY,
    "IH": IH,
    "EH": Mouth("EH", jaw=13),
    "AE": Mouth("AE", "spread", 20),
    "AH": Mouth("AH", jaw=11),
    "AA": Mouth("AA", jaw=22),
    "AO": Mouth("AO", "round", 17),
    "UH": UH,
    "UW": UW,
    "ER": Mouth("curled", "round", 9),
    "EY": Mouth("EH", jaw=12, then=IH),
    "AY": Mouth("AA", jaw=21, then=IH),
    "AW": Mouth("AA", jaw=21, then=UH),
    "OY": Mouth("AO", "round", 16, then=IH),
    "OW": Mouth("AO", "round", 13, then=UH),
}


def svg(mouth: Mouth) -> str:
    """The drawing as an SVG document, 240 by 240."""
    parts = [_face(mouth), _airway(mouth), _tongue(mouth), _teeth(mouth), _lips(mouth)]
    parts += [_velum(mouth), _contact(mouth), _voice(mouth), _air(mouth)]
    if mouth.then is not None:
        parts.insert(3, _ghost(mouth, mouth.then))
    body = "\n".join(f"  {part}" for part in parts if part)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" width="240" height="240"'
        f' fill="none" stroke-linecap="round" stroke-linejoin="round">\n{body}\n</svg>\n'
    )


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _path(d: str, **attributes: str) -> str:
    extra = "".join(f' {name.replace("_", "-")}="{v}"' for name, v in attributes.items())
    return f'<path d="{d}"{extra}/>'


def _smooth(points: Sequence[Point]) -> str:
    """A Catmull-Rom curve through the points, as Bézier commands after the first point."""
    padded = [points[0], *points, points[-1]]
    commands = []
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(
        padded, padded[1:], padded[2:], padded[3:], strict=False
    ):
        c1 = (bx + (cx - ax) / 6, by + (cy - ay) / 6)
        c2 = (cx - (dx - bx) / 6, cy - (dy - by) / 6)
        commands.append("C" + " ".join(f"{_n(x)},{_n(y)}" for x, y in (c1, c2, (cx, cy))))
    return "".join(commands)


def _face(mouth: Mouth) -> str:
    """Skin from the forehead over nose and chin to the neck; the jaw moves."""
    j = mouth.jaw
    eye = _path("M84,56q9,-9 18,0M82,42q10,-8 22,-3", stroke=LINE, stroke_width="2.5")
    d = (
        "M96,6C80,18 72,34 70,48C67,62 44,76 34,85C27,92 33,99 42,99L50,99"
        f"L50,112L50,{_n(126 + j)}C48,{_n(134 + j)} 52,{_n(142 + j)} 48,{_n(152 + j)}"
        f"C46,{_n(166 + j)} 56,{_n(178 + j)} 74,{_n(181 + j)}"
        f"C96,{_n(186 + j)} 116,{_n(196 + j / 2)} 122,212C125,222 126,230 126,236"
        "L222,236C228,170 232,70 206,6Z"
    )
    return _path(d, fill=SKIN, stroke=LINE, stroke_width="2.5") + eye


def _airway(mouth: Mouth) -> str:
    """Nose, mouth and throat, hollow."""
    j = mouth.jaw
    nasal = "M40,96C56,74 84,60 120,60C150,60 176,72 184,96L184,110C176,96 158,88 146,86"
    nasal += "C120,76 84,78 62,94Z"
    oral = (
        f"M46,116L66,112C70,104 80,92 96,87C110,82 134,84 150,98C160,104 170,104 184,92"
        f"L188,150L186,236L160,236L158,206C140,{_n(206 + j / 2)} 100,{_n(186 + j)} 78,{_n(160 + j)}"
        f"L64,{_n(140 + j)}L46,{_n(124 + j)}Z"
    )
    return _path(nasal, fill=INSIDE) + _path(oral, fill=INSIDE)


def _contour(mouth: Mouth) -> list[Point]:
    """The tongue's upper line, carried down by the jaw unless it has to touch something."""
    shape = SHAPES[mouth.tongue]
    drop = 0.0 if mouth.contact or mouth.tongue in ("IY", "curled", "W", "UW") else 0.55
    return [(x, y + drop * mouth.jaw) for x, y in shape]


def _body(mouth: Mouth) -> str:
    points = _contour(mouth)
    tip_x, tip_y = points[-1]
    j = mouth.jaw
    floor = 156 + j
    under: list[Point] = [
        (tip_x, tip_y + 6),
        (tip_x + 7, tip_y + 14),
        (max(tip_x + 12, 86), (tip_y + 14 + floor) / 2),
        (84, floor + 2),
        (106, 183 + j),
        (148, 206 + j / 4),
    ]
    line = [*points, *under]
    return f"M{_n(line[0][0])},{_n(line[0][1])}{_smooth(line)}Z"


def _tongue(mouth: Mouth) -> str:
    return _path(_body(mouth), fill=TONGUE, stroke=TONGUE_LINE, stroke_width="2.5")


def _ghost(start: Mouth, end: Mouth) -> str:
    """Where the tongue goes in a moving vowel, dashed, with an arrow."""
    points = _contour(end)
    d = f"M{_n(points[0][0])},{_n(points[0][1])}{_smooth(points)}"
    at = 2 if end.tongue == "UH" else 3
    (x0, y0), (x1, y1) = _contour(start)[at], points[at]
    arrow = f"M{_n(x0)},{_n(y0 - 2)}L{_n(x1)},{_n(y1 + 4)}"
    head = f"M{_n(x1 - 6)},{_n(y1 + 11)}L{_n(x1)},{_n(y1 + 3)}L{_n(x1 + 6)},{_n(y1 + 11)}"
    return _path(d, stroke=TOOTH, stroke_width="3", stroke_dasharray="3 7") + _path(
        arrow + head, stroke=TOOTH, stroke_width="3.5"
    )


def _teeth(mouth: Mouth) -> str:
    j = mouth.jaw
    upper = "M58,104L70,103C70,110 66,118 61,121C57,119 56,110 58,104Z"
    low = 128 + j if mouth.lips != "bitten" else 130 + j
    lower = (
        f"M60,{_n(low + 18)}L71,{_n(low + 18)}C71,{_n(low + 10)} 68,{_n(low + 2)} 63,{_n(low)}"
        f"C59,{_n(low + 2)} 58,{_n(low + 10)} 60,{_n(low + 18)}Z"
    )
    style = {"fill": TOOTH, "stroke": LINE, "stroke_width": "1.8"}
    return _path(upper, **style) + _path(lower, **style)


def _lips(mouth: Mouth) -> str:
    """Both lips; rounded ones come forward, spread ones draw back."""
    j = mouth.jaw
    out = {"round": -9.0, "spread": 4.0}.get(mouth.lips, 0.0)
    top, low = 114.0, 121.0 + j
    if mouth.lips == "closed":
        top, low = 117.0, 117.0
    elif mouth.lips == "round":
        top, low = 116.0, 119.0 + j * 0.75
    elif mouth.lips == "bitten":
        low = 120.0
    inner = 60.0 if mouth.lips == "bitten" else 52.0
    x = 38 + out
    upper = (
        f"M50,97C46,101 {_n(x + 1)},102 {_n(x)},{_n(top - 6)}C{_n(x)},{_n(top + 1)} "
        f"{_n(x + 8)},{_n(top + 1)} 56,{_n(top - 1)}L57,104Z"
    )
    bend = x if mouth.lips != "bitten" else 44.0
    lower = (
        f"M{_n(inner + 6)},{_n(max(140 + j, low + 16))}L{_n(inner + 4)},{_n(low + 1)}"
        f"C{_n(bend + 8)},{_n(low - 1)} {_n(bend)},{_n(low + 1)} {_n(bend + 1)},{_n(low + 8)}"
        f"C{_n(bend + 2)},{_n(low + 14)} 47,{_n(low + 15)} 48,{_n(143 + j)}Z"
    )
    style = {"fill": LIP, "stroke": LINE, "stroke_width": "2"}
    return _path(lower, **style) + _path(upper, **style)


def _velum(mouth: Mouth) -> str:
    """The soft palate: up against the throat, or hanging down to let the air into the nose."""
    if mouth.nose:
        d = "M138,84C152,86 160,98 161,120C161,128 154,128 153,120C152,108 146,98 136,93Z"
    else:
        d = "M138,84C154,80 172,82 185,88C189,96 184,104 176,108C170,100 154,98 136,93Z"
    return _path(d, fill=SKIN, stroke=LINE, stroke_width="2")


def _contact(mouth: Mouth) -> str:
    if mouth.contact is None:
        return ""
    x, y = mouth.contact
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="9" stroke="{AIR}" stroke-width="3"/>'


def _voice(mouth: Mouth) -> str:
    """Waves at the throat when it vibrates, a flat line when it does not."""
    if not mouth.voiced:
        return _path("M136,224L158,224", stroke=LINE, stroke_width="3", stroke_dasharray="1 6")
    wave = "q4,-8 8,0t8,0t8,0t8,0"
    return _path(f"M130,214{wave}M130,226{wave}", stroke=VOICE, stroke_width="3.5")


def _air(mouth: Mouth) -> str:
    """The stream that leaves mouth or nose."""
    style = {"stroke": AIR, "stroke_width": "4"}
    if mouth.nose:
        return _path("M38,102C30,106 20,107 8,106M16,98L7,106L16,114", **style)
    y = 118 + (0 if mouth.lips in ("closed", "bitten") else mouth.jaw * 0.4)
    if mouth.air == "burst":
        lines = f"M22,{_n(y)}L4,{_n(y)}M24,{_n(y - 9)}L9,{_n(y - 19)}M24,{_n(y + 9)}L9,{_n(y + 19)}"
        return _path(lines, **style)
    if mouth.air == "hiss":
        wave = "q-4,-5 -8,0t-8,0"
        lines = "".join(f"M23,{_n(y + d)}{wave}" for d in (-8, 2, 12))
        return _path(lines, stroke=AIR, stroke_width="3.2")
    return _path(f"M24,{_n(y)}L5,{_n(y)}M13,{_n(y - 8)}L4,{_n(y)}L13,{_n(y + 8)}", **style)


def write(folder: Path = FOLDER) -> None:
    """One file a sound."""
    folder.mkdir(parents=True, exist_ok=True)
    for phone, mouth in MOUTHS.items():
        (folder / f"{phone.lower()}.svg").write_text(svg(mouth), "utf-8")


if __name__ == "__main__":
    write()
