"""The pinned locks: installable anywhere, with torch and its companions apart."""

import re

import pytest

from tests.site import ROOT

PIN = re.compile(r"[a-z0-9][a-z0-9._-]*==[0-9][\w.]*( ; [a-z_]+ .+)?")
LOCKS = ("web", "torch", "engine", "dev", "uv")


def pins(name: str) -> list[str]:
    return (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_exact_versions_and_no_address(name: str) -> None:
    assert [line for line in pins(name) if not PIN.fullmatch(line) or "://" in line] == []


def test_a_web_node_installs_no_torch() -> None:
    assert [line for line in pins("web") if re.match(r"(torch|nvidia|cuda|triton)", line)] == []


def test_cpu_only_wheels_can_take_the_place_of_the_torch_lock() -> None:
    together = [line.split("==")[0] for line in pins("torch")]
    assert {"torch", "torchaudio"} <= set(together)
    assert [line for line in pins("engine") if re.match(r"(torch|nvidia|cuda|triton)", line)] == []


def test_one_package_has_one_version() -> None:
    versions: dict[str, set[str]] = {}
    for name in LOCKS:
        for line in pins(name):
            package, _, version = line.partition("==")
            versions.setdefault(package, set()).add(version)
    for package, found in versions.items():
        unconditional = {version for version in found if ";" not in version}
        assert len(unconditional) <= 1, package
