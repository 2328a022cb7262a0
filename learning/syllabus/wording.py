"""What the reader and the checker of courses say, for those who write in admin."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from speech.errors import PLAIN

_QUOTED = r"(?:'([^']*)'|\"([^\"]*)\")"
_KEYS = {
    "prompt": gettext_noop("qué se pide"),
    "text": gettext_noop("texto en inglés"),
    "translation": gettext_noop("traducción"),
    "emoji": gettext_noop("dibujo"),
    "explanation": gettext_noop("explicación"),
    "syllables": gettext_noop("sílabas"),
    "options": gettext_noop("opciones"),
    "options_in": gettext_noop("idioma de las opciones"),
    "answer": gettext_noop("respuesta"),
    "answer_translation": gettext_noop("traducción de la respuesta"),
    "answers": gettext_noop("respuestas que valen"),
    "words": gettext_noop("palabras"),
    "also": gettext_noop("otros órdenes que valen"),
    "distractors": gettext_noop("palabras que sobran"),
    "statement": gettext_noop("afirmación"),
    "statement_in": gettext_noop("idioma de la afirmación"),
    "lines": gettext_noop("lo que dicen"),
    "practises": gettext_noop("lo que practica"),
    "english": gettext_noop("inglés"),
    "example": gettext_noop("ejemplo"),
}
# What is said in English -> in Spanish; {0}, {1} are what was quoted.
_SAID: tuple[tuple[str, str], ...] = (
    (r"no picture, and no reason.*", gettext_noop("Falta un dibujo, o decir por qué no lo tiene.")),
    (r"no translation of Q", gettext_noop("Falta la traducción de «{0}».")),
    (r"no translation", gettext_noop("Falta la traducción.")),
    (r"no answer_translation", gettext_noop("Falta la traducción de la respuesta.")),
    (r"no explanation", gettext_noop("Falta la explicación que lee quien se equivoca.")),
    (
        r"unknown word Q",
        gettext_noop("«{0}» no está en el diccionario: mira si está bien escrita."),
    ),
    (r"Q is not among the options", gettext_noop("La respuesta «{0}» no está entre las opciones.")),
    (
        r"neither 'prompt' nor 'text'.*",
        gettext_noop("Falta decir qué hay que elegir, en español o en inglés."),
    ),
    (
        r"expected one ___ in .*",
        gettext_noop("Hace falta un hueco, escrito ___ (tres rayas), y solo uno."),
    ),
    (
        r"with options there is one answer",
        gettext_noop("Si hay opciones, solo vale una respuesta."),
    ),
    (
        r"Q is not made of the words.*",
        gettext_noop("«{0}» no se forma con los trozos, todos y una vez."),
    ),
    (r"Q is one of the words", gettext_noop("«{0}» no sobra: es uno de los trozos.")),
    (r"the syllables do not give Q", gettext_noop("Las sílabas juntas no dan «{0}».")),
    (r"Q comes twice.*", gettext_noop("«{0}» está dos veces.")),
    (
        r"nothing in the course is called Q",
        gettext_noop("En el curso no hay nada con la clave «{0}»."),
    ),
    (r"no word with an emoji is called Q", gettext_noop("«{0}» no es una palabra con dibujo.")),
    (r"Q and Q have one picture", gettext_noop("«{0}» y «{1}» tienen el mismo dibujo.")),
    (r"after: there is no unit Q", gettext_noop("No hay ninguna unidad «{0}».")),
    (r"a circle of units: (.*)", gettext_noop("Unas unidades esperan a otras en círculo: {0}.")),
    (r"the unit has no exercise Q", gettext_noop("La unidad no tiene ningún ejercicio «{0}».")),
    (r"Q is in two pools", gettext_noop("«{0}» está en dos bolsas.")),
    (r"Q is in no pool", gettext_noop("«{0}» no está en ninguna bolsa.")),
    (
        r"(\d+) exercises, expected (\d+) to take.*",
        gettext_noop("Hay {0} ejercicios y hacen falta {1}."),
    ),
    (
        r"Q is no id.*",
        gettext_noop("«{0}» no vale como clave: letras minúsculas, cifras y guiones."),
    ),
    (
        r"Q: Q is for grammar.*",
        gettext_noop("«{0}»: «{1}» es para puntos de gramática y pares mínimos."),
    ),
    (
        r"English has no 'es-mx' form",
        gettext_noop("Una afirmación en inglés no tiene otra forma para México."),
    ),
    (r"Q is no emoji", gettext_noop("«{0}» no es un emoji.")),
    (
        r"Q and Q do not differ in (.*)",
        gettext_noop("«{0}» y «{1}» no se distinguen justo en {2}."),
    ),
    (r"Q is no sound.*", gettext_noop("«{0}» no es un sonido del inglés.")),
    (r"Q is none of (.*)", gettext_noop("«{0}» no es ninguno de estos: {1}.")),
    (r"Q is not a number", gettext_noop("«{0}» no es un número.")),
    (r"(\d+) is not from (\d+) to (\w+)", gettext_noop("{0} no está entre {1} y {2}.")),
    (r"(\d+) of them, expected (\d+) or more", gettext_noop("Hay {0} y hacen falta {1} o más.")),
    (
        r"(\d+) of them, expected (\d+) to (\d+)",
        gettext_noop("Hay {0} y hacen falta de {1} a {2}."),
    ),
    (r"(\d+) characters, at most (\d+)", gettext_noop("Tiene {0} letras; caben {1}.")),
    (r"Q is missing", gettext_noop("Falta «{0}».")),
    (r"'type' is missing", gettext_noop("Falta el tipo del ejercicio.")),
    (r"unknown key Q; known: (.*)", gettext_noop("No existe la clave «{0}»; existen: {1}.")),
    (r"no titulo", gettext_noop("Falta el título en español.")),
    (r"no synopsis", gettext_noop("Falta decir de qué trata.")),
    (r"no cover", gettext_noop("Falta el dibujo de la cubierta.")),
    (r"no picture", gettext_noop("Falta el dibujo.")),
    (r"no alt", gettext_noop("Falta decir qué se ve en el dibujo.")),
    (
        r"(\d+) words in the book, expected (\d+) to (\d+)",
        gettext_noop("El libro tiene {0} palabras y hacen falta de {1} a {2}."),
    ),
    (
        r"(\d+) words in a page, at most (\d+)",
        gettext_noop("Tiene {0} palabras y caben {1}."),
    ),
    (
        r"(?:cover|picture): <(.*)> is not allowed",
        gettext_noop("En el dibujo no puede haber <{0}>."),
    ),
    (
        r"(?:cover|picture): (\d+) bytes, at most (\d+)",
        gettext_noop("El dibujo ocupa {0} bytes y caben {1}: simplifícalo."),
    ),
    (
        r"(?:cover|picture): no viewBox",
        gettext_noop("Al dibujo le falta «viewBox», que dice qué trozo se ve."),
    ),
    (
        r"(?:cover|picture): no (?:XML|<svg>|text).*",
        gettext_noop("El archivo no es un dibujo SVG."),
    ),
    (
        r"(?:cover|picture): (?:Q is not allowed|Q points to .*|a link to .*|a document type.*)",
        gettext_noop("En el dibujo solo caben formas y colores, nada que se ejecute o se cargue."),
    ),
    (
        r"(\d+) of (\d+) words are in no English dictionary",
        gettext_noop(
            "{0} de {1} palabras no están en el diccionario: mira si el texto está en inglés."
        ),
    ),
    (r"(?:cover|picture): (.*)", gettext_noop("El dibujo no vale: {0}.")),
    (r"expected some text", gettext_noop("Falta el texto.")),
    (r"expected a list", gettext_noop("Hace falta una lista.")),
    (r"expected keys and values", gettext_noop("Hacen falta claves y valores.")),
    (r"the file is empty", gettext_noop("El archivo está vacío.")),
)
_TABLE = [(re.compile(pattern.replace("Q", _QUOTED), re.DOTALL), said) for pattern, said in _SAID]
_UNSPEAKABLE = re.compile(_QUOTED + r" cannot be pronounced: (\w+)(?:: (.*))?", re.DOTALL)


def spanish(why: str) -> str:
    """A sentence; one that is not in the table (of a broken YAML file) as it came."""
    if match := _UNSPEAKABLE.fullmatch(why):
        single, double, code, detail = match.groups()
        about = f" ({detail})" if detail else ""
        return f"«{single or double}»: {_(PLAIN[code])}{about}"
    for pattern, said in _TABLE:
        if match := pattern.fullmatch(why):
            values = [value for value in match.groups() if value is not None]
            return _(said).format(*(_(_KEYS[each]) if each in _KEYS else each for each in values))
    return why
