"""A small course folder, complete and without problems, for tests to break."""

from pathlib import Path

COURSE = """course:
  slug: curso
  title: Curso
  description: Un curso.
units:
  - slug: uno
    folder: uno
    title: Uno
    emoji: 🐱
    goal: Nombras animales.
    lessons: [leccion.yaml]
    quiz: quiz.yaml
"""
LESSON = """slug: leccion
title: Lección
kind: vocabulary
emoji: 🐱
minutes: 6
intro: |
  Hola,

  corto.
words:
  - id: cat
    english: cat
    pos: noun  # cat
    translation: {es: el gato, es-mx: el gatito}
    emoji: 🐱
    example: The cat is here.
    example_translation: El gato está aquí.
    accepted: [K AE T]
  - id: dog
    english: dog
    pos: noun
    translation: el perro
    emoji: 🐶
    example: The dog is here.
    example_translation: El perro está aquí.
  - id: sun
    english: sun
    pos: noun
    translation: el sol
    emoji: ☀️
    example: I see the sun.
    example_translation: Veo el sol.
grammar:
  - id: g-uno
    title: Ver
    explanation: Se ve algo.
    examples:
      - {text: I see a cat., translation: Veo un gato.}
      - {text: I see a dog., translation: Veo un perro.}
      - {text: "Is it a cat? Yes!", translation: "¿Es un gato? ¡Sí!"}
    mistakes:
      - {wrong: See a cat., right: I see a cat., why: Falta «I».}
pairs:
  - id: p-ih-iy
    sounds: [IH, IY]
    title: Las dos íes
    explanation: Una es corta y otra larga.
    pairs:
      - {a: {text: ship, translation: barco, emoji: 🚢}, b: {text: sheep, translation: oveja}}
      - {a: {text: sit, translation: sentarse}, b: {text: seat, translation: asiento}}
      - {a: {text: live, translation: vivir}, b: {text: leave, translation: irse}}
      - {a: {text: fill, translation: llenar}, b: {text: feel, translation: sentir}}
exercises:
  - id: uno-01
    type: listen_say
    practises: [sun]
    text: I see a sun.
    translation: Veo un sol.
  - id: uno-02
    type: see_say
    practises: [dog]  # say
    text: a happy dog
    translation: un perro contento
  - id: uno-03
    type: say_slowly
    practises: [IH]
    text: happy
    syllables: [hap, py]
    translation: contento
  - id: uno-04
    type: listen_choose
    practises: [p-ih-iy]
    options: [ship, sheep]
    answer: sheep
    explanation: Dura más.
  - id: uno-05
    type: picture_match
    words: [cat, dog, sun]
  - id: uno-06
    type: choose
    practises: [dog]
    prompt: ¿Ves un perro?
    options: [I see a dog., See a dog.]
    answer: I see a dog.
    explanation: Hace falta «I».
  - id: uno-07
    type: order
    practises: [g-uno]
    words: [a cat, I, see]
    answer: I see a cat.
    also: [A cat I see.]
    distractors: [dog]
    translation: Veo un gato.
    explanation: Primero, quién.
  - id: uno-08
    type: gap
    practises: [cat, dog]
    text: The ___ is here.
    answers: [cat, dog]
    translation: El gato está aquí.
    explanation: Un animal.
  - id: uno-09
    type: transform
    practises: [g-uno]
    prompt: Haz la pregunta.
    text: It is a cat.
    answers: [Is it a cat?]
    translation: ¿Es un gato?
    explanation: «Is» va delante.
  - id: uno-10
    type: dictation
    practises: [sun]
    text: the sun and a dog
    translation: el sol y un perro
    explanation: «Sun» acaba en n.
  - id: uno-11
    type: true_false
    practises: [cat]
    text: The cat is happy.
    translation: El gato está contento.
    statement: El gato está triste.
    answer: false
    explanation: «Happy» es contento.
  - id: uno-12
    type: dialogue
    practises: [cat]
    lines:
      - {who: Ana, text: Is it a cat?, translation: ¿Es un gato?}
    options: ["Yes, a cat.", "Yes, cat."]
    answer: Yes, a cat.
    answer_translation: Sí, un gato.
    explanation: Falta «a».
"""
QUIZ = """slug: uno-quiz
title: Cuestionario
emoji: 🏁
minutes: 5
pass_mark: 75
pools:
  - title: Todo
    take: 1
    exercises: [uno-07, uno-q-01]
exercises:
  - id: uno-q-01
    type: gap
    practises: [sun]
    text: I ___ the sun.
    answers: [see]
    translation: Veo el sol.
    explanation: «See» es ver.
"""


def write(folder: Path) -> Path:
    """The course, in a folder that is there."""
    (folder / "uno").mkdir()
    (folder / "course.yaml").write_text(COURSE, "utf-8")
    (folder / "uno/leccion.yaml").write_text(LESSON, "utf-8")
    (folder / "uno/quiz.yaml").write_text(QUIZ, "utf-8")
    return folder


def change(path: Path, before: str, after: str) -> int:
    """Put one thing in place of another; gives the line where that is."""
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    return text[: text.index(before)].count("\n") + 1


def add_unit(folder: Path, slug: str, *more: str) -> None:
    """A unit of which nothing is written, with more keys of its own."""
    lines = [f"  - slug: {slug}", f"folder: {slug}", "title: Otra", "emoji: 🐶", "goal: Otra."]
    lines += ["lessons: [leccion.yaml]", "quiz: quiz.yaml", *more]
    path = folder / "course.yaml"
    path.write_text(path.read_text("utf-8") + "\n    ".join(lines) + "\n", "utf-8")
