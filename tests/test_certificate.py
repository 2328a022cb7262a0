"""The certificate for phones at home."""

import datetime
import stat
from pathlib import Path

from cryptography import x509

from config import certificate

NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
HOSTS = ["localhost", "127.0.0.1", "192.168.1.20"]


def serial(path: Path) -> int:
    return x509.load_pem_x509_certificate(path.read_bytes()).serial_number


def test_the_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    _, key = certificate.ensure(tmp_path, HOSTS, NOW)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_certificate_is_kept_while_it_serves(tmp_path: Path) -> None:
    path, _ = certificate.ensure(tmp_path, HOSTS, NOW)
    first = serial(path)
    certificate.ensure(tmp_path, HOSTS[:2], NOW + datetime.timedelta(days=300))
    assert serial(path) == first


def test_a_new_address_needs_a_new_certificate(tmp_path: Path) -> None:
    path, _ = certificate.ensure(tmp_path, HOSTS, NOW)
    first = serial(path)
    certificate.ensure(tmp_path, [*HOSTS, "192.168.1.21"], NOW)
    assert serial(path) != first


def test_a_certificate_that_ends_soon_is_made_anew(tmp_path: Path) -> None:
    path, _ = certificate.ensure(tmp_path, HOSTS, NOW)
    first = serial(path)
    certificate.ensure(tmp_path, HOSTS, NOW + datetime.timedelta(days=380))
    assert serial(path) != first
