"""The house stands: imports run one way, every kind is complete, and nothing heavy is imported."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from mlcalc.cli.question import Single
from mlcalc.files.problem import Problem
from mlcalc.kinds import kinds, load, summary
from tests.conftest import ROOT

PACKAGE = ROOT / "mlcalc"

ORDER = [
    "maths", "files", "showing", "learning", "networks", "estimation", "classifiers", "kinds",
    "marking", "cli", "__main__",
]  # fmt: skip
"""The first floor; each room may import those before it.  `__init__` is the version alone."""


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports_of(path: Path) -> list[tuple[str, int]]:
    """The rooms that a file imports, also inside a function, with their lines."""
    found = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("mlcalc"):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [(room(name), node.lineno) for name in names]
        elif isinstance(node, ast.Import):
            found += [
                (room(a.name), node.lineno) for a in node.names if a.name.startswith("mlcalc")
            ]
    return found


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        assert not imports_of(path)
        return
    for imported, line in imports_of(path):
        if imported in ("", "__version__"):
            continue
        assert ORDER.index(imported) <= ORDER.index(own), f"{path}:{line} imports {imported}"


def test_no_circle_of_imports() -> None:
    """Files can be read in an order in which each needs those before it.

    What is imported inside a function is for later, and may go back within its room.
    """
    dotted = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in FILES}
    modules = {name.removesuffix(".__init__"): path for path, name in dotted.items()}
    needs: dict[str, set[str]] = {}
    for module, path in modules.items():
        found = set()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= {name if name in modules else node.module for name in names}
        needs[module] = found & modules.keys()
    TopologicalSorter(needs).prepare()  # raises CycleError


def test_solvers_and_renderers_do_not_know_each_other() -> None:
    for path in (PACKAGE / "kinds").rglob("*.py"):
        assert "formats" not in path.read_text(encoding="utf-8"), path
    for path in (PACKAGE / "showing").rglob("*.py"):
        assert {name for name, _ in imports_of(path)} <= {"maths", "files", "showing"}, path


def test_maths_needs_the_standard_library_alone() -> None:
    """Only what computes with arrays, or with many digits, imports more, and later."""
    for path in (PACKAGE / "maths").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                top = name.split(".")[0]
                is_later = path.parent.name == "numerics" and node not in tree.body
                assert (
                    top in sys.stdlib_module_names
                    or name.startswith(("mlcalc.maths", "sympy", "mpmath", "numpy"))
                    or (is_later and name in ("numpy", "mpmath"))
                ), f"{path}: {name}"


@pytest.mark.parametrize("kind", kinds())
def test_a_kind_is_complete(kind: str) -> None:
    module = load(kind)
    assert issubclass(module.Problem, Problem)
    assert callable(module.solve)
    assert summary(kind) == (module.__doc__ or "").partition("\n")[0]
    assert summary(kind).endswith(".")
    assert module.Problem.fields
    clash = set(module.Problem.fields) & set(Single.fields)
    assert not clash, f"{clash} are flags of every command"


@pytest.mark.parametrize("kind", kinds())
def test_help_names_every_field(kind: str, run) -> None:  # type: ignore[no-untyped-def]
    shown = run(kind, "--help").out
    for cls in (load(kind).Problem, Single):
        for field in cls.fields.values():
            if field.hidden:
                continue
            assert field.description.split()[0] in shown
            if field.positional:
                assert field.takes.metavar in shown
                continue
            for name in (field.name, *field.aliases):
                # Lines are cut at hyphens.
                assert "--" + name.replace("_", "-") in "".join(shown.split())


HEAVY = ("sympy", "numpy", "pydantic", "rich", "yaml", "mpmath", "typer.rich_utils")

CONV = ["conv-shape", "3@128x128", "--kernel", "17", "--filters", "12"]
RNN = [
    "rnn-step", "--W-xh", "1 0; 0 1", "--W-hh", "0.5 0; 0 0.5", "--W-hy", "1 1", "--x", "1 0; 0 1",
]  # fmt: skip
LSTM = [
    "rnn-step", "--cell", "lstm", "--x", "1, -1", "--W-xi", "1", "--W-hi", "1", "--W-xf", "1",
    "--W-hf", "1", "--W-xg", "1", "--W-hg", "1", "--W-xo", "1", "--W-ho", "1", "--W-hy", "1",
    "--targets", "0, 1", "--loss", "squared-error",
]  # fmt: skip
NB = [
    "nb", "--model", "bernoulli", "--priors", "1=4/9, 0=5/9", "--query", "red=1",
    "--likelihoods", "{1: {red: 3/4}, 0: {red: 1/5}}",
]  # fmt: skip

PAC = ["pac", "--vc-dimension", "3", "--epsilon", "0.1", "--delta", "0.1", "--bound", "vc"]
MLP = [
    "mlp", "--weights", "1 2; 3 4", "--weights", "1 1", "--x", "1, 2", "--targets", "1",
    "--loss", "squared-error", "--learning-rate", "0.1",
]  # fmt: skip
PARAMS = ["params", "3@32x32 > conv 16 k3 same > maxpool 2 > flatten > fc 10"]


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (["--help"], ()),
        (["--version"], ()),
        (CONV, ()),
        ([*CONV, "--json"], ()),
        ([*CONV, "--format", "terminal"], ("rich",)),
        (["conv-shape", "--help"], ()),
        (["conv-shape", "--image", "1 2; 3 4", "--weights", "1 0; 0 1", "--plot"], ()),
        (["conv-shape", "64x64", "--stride", "2", "--output-shape", "31x31"], ()),
        (RNN, ()),
        ([*RNN, "--plot"], ()),
        (LSTM, ()),
        (["rnn-step", "--cell", "gru", "--sizes", "d, h, k"], ()),
        (NB, ("yaml",)),
        (PAC, ()),
        (["vc", "linear", "--points", "0 0; 1 0; 0 1; 1 1"], ()),
        (MLP, ()),
        (PARAMS, ()),
        (["backprop", "(x + y)*max(y, z)", "--at", "x=1, y=2, z=0", "--plot"], ()),
        (["backprop", "u.T @ relu(W @ x)", "--at", "u=[1, 2], W=[[1, 2], [3, 4]], x=[1, 1]"], ()),
        (["backprop", "u.T @ relu(W @ x + b)"], ()),
        (["params", "vgg16"], ("yaml",)),
        (["solve", "problems/convolution.yaml"], ("yaml",)),
        (["check", "--key", "problems/convolution.yaml", "tests/marking/class"], ("yaml",)),
    ],
    ids=lambda v: " ".join(v),
)
def test_heavy_modules_stay_out(arguments: list[str], allowed: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom mlcalc.cli.main import run\n"
        f"try:\n    run({arguments!r})\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', *[m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    loaded = done.stdout.split("LOADED")[1].split()
    assert set(loaded) <= set(allowed)
    assert "rich.markdown" not in loaded


WITNESSES = {"jsonschema", "latex2mathml", "scipy", "sklearn", "torch"}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests").rglob("test_*.py")), ids=lambda p: p.stem.removeprefix("test_")
)
def test_no_test_file_needs_a_witness_to_be_read(path: Path) -> None:
    """The plain test command has none of them: who needs one skips without it."""
    read = ast.parse(path.read_text(encoding="utf-8")).body
    named = {
        name.partition(".")[0]
        for node in read
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    assert not named & WITNESSES
