"""Command lines and files that no one would type: every field of every kind, valid and broken.

Values come from the shipped problems, the README and the words of the fields, and are mutated;
what begins valid is spoiled in a few places, since what is refused at once finds little.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from random import Random
from types import MappingProxyType
from typing import Any, NamedTuple

from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.reading import read_document
from mlcalc.kinds import kinds, load
from mlcalc.marking.exercise import Exercise, read_exercises
from mlcalc.showing.formats import FORMATS
from tests.benchmarks import densities
from tests.benchmarks.fuzz_answers import PIECES, text
from tests.conftest import PROBLEMS, ROOT

NASTY = (
    "", " ", "0", "-1", "1", "2.5", "1e400", "-1e400", "1e-400", "10^400", "2^(2^20)", "nan",
    "inf", "null", "yes", "true", "x", "theta", "1/0", "0/0", "1/3", "8%", "0.(3)", "0o10",
    "1,000", "0,08", "1 000 2 500", "[1, 2", "[[1, 2], [3]]", "[]", "[[]]", "{}", "{a: 1}",
    "x=1, x=2", "1; 2", "1 2\n3 4", "(0,0), (1,0)", "4x4", "3@32x32", "224x224x3", "5x28x30",
    "0x0", "1@1x1x1", "9^9^9", "100000", "99999999999999999999", "uniform(0, 1)", "normal(mu=0)",
    "normal(mu=0, sigma2=-1)", "beta(0, 0)", "softmax(1, 2)", "layernorm(1, 0.5)",
    "max(0, 1 - abs(x - theta))", "cases(1 if x = 0, 2 if x = 1)", "sum(x)", "²", "\u202e",
    "\ud800", "\x1b[2J", "a" * 3000, "(" * 300, "1," * 3000, "-x + y", "--", "HHTHT",
    "heads=7, tails=3", "problems/cars.csv", "problems/cars.csv:red", "no.csv", "{from: x.y}",
)  # fmt: skip

ENDINGS = ("json", "jsonl", "tex", "md", "txt", "html", "pdf", "ipynb", "xyz", "")


class Case(NamedTuple):
    """A command line, without the program's name, and the files that it stands beside."""

    arguments: list[str]
    files: Mapping[str, str] = MappingProxyType({})
    typed: str = ""

    @property
    def command(self) -> str:
        """What to type in an empty folder to see it again."""
        lines = [f"printf %s {quoted(text)} > {name}" for name, text in self.files.items()]
        pipe = f"printf %s {quoted(self.typed)} | " if self.typed else ""
        return "; ".join([*lines, f"{pipe}mlcalc {' '.join(map(quoted, self.arguments))}"])


def quoted(word: str) -> str:
    """The word for bash, with an escape for what cannot be seen."""
    if word.isprintable():
        return shlex.quote(word)
    escapes = "".join(
        f"\\x{byte:02x}" if not 32 <= byte < 127 or byte in b"'\\" else chr(byte)
        for byte in word.encode("utf-8", "surrogatepass")
    )
    return f"$'{escapes}'"


# What valid questions look like.


@cache
def exercises() -> dict[str, list[Exercise]]:
    """The shipped problems by kind."""
    found: dict[str, list[Exercise]] = {kind: [] for kind in kinds()}
    for path in PROBLEMS:
        for exercise in read_exercises(read_document(path.read_text("utf-8"), str(path)), None):
            found[exercise.kind].append(exercise)
    return found


@cache
def commands() -> dict[str, list[list[str]]]:
    """The one-off questions of the README by kind, as what follows the kind."""
    found: dict[str, list[list[str]]] = {kind: [] for kind in kinds()}
    for line in re.findall(r"^\$ mlcalc (.*)$", (ROOT / "README.md").read_text("utf-8"), re.M):
        first, *others = shlex.split(line)
        if first in found:
            found[first].append(others)
    return found


@cache
def pool(kind: str, name: str) -> tuple[str, ...]:
    """Valid texts of a field."""
    field = load(kind).Problem.fields[name]
    names = {name, *field.aliases}
    found = [*field.takes.words(), *([field.default] if field.default else [])]
    for exercise in exercises()[kind]:
        found += (typed(raw) for key, raw in exercise.given.pairs if key.value in names)
    flags = {"--" + n.replace("_", "-") for n in names}
    for words in commands()[kind]:
        found += (b for a, b in pairwise(words) if a in flags)
    return tuple(dict.fromkeys(found)) or ("1", "x")


def typed(raw: Raw) -> str:
    """A value as it is typed at a shell."""
    return written(raw) if not isinstance(raw, Text) else raw.value


@cache
def fields() -> list[tuple[str, str, bool]]:
    """Every field of every kind, once with a valid text and once with any, in a mixed order."""
    found = [
        (kind, name, is_valid)
        for kind in kinds()
        for name in load(kind).Problem.fields
        for is_valid in (True, False)
    ]
    Random(0).shuffle(found)
    return found


# Spoiling.


def spoiled(chance: Random, value: str, most: int = 3) -> str:
    """The text with some pieces put in, taken out, doubled or moved."""
    for _ in range(chance.randint(1, most)):
        at = chance.randint(0, len(value))
        end = min(len(value), at + chance.randint(0, 6))
        match chance.randrange(5):
            case 0:
                value = value[:at] + value[end:]
            case 1:
                value = value[:at] + chance.choice(PIECES) + value[at:]
            case 2:
                value = value[:end] + value[at:]
            case 3:
                value = renumbered(chance, value)
            case _:
                value = value[:at] + chance.choice(NASTY) + value[end:]
    return value[:20_000]


def renumbered(chance: Random, value: str) -> str:
    """The text with some other numbers."""
    numbers = (*"01279", "-1", "10", "1e9", "10^6", "1/3", "0.1", "1e-9", "1e400")
    return re.sub(r"\d+(?:\.\d+)?", lambda m: chance.choice((m[0], m[0], *numbers)), value)


def value_of(chance: Random, kind: str, name: str) -> str:
    """A text for a field: one of its own, spoiled, another field's, or one that no field takes."""
    number = chance.random()
    if number < 0.5:
        return chance.choice(pool(kind, name))
    if number < 0.7:
        return spoiled(chance, chance.choice(pool(kind, name)))
    if number < 0.85:
        other = chance.choice(list(load(kind).Problem.fields))
        return chance.choice(pool(kind, other))
    return chance.choice(NASTY)


# Questions.


def givens(chance: Random, kind: str) -> dict[str, str]:
    """The givens of a shipped problem, or none."""
    if not exercises()[kind] or chance.random() < 0.1:
        return {}
    exercise = chance.choice(exercises()[kind])
    return {key.value: typed(raw) for key, raw in exercise.given.pairs}


def flags(kind: str, given: dict[str, str]) -> list[str]:
    """The givens as flags; a list of matrices is a flag several times."""
    found = []
    for name, value in given.items():
        flag = "--" + name.replace("_", "-")
        field = load(kind).Problem.fields.get(name)
        if field is not None and field.takes.is_switch:
            negative = f"--no-{flag[2:]}" if field.default == "true" else ""
            found += [flag] if value == "true" or not negative else [negative]
        else:
            found.append(f"{flag}={value}")
    return found


def question(chance: Random, turn: int) -> Case:
    """A question in which the field whose turn it is stands, and others are changed."""
    kind, name, is_valid = fields()[turn % len(fields())]
    given = givens(chance, kind)
    if chance.random() < 0.15:
        given |= givens(chance, kind)
    if chance.random() < 0.3:
        changed = chance.choice([name, *given])
        given[changed] = renumbered(chance, given.get(changed, "1"))
    given[name] = chance.choice(pool(kind, name)) if is_valid else value_of(chance, kind, name)
    for _ in range(chance.choice((0, 0, 1, 2))):
        other = chance.choice(list(load(kind).Problem.fields))
        given[other] = value_of(chance, kind, other)
    if given and chance.random() < 0.3:
        del given[chance.choice(list(given))]
    return Case([kind, *flags(kind, given), *wishes(chance)])


def wishes(chance: Random) -> Iterator[str]:
    """Flags that say how an answer is shown."""
    if chance.random() < 0.5:
        yield "--json"
    elif chance.random() < 0.5:
        yield f"--format={chance.choice(list(FORMATS))}"
    for switch in ("--brief", "--quiet", "--plot", "--yaml"):
        if chance.random() < 0.1:
            yield switch
    if chance.random() < 0.1:
        yield f"--digits={chance.choice(('1', '2', '17', '40', '50', *NASTY))}"
    if chance.random() < 0.1:
        yield "--svg=picture.svg"
    if chance.random() < 0.05:
        yield f"--output=out.{chance.choice(ENDINGS)}"


def claim(chance: Random, turn: int) -> Case:
    """A shipped problem with a claim about one of its answers."""
    kind = kinds()[turn % len(kinds())]
    exercise = chance.choice(exercises()[kind])
    given = {key.value: typed(raw) for key, raw in exercise.given.pairs}
    expected = [] if exercise.expect is None else exercise.expect.pairs
    pairs = [(key.value, typed(raw)) for key, raw in expected if key.value != "status"]
    checks = []
    for _ in range(chance.choice((1, 1, 2))):
        name, right = chance.choice(pairs) if pairs else ("", "1")
        match chance.randrange(4):
            case 0:
                said = right
            case 1:
                said = spoiled(chance, right)
            case 2:
                said = chance.choice(NASTY)
            case _:
                said = text(chance)
        checks.append(f"--check={name}={said}" if chance.random() < 0.8 else f"--check={said}")
    return Case(
        [kind, *flags(kind, given), *checks, *(["--json"] if chance.random() < 0.5 else [])]
    )


# Files.


def problem_text(chance: Random, exercise: Exercise) -> str:
    """A shipped problem as YAML, or as JSON."""
    plain = plain_of(exercise.entries)
    if chance.random() < 0.3:
        return json.dumps([plain], indent=chance.choice((None, 1)))
    return "- " + json.dumps(plain, ensure_ascii=False).replace('", "', '",\n   "')


def plain_of(raw: Raw) -> Any:
    match raw:
        case Text(value):
            return value
        case Items(items):
            return [plain_of(item) for item in items]
        case Entries(pairs):
            return {key.value: plain_of(value) for key, value in pairs}


def file(chance: Random, turn: int) -> Case:
    """A problem file that is spoiled, solved in one of the ways."""
    if chance.random() < 0.5:
        kind = kinds()[turn % len(kinds())]
        source = "\n".join(
            problem_text(chance, chance.choice(exercises()[kind]))
            for _ in range(chance.choice((1, 1, 2)))
        )
    else:
        lines = chance.choice(PROBLEMS).read_text("utf-8").split("\n")
        start = chance.randrange(len(lines))
        head = chance.choice(("", "problems:\n", "title: x\nproblems:\n"))
        source = head + "\n".join(lines[start : start + chance.randint(1, 40)])
    source = spoiled(chance, source, 4)
    how = chance.choice(([], ["--json"], ["--summary"], ["--quiet"], ["--brief", "--plot"]))
    ending = chance.choice(("yaml", "yml", "json"))
    if chance.random() < 0.2:
        return Case(["solve", "-", *how], {}, source)
    return Case(["solve", f"given.{ending}", *how], {f"given.{ending}": source})


def table(chance: Random, turn: int) -> Case:
    """A table that is spoiled, as the data of a classifier or of an estimate."""
    rows = (ROOT / "problems" / "cars.csv").read_text("utf-8")
    sheet = chance.choice((rows, rows.replace(",", ";"), "a,b\n1,x\n2.5,y\n-3,x\n4,y\n"))
    sheet = spoiled(chance, sheet) if chance.random() < 0.8 else sheet
    header = re.split("[,;\n]", sheet)[:6]
    column = chance.choice([*header, "interested", "x"])
    if turn % 3 == 0:
        family = chance.choice(("poisson", "normal", "bernoulli", "exponential", "categorical"))
        return Case(["mle", family, f"--data=data.csv:{column}", *wishes(chance)],
                    {"data.csv": sheet})  # fmt: skip
    model = chance.choice(("bernoulli", "categorical", "multinomial", "gaussian", "density"))
    words = ["nb", f"--model={model}", "--data=data.csv", f"--label={column}"]
    if chance.random() < 0.7:
        asked = [f"{name}={chance.choice(('0', '1', 'x', '2.5'))}" for name in header[:-1] if name]
        words.append(f"--query={', '.join(asked)}")
    if chance.random() < 0.3:
        words.append(f"--smoothing={chance.choice(('1', '0', *NASTY))}")
    return Case([*words, *wishes(chance)], {"data.csv": sheet})


# A class.


def class_(chance: Random, turn: int) -> Case:
    """The submissions of a few students, of any form, against a key of a few problems."""
    asked = [chance.choice(exercises()[chance.choice(kinds())]) for _ in range(2)]
    asked = [one for one in asked if "{from" not in written(one.given)]
    key = [plain_of(one.entries) | {"id": f"q{n}"} for n, one in enumerate(asked)]
    files = {"key.json": json.dumps(key)}
    rows = []
    for student in ("ada", "bob", "Ada "):
        for number, one in enumerate(asked):
            expected = [] if one.expect is None else one.expect.pairs
            for name, raw in expected:
                right = typed(raw)
                said = chance.choice((right, spoiled(chance, right), text(chance)[:500], "", right))
                rows.append((student, f"q{number}", name.value, said))
    match turn % 4:
        case 0:
            sheet = "student,id,name,answer\n" + "\n".join(
                ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows
            )
            handed_in = {"class.csv": sheet}
        case 1:
            names = ("student", "id", "name", "answer")
            lines = (json.dumps(dict(zip(names, row, strict=True))) for row in rows)
            handed_in = {"class.jsonl": "\n".join(lines)}
        case 2:
            answers: dict[str, Any] = {}
            for _, id_, name, said in rows:
                answers.setdefault(id_, {})[name] = said
            handed_in = {"ada.json": json.dumps({"student": "ada", "answers": answers})}
        case _:
            handed_in = {
                f"{student}.yaml": f"answers:\n  {id_}: {json.dumps({name: said})}\n"
                for student, id_, name, said in rows
            }
    if chance.random() < 0.5:
        name = chance.choice(list(handed_in))
        handed_in[name] = spoiled(chance, handed_in[name])
    how = chance.choice(([], ["--json"], ["--summary"], ["--hints"], ["--reveal"], ["--quiet"],
                         ["--json", "--summary"], ["--gradebook=g.csv", "--gradescope=results/"],
                         ["--trust-expect", "--json"]))  # fmt: skip
    return Case(["check", "--key=key.json", *handed_in, "--jobs=1", *how], files | handed_in)


def density(chance: Random, turn: int) -> Case:
    """A question about a density of one's own."""
    return Case([*densities.command(chance), *wishes(chance)])


MAKERS: dict[str, Callable[[Random, int], Case]] = {
    "question": question,
    "claim": claim,
    "file": file,
    "table": table,
    "class": class_,
    "density": density,
}
