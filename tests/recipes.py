"""A copy of the house, in which a recipe for an extension is tried."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def copy_of_house(folder: Path) -> Path:
    """The package copied into the folder."""
    shutil.copytree(ROOT / "mlcalc", folder / "mlcalc", ignore=shutil.ignore_patterns("*.pyc"))
    return folder


def with_entry(folder: Path, file: str, before: str, entry: str) -> Path:
    """A copy of the house in the folder, with the entry before that line of the file."""
    path = copy_of_house(folder) / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {file}"
    path.write_text(text.replace(before, entry + before), encoding="utf-8")
    return folder


def run_in(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """That house run with these arguments."""
    environment = {**os.environ, "PYTHONPATH": str(house), "PYTHONUTF8": "1", "COLUMNS": "80"}
    command = [sys.executable, "-m", "mlcalc", *arguments]
    return subprocess.run(
        command, cwd=house, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def printed(house: Path, *arguments: str) -> str:
    """What that house prints; it must end well."""
    ran = run_in(house, *arguments)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
