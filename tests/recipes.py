"""What a recipe for an extension says, tried on a copy of the house: one entry in one file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def with_entry(folder: Path, file: str, before: str, entry: str) -> Path:
    """A copy of the house in the folder, with the entry before that line of the file."""
    shutil.copytree(ROOT / "mlcalc", folder / "mlcalc", ignore=shutil.ignore_patterns("*.pyc"))
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {file}"
    path.write_text(text.replace(before, entry + before), encoding="utf-8")
    return folder


def printed(house: Path, *arguments: str) -> str:
    """What that house prints; it must end well."""
    environment = {**os.environ, "PYTHONPATH": str(house), "PYTHONUTF8": "1", "COLUMNS": "80"}
    command = [sys.executable, "-m", "mlcalc", *arguments]
    ran = subprocess.run(
        command, cwd=house, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
