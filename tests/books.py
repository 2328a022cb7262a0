"""A small book, complete and without problems, for tests to read and to break."""

from pathlib import Path

from learning import loading
from learning.models import Book
from learning.shelf import reading, rows, words
from tests.voices import voice

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path d="M0 0h4v3z"/></svg>'
PAGES = (
    ("Ana has a red kite. She runs and runs in the park.", "Ana tiene una cometa roja."),
    ("The wind is strong. Up, up it goes! It is a big bird now.", "El viento es fuerte."),
    ("Leo looks up. “Can I fly it, too?” he says. “Yes, you can!”", "Leo mira arriba."),
    ("The kite is in a tree. Ana's kite is in a tall green tree. Oh, no!", "¡Oh, no!"),
    ("A man has a ladder. He is Leo's dad. Thank you, thank you!", "¡Gracias!"),
)


def text(pages: tuple[tuple[str, str], ...] = PAGES, slug: str = "the-red-kite") -> str:
    """A `book.yaml` with every word of its pages in the gloss."""
    names = ["Ana", "Leo"]
    keys = dict.fromkeys(key for page, _ in pages for key in words.keys(page, names))
    lines = [f"id: {slug}", "title: The Red Kite", "titulo: La cometa roja", "level: 1"]
    lines += ["sinopsis: Una cometa se va.", "cover: cover.svg", "gloss:"]
    lines += [f'  "{key}": en español {key}' for key in keys]
    lines += ["names: [Ana, Leo]", "pages:"]
    for english, spanish in pages:
        lines += [f'  - text: "{english}"', f'    es: "{spanish}"']
        lines += ["    picture: 01.svg", "    alt: Un dibujo."]
    return "\n".join(lines) + "\n"


def write(folder: Path, slug: str = "the-red-kite", **options: object) -> Path:
    """The book, in a folder of its own within one that is there."""
    found = folder / slug
    found.mkdir()
    (found / "book.yaml").write_text(text(slug=slug, **options), "utf-8")  # type: ignore[arg-type]
    for name in ("cover.svg", "01.svg"):
        (found / name).write_text(SVG, "utf-8")
    return found


def load(folder: Path, slug: str = "the-red-kite", **options: object) -> Book:
    """The same, in the database."""
    loading.load(rows.part(reading.read_book(write(folder, slug, **options))))
    return Book.objects.get(slug=slug)


def spoken() -> tuple[tuple[str, str], ...]:
    """Pages of which the second is what the voice of the tests says."""
    return (PAGES[0], (f"{voice().text}.", "Lo llamamos oso."), *PAGES[1:])
