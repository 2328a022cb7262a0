"""Pictures that may be shown to anybody: shapes and colours, nothing that runs or loads."""

from __future__ import annotations

import re
from xml.etree import ElementTree

MAX_BYTES = 60_000
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_ELEMENTS = set(
    "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan"
    " linearGradient radialGradient stop clipPath mask pattern filter feGaussianBlur feOffset"
    " feMerge feMergeNode feFlood feComposite feBlend feColorMatrix".split()
)
# What drawing programs add for themselves: browsers neither show nor run it.
_INERT = (
    f"{_NAMESPACE}metadata",
    "{http://www.inkscape.org/namespaces/inkscape}",
    "{http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd}",
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}",
    "{http://creativecommons.org/ns#}",
    "{http://purl.org/dc/elements/1.1/}",
)
_LINK = re.compile(r"(?:\{[^}]*\})?href")
_DOCTYPE = re.compile(r"<!DOCTYPE\s+svg\b[^<>\[\]]*>")  # without declarations of its own
_WITHIN = re.compile(r"url\(\s*['\"]?#[\w.-]+['\"]?\s*\)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"url\s*\(|@import|expression|javascript:|\\", re.IGNORECASE)


def too_large(size: int) -> str:
    return f"{size} bytes, at most {MAX_BYTES}" if size > MAX_BYTES else ""


def problem(text: str) -> str:
    """Why a text is no picture that we take; '' where it is one.

    Inline styles and links may point within the picture alone; scripts, events, foreign objects,
    styles of their own, animations, images and document types are refused.
    """
    if why := too_large(len(text.encode())):
        return why
    text = _DOCTYPE.sub("", text, count=1)
    if re.search(r"<!(?:DOCTYPE|ENTITY)|<\?(?!xml )", text, re.IGNORECASE):
        return "a document type, an entity or an instruction"
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        return f"no XML: {error}"
    if root.tag != f"{_NAMESPACE}svg":
        return "no <svg> of http://www.w3.org/2000/svg"
    if not root.get("viewBox"):
        return "no viewBox"
    return next(filter(None, map(_of_element, root.iter())), "")


def _of_element(element: ElementTree.Element) -> str:
    name = str(element.tag).removeprefix(_NAMESPACE)
    if name not in _ELEMENTS and not str(element.tag).startswith(_INERT):
        return f"<{name}> is not allowed"
    for attribute, value in element.attrib.items():
        if attribute.lower().startswith("on"):
            return f"{attribute!r} is not allowed"
        if _LINK.fullmatch(attribute):
            if not value.startswith("#"):
                return f"a link to {value[:60]!r}, outside the picture"
        elif _ELSEWHERE.search(_WITHIN.sub("", value)):
            return f"{attribute!r} points to {value[:60]!r}"
    return ""
