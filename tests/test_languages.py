"""The interface in English and in Latin America's Spanish: complete, and where it is asked for."""

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import ngettext
from django.utils.translation.trans_real import DjangoTranslation

from assessment import feedback, push
from learning.models import Exercise
from learning.syllabus.mexican import of_spain
from tests import authors, lessons, people
from tests.pages import page
from tests.people import Person
from tests.takes import attempt, take

ROOT = Path(settings.BASE_DIR)
DOMAINS = ("django", "djangojs")
SOURCES = ("accounts", "assessment", "config", "learning", "speech", "static/js", "templates")
MESSAGE = re.compile(r'^msgid (".+")\n(?:msgid_plural (".+")\n)?', re.MULTILINE)
SPANISH = re.compile(
    r"[¿¡ñ]|\b(el|los|las|una|unos|que|para|con|tus?|ver|del|es|se|lo|y|o)\b", re.I
)
BOTH = re.compile(r"«[^»]*\|[^»]*»")  # how it is said in Spain | in Mexico
QUOTED = re.compile(r"“[^”]*”")
VOID = {"area", "br", "circle", "img", "input", "link", "meta", "path", "rect"}


def catalogue(language: str, domain: str, kind: str = "po") -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"{domain}.{kind}"


def run(*command: str | Path, cwd: Path | None = None) -> str:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=bare)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with what xgettext finds in the code as it is now."""
    copy = tmp_path_factory.mktemp("sources")
    for source in SOURCES:
        leave = shutil.ignore_patterns("*.mo", "__pycache__", "bundles", "content", "recipes")
        shutil.copytree(ROOT / source, copy / source, ignore=leave)
    (copy / "locale").mkdir()
    for domain in DOMAINS:
        make = ("-m", "django", "makemessages", "-l", "en", "-d", domain)
        run(sys.executable, *make, cwd=copy)
    return copy / "locale/en/LC_MESSAGES"


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_is_in_english(domain: str, fresh: Path) -> None:
    """Nothing missing, untranslated or fuzzy; and nothing that the code no longer says."""
    english = catalogue("en", domain)
    run("msgcmp", english, fresh / f"{domain}.po")
    run("msgcmp", "--use-untranslated", fresh / f"{domain}.po", english)
    assert "fuzzy" not in english.read_text()


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_latin_america_says_otherwise_is_still_said(domain: str, fresh: Path) -> None:
    run("msgcmp", "--use-untranslated", fresh / f"{domain}.po", catalogue("es_MX", domain))


@pytest.mark.parametrize("language", ["en", "es_MX"])
@pytest.mark.parametrize("domain", DOMAINS)
def test_catalogues_are_sound_and_compiled(language: str, domain: str, tmp_path: Path) -> None:
    """The same placeholders on both sides; the .mo files are those of the .po files."""
    made = tmp_path / f"{domain}.mo"
    run("msgfmt", "--check-format", "-o", made, catalogue(language, domain))
    shipped = catalogue(language, domain, "mo")
    assert run("msgunfmt", made) == run("msgunfmt", shipped), "run `make messages`"


@pytest.mark.parametrize("domain", DOMAINS)
def test_latin_america_hears_no_word_of_spain_alone(domain: str) -> None:
    ours = [str(path) for path in settings.LOCALE_PATHS]
    paths = None if domain == "django" else ours
    said = DjangoTranslation("es-mx", domain=domain, localedirs=paths)
    found = MESSAGE.findall(catalogue("en", domain).read_text())
    assert len(found) > 60
    for one, many in found:
        texts = [said.gettext(json.loads(one))]
        if many:
            texts = [said.ngettext(json.loads(one), json.loads(many), count) for count in (1, 2)]
        for text in texts:
            assert of_spain(BOTH.sub("", text)) == [], text


class Interface(HTMLParser):
    """What a page says in its own language: nothing that is marked as of another one."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[bool] = []  # whether each element that is open speaks the page's language
        self.says: list[str] = []
        self.language = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.language = found.get("lang") or ""
        ours = all(self.open[-1:]) and found.get("lang", self.language) == self.language
        if ours:
            names = ("alt", "aria-label", "title", "placeholder", "content")
            self.says += [found.get(name) or "" for name in names]
        if tag not in VOID:
            self.open.append(ours and tag not in ("script", "style", "code"))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if all(self.open[-1:]):
            self.says.append(data)


def speak(person: Person | Client, language: str) -> Client:
    client = person.client if isinstance(person, Person) else person
    response = client.post("/idioma", {"language": language, "next": "/privacidad/"})
    assert response["Location"] == "/privacidad/"
    return client


def spanish_in(html: str) -> list[str]:
    """The Spanish of an English page."""
    shown = Interface(html)
    assert shown.language == "en"
    return [text.strip() for text in shown.says if SPANISH.search(QUOTED.sub("", text))]


PAGES = (
    *("/", "/privacidad/", "/mis-sonidos/", "/mi-progreso/", "/hoy/", "/mis-datos/"),
    *("/mis-datos/borrar/", "/mis-grabaciones/", "/quien-habla/", "/cuenta/nueva/"),
    *("/cuenta/entrar/", "/cuenta/correo/", "/cuenta/clave/olvidada/", "/no-hay-nada/"),
    *("/leccion/prueba-true/", "/leccion/prueba-true/resumen/", "/estanteria/", "/estudio/"),
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_has_no_spanish_left(path: str) -> None:
    lessons.exercise("rabbit")
    for person in (Client(), people.learner(), people.parent()):
        response = speak(person, "en").get(path)
        fragment = path.endswith("/resumen/")
        html = response.content.decode()
        assert spanish_in(f'<html lang="en">{html}</html>' if fragment else html) == []
        assert response["Content-Language"] == "en"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("", "es"),
        ("es", "es"),
        ("es-ES,es;q=0.9,es-MX;q=0.8", "es"),
        ("es-MX", "es-mx"),
        ("es-419,es;q=0.9", "es-mx"),
        ("en-US,en;q=0.9,es-AR;q=0.8", "es-mx"),
        ("en-US,en", "es"),
        ("des-CH", "es"),
    ],
)
def test_a_browser_chooses_between_two_kinds_of_spanish(asked: str, spoken: str) -> None:
    client = people.parent().client
    response = client.get("/mis-datos/", headers={"accept-language": asked})
    html = response.content.decode()
    assert Interface(html).language == response["Content-Language"] == spoken
    assert ("computadora" in html, "ordenador" in html) == (spoken == "es-mx", spoken == "es")
    assert f'value="{spoken}" lang="{spoken}" aria-current="true"' in html


@pytest.mark.django_db
def test_a_choice_outlasts_what_the_browser_asks_for(client: Client) -> None:
    speak(client, "en")
    cookie = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert int(cookie["max-age"]) >= 365 * 24 * 60 * 60
    shown = client.get("/", headers={"accept-language": "es-MX"})
    assert "Read aloud. Cotorra listens to you." in shown.content.decode()
    speak(client, "es")
    assert "Lee en voz alta. Cotorra te escucha." in client.get("/").content.decode()


@pytest.mark.django_db
def test_every_language_can_be_chosen_at_the_foot(client: Client) -> None:
    html = client.get("/").content.decode()
    assert re.findall(r'name="language" value="([\w-]+)"', html) == list(dict(settings.LANGUAGES))


@pytest.mark.django_db
def test_scripts_speak_the_language_of_the_page(client: Client) -> None:
    assert "catalog[key]" not in client.get("/textos.js").content.decode()  # Spanish is the source
    speak(client, "en")
    response = client.get("/textos.js")
    assert '"Grabar": "Record"' in response.content.decode()
    assert len(response.content) < 16_000
    again = client.get("/textos.js", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
def test_feedback_is_in_english_and_its_tips_in_spanish() -> None:
    finding = take("rabbit", {"rabbit": "es_rr AE B AH T"})
    scored = attempt(people.learner(), finding, lessons.exercise("rabbit"))
    with translation.override("en"):
        html = feedback.render(scored)
    assert "Almost! There is only one sound to correct." in html
    assert re.search(r'<p class="tip-fix" lang="es">', html)
    says = [each for each in spanish_in(f'<html lang="en">{html}</html>') if "«" not in each]
    assert says == []


@pytest.mark.django_db
def test_one_and_many() -> None:
    with translation.override("en"):
        said = [ngettext("%(left)d minuto", "%(left)d minutos", n) % {"left": n} for n in (1, 2)]
    assert said == ["1 minute", "2 minutes"]
    with translation.override("es-mx"):
        said = [ngettext("%(left)d minuto", "%(left)d minutos", n) % {"left": n} for n in (1, 2)]
    assert said == ["1 minuto", "2 minutos"]


@pytest.mark.django_db(transaction=True)
async def test_a_socket_speaks_the_language_of_its_page() -> None:
    learner, exercise = await database_sync_to_async(_somebody)()
    learner.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    finding = take("rabbit", {"rabbit": "R AE B AH T"})
    scored = await database_sync_to_async(attempt)(learner, finding, exercise)
    async with page(learner) as opened:
        await opened.start(0)
        assert (await opened.hear("error"))["plain"] == (
            "This exercise no longer exists. Go back to the lesson."
        )
        await database_sync_to_async(push.feedback)(scored)
        assert "Perfect! All the sounds went well." in (await opened.hear("feedback"))["html"]


def _somebody() -> tuple[Person, Exercise]:
    return people.learner(), lessons.exercise("rabbit")


DESK = (
    *("/admin/", "/admin/learning/lesson/", "/admin/learning/lesson/add/"),
    *("/admin/learning/word/add/", "/admin/learning/grammarpoint/add/"),
    *("/admin/learning/pairset/add/", "/admin/learning/exercise/add/"),
    *(f"/admin/learning/exercise/add/?kind={kind}" for kind in Exercise.Kind.values),
    *("/admin/learning/lesson/importar/", "/admin/learning/lesson/guia/"),
    *("/admin/learning/book/", "/admin/learning/book/add/"),
)


@pytest.mark.django_db
def test_the_desk_of_authors_is_in_english_too() -> None:
    client = speak(authors.author(), "en")
    for path in DESK:
        response = client.get(path)
        assert response.status_code == 200, path
        assert spanish_in(response.content.decode()) == [], path
