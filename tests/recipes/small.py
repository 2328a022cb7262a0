"""A recipe's `tiny` command, run once for the tests of a module."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple


class Run(NamedTuple):
    folder: Path
    figures: dict[str, Any]
    log: str


def run_tiny(recipe: str, folder: Path) -> Run:
    """The whole recipe in small, in the folder."""
    command = [sys.executable, "-m", f"speech.recipes.{recipe}.tiny", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return Run(folder, json.loads(done.stdout), (folder / "log.txt").read_text())
