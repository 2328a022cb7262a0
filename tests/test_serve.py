"""The one-process form, started as a family starts it."""

import signal
import socket
import ssl
import subprocess
import sys
import urllib.request

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.site import ROOT, Site


def test_one_process_serves_pages_and_ends_when_asked(one_machine: Site) -> None:
    node = one_machine.one_process()
    with urllib.request.urlopen(f"{node.url}/quien-habla/") as page:
        assert "¿Quién va a hablar?" in page.read().decode()
    with urllib.request.urlopen(f"{node.url}/static/admin/css/base.css") as style:
        assert style.status == 200
    node.process.send_signal(signal.SIGTERM)
    assert node.process.wait(60) == 0
    assert "Traceback" not in node.log.read_text()


def test_ctrl_c_ends_it_too(one_machine: Site) -> None:
    node = one_machine.one_process()
    node.process.send_signal(signal.SIGINT)
    assert node.process.wait(60) == 0
    assert "Traceback" not in node.log.read_text()


def test_a_socket_opens_for_our_page_and_not_for_another_site(one_machine: Site) -> None:
    node = one_machine.one_process()
    address = node.url.replace("http", "ws") + "/ws/grabar/"
    with connect(address, origin=Origin(node.url)) as ours:
        assert ours.protocol.state.name == "OPEN"
    with pytest.raises(InvalidStatus) as refused:
        connect(address, origin=Origin("https://example.com"))
    assert refused.value.response.status_code == 403


def test_a_port_in_use_is_named(one_machine: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=one_machine.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert f"make run PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_with_redis_the_processes_to_start_are_named(one_machine: Site) -> None:
    one_machine.environment["REDIS_URL"] = "redis://127.0.0.1:1/0"
    with pytest.raises(RuntimeError, match="celery -A config worker"):
        one_machine.manage("serve")


def test_at_home_it_serves_https_with_secure_cookies(one_machine: Site) -> None:
    one_machine.environment["HTTPS"] = "1"
    trusting = ssl.create_default_context()
    certificate = one_machine.folder / "var" / "certificate" / "certificate.pem"
    node = one_machine.one_process()
    trusting.load_verify_locations(certificate)
    with urllib.request.urlopen(f"{node.url}/quien-habla/", context=trusting) as page:
        cookies = page.headers.get_all("Set-Cookie")
    assert all("Secure" in cookie for cookie in cookies)
    assert "https://" in node.log.read_text()
