"""What goes over the line compressed, and what must not."""

import gzip

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.middleware import GzippedText
from tests.lessons import exercise

GZIP = {"accept-encoding": "gzip, br"}


@pytest.mark.django_db
def test_a_page_goes_compressed_to_who_can_read_it(client: Client) -> None:
    plain, small = client.get("/"), client.get("/", headers=GZIP)
    assert "Content-Encoding" not in plain
    assert small["Content-Encoding"] == "gzip"
    assert small["Content-Length"] == str(len(small.content))
    assert len(small.content) < len(plain.content) / 2
    assert gzip.decompress(small.content).decode().count("</html>") == 1
    for response in (plain, small):
        assert "Accept-Encoding" in response["Vary"]


@pytest.mark.django_db
def test_what_scripts_say_is_compressed_and_not_sent_again(client: Client) -> None:
    first = client.get("/textos.js", headers=GZIP)
    assert first["Content-Encoding"] == "gzip"
    again = client.get("/textos.js", headers=GZIP | {"if-none-match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", [{}, {"range": "bytes=0-999"}])
def test_a_voice_goes_as_it_is(client: Client, wanted: dict[str, str]) -> None:
    address = f"/voz/{exercise('I see a rabbit').pk}/normal.mp3"
    response = client.get(address, headers=GZIP | wanted)
    assert response.status_code in (200, 206), address
    assert "Content-Encoding" not in response
    assert not response["ETag"].startswith("W/")


def test_what_is_compressed_already_is_not_compressed_again() -> None:
    page = gzip.compress(b"<p>Hola</p>" * 100)

    def made(_request: object) -> HttpResponse:
        return HttpResponse(page, headers={"Content-Encoding": "gzip"})

    request = RequestFactory().get("/", headers=GZIP)
    assert GzippedText(made)(request).content == page  # type: ignore[union-attr]
