"""What the reader and the checker of courses say, in Spanish, for those who write in admin."""

from __future__ import annotations

import re

from speech.errors import PLAIN

_QUOTED = r"(?:'([^']*)'|\"([^\"]*)\")"
_KEYS = {
    "prompt": "qué se pide",
    "text": "texto en inglés",
    "translation": "traducción",
    "emoji": "dibujo",
    "explanation": "explicación",
    "syllables": "sílabas",
    "options": "opciones",
    "options_in": "idioma de las opciones",
    "answer": "respuesta",
    "answer_translation": "traducción de la respuesta",
    "answers": "respuestas que valen",
    "words": "palabras",
    "also": "otros órdenes que valen",
    "distractors": "palabras que sobran",
    "statement": "afirmación",
    "statement_in": "idioma de la afirmación",
    "lines": "lo que dicen",
    "practises": "lo que practica",
    "english": "inglés",
    "example": "ejemplo",
}
# What is said in English -> in Spanish; {0}, {1} are what was quoted.
_SAID: tuple[tuple[str, str], ...] = (
    (r"no picture, and no reason.*", "Falta un dibujo, o decir por qué no lo tiene."),
    (r"no translation of Q", "Falta la traducción de «{0}»."),
    (r"no translation", "Falta la traducción."),
    (r"no answer_translation", "Falta la traducción de la respuesta."),
    (r"no explanation", "Falta la explicación que lee quien se equivoca."),
    (r"unknown word Q", "«{0}» no está en el diccionario: mira si está bien escrita."),
    (r"Q is not among the options", "La respuesta «{0}» no está entre las opciones."),
    (r"neither 'prompt' nor 'text'.*", "Falta decir qué hay que elegir, en español o en inglés."),
    (r"expected one ___ in .*", "Hace falta un hueco, escrito ___ (tres rayas), y solo uno."),
    (r"with options there is one answer", "Si hay opciones, solo vale una respuesta."),
    (r"Q is not made of the words.*", "«{0}» no se forma con los trozos, todos y una vez."),
    (r"Q is one of the words", "«{0}» no sobra: es uno de los trozos."),
    (r"the syllables do not give Q", "Las sílabas juntas no dan «{0}»."),
    (r"Q comes twice.*", "«{0}» está dos veces."),
    (r"nothing in the course is called Q", "En el curso no hay nada con la clave «{0}»."),
    (r"no word with an emoji is called Q", "«{0}» no es una palabra con dibujo."),
    (r"Q and Q have one picture", "«{0}» y «{1}» tienen el mismo dibujo."),
    (r"after: there is no unit Q", "No hay ninguna unidad «{0}»."),
    (r"a circle of units: (.*)", "Unas unidades esperan a otras en círculo: {0}."),
    (r"the unit has no exercise Q", "La unidad no tiene ningún ejercicio «{0}»."),
    (r"Q is in two pools", "«{0}» está en dos bolsas."),
    (r"Q is in no pool", "«{0}» no está en ninguna bolsa."),
    (r"(\d+) exercises, expected (\d+) to take.*", "Hay {0} ejercicios y hacen falta {1}."),
    (r"Q is no id.*", "«{0}» no vale como clave: letras minúsculas, cifras y guiones."),
    (r"Q: Q is for grammar.*", "«{0}»: «{1}» es para puntos de gramática y pares mínimos."),
    (r"Q is no emoji", "«{0}» no es un emoji."),
    (r"Q and Q do not differ in (.*)", "«{0}» y «{1}» no se distinguen justo en {2}."),
    (r"Q is no sound.*", "«{0}» no es un sonido del inglés."),
    (r"Q is none of (.*)", "«{0}» no es ninguno de estos: {1}."),
    (r"Q is not a number", "«{0}» no es un número."),
    (r"(\d+) is not from (\d+) to (\w+)", "{0} no está entre {1} y {2}."),
    (r"(\d+) of them, expected (\d+) or more", "Hay {0} y hacen falta {1} o más."),
    (r"(\d+) of them, expected (\d+) to (\d+)", "Hay {0} y hacen falta de {1} a {2}."),
    (r"(\d+) characters, at most (\d+)", "Tiene {0} letras; caben {1}."),
    (r"Q is missing", "Falta «{0}»."),
    (r"'type' is missing", "Falta el tipo del ejercicio."),
    (r"unknown key Q; known: (.*)", "No existe la clave «{0}»; existen: {1}."),
    (r"expected some text", "Falta el texto."),
    (r"expected a list", "Hace falta una lista."),
    (r"expected keys and values", "Hacen falta claves y valores."),
    (r"the file is empty", "El archivo está vacío."),
)
_TABLE = [(re.compile(pattern.replace("Q", _QUOTED), re.DOTALL), said) for pattern, said in _SAID]
_UNSPEAKABLE = re.compile(_QUOTED + r" cannot be pronounced: (\w+)(?:: (.*))?", re.DOTALL)


def spanish(why: str) -> str:
    """A sentence; one that is not in the table (of a broken YAML file) as it came."""
    if match := _UNSPEAKABLE.fullmatch(why):
        single, double, code, detail = match.groups()
        about = f" ({detail})" if detail else ""
        return f"«{single or double}»: {PLAIN[code]}{about}"
    for pattern, said in _TABLE:
        if match := pattern.fullmatch(why):
            values = [value for value in match.groups() if value is not None]
            return said.format(*(_KEYS.get(value, value) for value in values))
    return why
