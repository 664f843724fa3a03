"""Documents: what is read, where it stands, what is refused, and that what is written reads back.

The expectations come from YAML and JSON themselves (`json.loads` is a witness), not from a run.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlcalc.files import yaml_reader
from mlcalc.files.document import Entries, Items, Raw, Text, from_plain, plain
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.reading import MAX_BYTES, read_bytes, read_document, read_file
from mlcalc.files.yaml_writer import write_yaml

FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def complaints(text: str, source: str = "a.yaml") -> tuple[Complaint, ...]:
    with pytest.raises(Invalid) as caught:
        read_document(text, source)
    assert caught.value.complaints
    return caught.value.complaints


def only(text: str, source: str = "a.yaml") -> tuple[int, int, str]:
    (complaint,) = complaints(text, source)
    assert complaint.place is not None and complaint.place.is_file
    return complaint.place.line, complaint.place.column, complaint.message


def texts(raw: Raw) -> Iterator[Text]:
    match raw:
        case Text():
            yield raw
        case Items(items):
            for item in items:
                yield from texts(item)
        case Entries(pairs):
            for key, value in pairs:
                yield key
                yield from texts(value)


def assert_places(raw: Raw, lines: list[str]) -> None:
    for text in texts(raw):
        place = text.place
        if place.line <= len(lines):
            assert place.text == lines[place.line - 1]
        if text.exact:
            assert place.text[place.column - 1 :][: len(text.value)] == text.value


# What is read


def test_scalars_are_the_text_that_was_typed() -> None:
    values = ["010", "1:30", "yes", "1e3", "null", "~", "0x10", "1_000", "2024-01-01", ".inf"]
    assert plain(read_document(f"[{', '.join(values)}]", "a.yaml")) == values


def test_problem_file() -> None:
    text = (
        "- id: posts\n"
        '  given: {distribution: poisson, data: [3, 4, 1], prior: "gamma(shape=2, scale=2)"}\n'
        "  expect: {theta: 18/7}  # published\n"
    )
    raw = read_document(text, "a.yaml")
    assert plain(raw) == [
        {
            "id": "posts",
            "given": {
                "distribution": "poisson",
                "data": ["3", "4", "1"],
                "prior": "gamma(shape=2, scale=2)",
            },
            "expect": {"theta": "18/7"},
        }
    ]
    assert isinstance(raw, Items)
    problem = raw.items[0]
    assert isinstance(problem, Entries)
    assert problem.keys() == ("id", "given", "expect")
    assert problem.get("kind") is None
    given_ = problem.get("given")
    assert isinstance(given_, Entries)
    prior = given_.get("prior")
    assert isinstance(prior, Text) and prior.quoted and prior.exact
    assert prior.at(6).text[prior.at(6).column - 1 :].startswith("shape=2")
    assert (prior.place.line, prior.place.source) == (2, "a.yaml")


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "\ufeff", "''"])
def test_nothing_is_an_empty_text(text: str) -> None:
    raw = read_document(text, "a.yaml")
    assert isinstance(raw, Text) and raw.value == ""


def test_an_empty_value_stands_behind_its_key() -> None:
    raw = read_document("a: 1\nkey:\n", "a.yaml")
    assert isinstance(raw, Entries)
    value = raw.get("key")
    assert value == Text("", Place("a.yaml", "key:", 2, 5, is_file=True))


DOCUMENTS = [
    "a: 1\nb:\n  - x y\n  - 'q r'\n  - \"s\"\n  - ''\n",
    "\ufeffa: 1\n",
    "a: 'it''s'\nb: \"\\u00e9\"\nc: \"\\n\"\n",
    "a: one\n  two\nb: |\n  block\nc: >-\n  folded\n  text\n",
    "a: 'one\n  two'\nb: \"x\\\n  y\"\n",
    "ä: {é: 😀, '😀': ñ}\r\nb: [e\u0301, 漢字]\rc: x\n",
    "---\na: 1 # comment\n...\n",
    "[a: 1, {b: 2}, [], {}]",
    "key:\n\n\n",
    '{"a":1,\t"b":[true,\tnull, "x\\ty"]}',
]
# Between words: libyaml reads them, the parser in Python does not.
TABS = ["a: b\tc\n", "a:\tb\n", "[\ta,\n\tb]\n"]


@pytest.mark.parametrize(
    ("text", "fast"),
    [*((text, True) for text in DOCUMENTS + TABS), *((text, False) for text in DOCUMENTS)],
)
def test_places(text: str, fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not fast:
        monkeypatch.setattr(yaml, "CSafeLoader", yaml.SafeLoader)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert_places(read_document(text, "a.yaml"), lines)


def test_what_is_exact() -> None:
    text = "a: x\nb: 'it''s'\nc: \"\\x41\"\nd: |\n  x\ne: one\n  two\nf: 'q'\ng: ''\n"
    raw = read_document(text, "a.yaml")
    assert isinstance(raw, Entries)
    exact = {key.value: value.exact for key, value in raw.pairs if isinstance(value, Text)}
    assert exact == {key: key in "afg" for key in "abcdefg"}
    folded = raw.get("e")
    assert isinstance(folded, Text) and folded.at(5) == folded.place


def test_the_first_line_may_stand_within_a_file() -> None:
    raw = read_document('{"a": 1}', "a.jsonl", first_line=7)
    assert raw.place.line == 7


def test_json() -> None:
    text = '{\n\t"a": [1.50, true, null, -2e5],\n\t"b": {"c": "x\\ty\\/\\u00e9"}\n}\n'
    raw = read_document(text, "a.json")
    assert plain(raw) == {"a": ["1.50", "true", "null", "-2e5"], "b": {"c": "x\ty/é"}}
    assert_places(raw, text.split("\n"))


@pytest.mark.parametrize("source", ["a.json", "a.jsonl", "standard input"])
def test_surrogate_pairs_of_json_are_one_character(source: str) -> None:
    text = r'["\ud83d\ude00", "\\ud83d\\ude00", "a\\\ud83d\uDE00b", "\ufffd"]' + "\t"
    raw = read_document(text, source)
    assert (
        plain(raw)
        == json.loads(text)
        == ["\U0001f600", r"\ud83d\ude00", "a\\\U0001f600b", "\ufffd"]
    )
    assert_places(raw, [text])
    line, column, message = only(r'["a", "\ud83d"]', source="a.json")
    assert (line, column) == (1, 7) and "surrogate" in message


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        st.text() | st.booleans() | st.none() | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=80), inner, max_size=4)
        ),  # YAML has no key of over 1,024 characters
        max_leaves=12,
    ).filter(lambda value: isinstance(value, list | dict)),
    st.sampled_from([None, 2, "\t"]),
)
def test_json_reads_as_json(value: object, indent: int | str | None) -> None:
    text = json.dumps(value, indent=indent)
    raw = read_document(text, "a.json")
    assert plain(raw) == as_texts(value)
    assert_places(raw, text.split("\n"))


def as_texts(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): as_texts(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_texts(item) for item in value]
    return value if isinstance(value, str) else json.dumps(value)


# What is refused


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: &x 1", 1, 4, "anchor ('&x')"),
        ("a: *x", 1, 4, "alias ('*x')"),
        ("a: !!str 3", 1, 4, "tag ('!!str')"),
        ("- !", 1, 3, "tag ('!')"),
        ("- !python/object:os.system x", 1, 3, "tag"),
        ("a: !e!x y", 1, 4, "tag"),
        ("a:\n  <<: {b: 1}", 2, 3, "merge key"),
        ("a: 1\nb: 2\n'a': 3", 3, 2, "first in line 1"),
        ("{kernel: 2, kernel: 3}", 1, 13, "first in line 1"),
        ("a\n---\nb", 2, 1, "second document"),
        ("%YAML 1.1\n---\na", 1, 1, "directive"),
        ("%FOO\n---\na", 1, 1, "'%'"),
        ("? a\n: b", 1, 3, "write 'a: value'"),
        ("? [a]\n: b", 1, 3, "key may not be a list"),
        ("{[a]: b}", 1, 2, "key may not be a list"),
        ("a:\n\tb: 1", 2, 1, "use spaces"),
        ("a: |\n\tb", 2, 1, "use spaces"),
        ("a: x\x1b[1m", 1, 5, r"\x1b"),
        ("a\r\nb\rc\x00", 3, 2, r"\x00"),
        ("a: x\u2028y", 1, 5, r"\u2028"),
        ("{a:1, b: 2}", 1, 2, "write 'a: 1'"),
        ("{a:}", 1, 3, "after this colon"),
        (": x", 1, 1, "key is missing"),
        # syntax, in the words of the mistake
        ("a: b: c", 1, 5, "second ': ' in one line: put the value in quotes"),
        ("{a: b: c}", 1, 6, "put the value in quotes"),
        ("note: 8\nx: %8", 2, 4, "begin with '%' unless in quotes"),
        ("a: @x", 1, 4, "begin with '@'"),
        ("a: `x`", 1, 4, "begin with '`'"),
        ("a: **b**", 1, 4, "begin with '*'"),
        ("a: & b", 1, 4, "begin with '&'"),
        ("a: [1] + [2]", 1, 8, "put the whole value in quotes"),
        ("a: {x} y", 1, 8, "put the whole value in quotes"),
        ("a: 'it's'", 1, 8, "put the whole value in quotes"),
        ("a: 'x\nb: 1\n", 1, 4, "quote is never closed"),
        ("a: 1\nb: [0, 1)\nc: 2\n", 2, 4, "'[' is never closed"),
        ("a: {x: 1\n", 1, 4, "'{' is never closed"),
        ("a: ]", 1, 4, "not ']'"),
        ("a: > b", 1, 4, "begins on the next line"),
        ('a: "\\q"', 1, 5, "single quotes"),
        ("a:\n    b: 1\n  c: 2", 3, 3, "same column"),
        ("a: b\n  c: 1", 2, 4, "indent it"),
        ("kernel:2\nstride: 1", 2, 7, "space after every colon"),
        ("a: 1\nb\nc: 2", 2, 1, "expected 'key: value'"),
        ("a" * 1100 + ": 1", 1, 1101, "1,000 characters"),
        ('{"' + "a" * 1100 + '": 1}', 1, 1104, "1,000 characters"),
        ("a: - b", 1, 4, "line of its own"),
    ],
)
def test_refused_with_place_and_remedy(text: str, line: int, column: int, words: str) -> None:
    at_line, at_column, message = only(text)
    assert (at_line, at_column) == (line, column)
    assert words in message
    assert message == message.strip() and message[0] == message[0].lower()


def test_all_that_can_be_found_is_said_in_one_run() -> None:
    text = "a: &x 1\nb: *x\nc: !!str 3\na: 2\nd: [1\n"
    lines = [c.place.line for c in complaints(text) if c.place]
    assert lines == [1, 2, 3, 4, 5]


def test_duplicate_keys_of_json_are_refused() -> None:
    line, column, message = only('{"a": 1,\n "a": 2}', "a.json")
    assert (line, column) == (2, 3) and "first in line 1" in message


def test_equal_keys_of_different_mappings_are_not_duplicates() -> None:
    assert plain(read_document("[{a: 1}, {a: {a: 2}}]", "a.yaml")) == [
        {"a": "1"},
        {"a": {"a": "2"}},
    ]


def test_complaints_are_bounded() -> None:
    assert len(complaints("- &a 1\n" * 10_000)) == yaml_reader.MAX_COMPLAINTS


def test_billion_laughs() -> None:
    lines = ['a0: &a0 "lol"'] + [
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)
    ]
    assert "anchor" in complaints("\n".join(lines))[0].message


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "[\n" * 100_000,
        "? " * 100_000,
        "".join(f"{' ' * i}a:\n" for i in range(1_000)),
        "[" * 100_000 + "]" * 100_000,
    ],
    ids=["lists", "mappings", "block", "lines", "keys", "indented", "closed"],
)
@pytest.mark.parametrize("source", ["a.yaml", "a.json"])
def test_deep_nesting(text: str, source: str) -> None:
    assert "deeper than 32" in complaints(text, source)[-1].message


def test_depth_of_32_is_accepted() -> None:
    assert plain(read_document("[" * 32 + "]" * 32, "a.yaml"))
    only("[" * 33 + "]" * 33)


def test_sizes() -> None:
    assert plain(read_document("x" * 100_000, "a.yaml")) == "x" * 100_000
    assert "100,001" in only("x" * 100_001)[2]


def test_number_of_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "MAX_NODES", 10)
    read_document("[1, 2, 3, 4, 5, 6, 7, 8, 9]", "a.yaml")
    assert "more than 10 values" in only("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]")[2]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"a": 1}] * 40_000),
        '["\t\\u' + '"\\' * 200_000 + "\\",
        '["a\t' * 200_000,
        '"' + "a" * 2_000_000,
        "\r" * 1_000_000,
        "[" + "a: b," * 40_000 + "]",
    ],
)
def test_large_texts_are_read_or_refused(text: str) -> None:
    # Each of these once took time in the square of its length: minutes, where it is now a second.
    with suppress(Invalid):
        read_document(text, "a.json")


# Nothing but `Invalid`

PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            "b: ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ": ",
            ", ",
            "'",
            '"',
            "\\",
            "\n",
            "\n  ",
            "\t",
            "#",
            " #",
            "&a ",
            "*a ",
            "!",
            "!!str ",
            "|\n",
            ">",
            "%",
            "@",
            "`",
            "? ",
            "---\n",
            "...\n",
            "<<: ",
            "\r",
            "\u2028",
            "\ufeff",
            "\x00",
            "\ud800",
            "😀",
            "\\ud83d",
            "\\ude00",
            "1",
            "\n\n",
        ]
    ),
    max_size=30,
).map("".join)


@settings(deadline=None, max_examples=300)
@given(PIECES | st.text(), st.sampled_from(["a.yaml", "a.json", "standard input"]))
@example("\ufeff\ufeffa: 1", "a.yaml")
@example("?", "a.yaml")
@example("- \\ud83d", "a.json")
@example('[a"\\ud83d"]', "a.json")
def test_any_text_is_read_or_invalid(text: str, source: str) -> None:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        raw = read_document(text, source)
    except Invalid as error:
        for complaint in error.complaints:
            place = complaint.place
            assert place is not None
            assert place.text == lines[place.line - 1]
            assert 1 <= place.column <= len(place.text) + 1
    else:
        assert_places(raw, lines)
        assert plain(read_document(write_yaml(plain(raw)), source)) == plain(raw)


@settings(deadline=None, max_examples=100)
@given(PIECES)
def test_the_parser_in_python_refuses_and_reads_the_same_way(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            read_document(text, "a.yaml")
        except Invalid as error:
            assert all(c.place for c in error.complaints)  # noqa: PT017  # most texts are readable


@settings(deadline=None, max_examples=100)
@given(st.binary() | PIECES.map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_invalid(data: bytes) -> None:
    with suppress(Invalid):
        read_bytes(data, "a.yaml")


# Files


def file_complaint(path: str | Path) -> Complaint:
    with pytest.raises(Invalid) as caught:
        read_file(path)
    (complaint,) = caught.value.complaints
    return complaint


def test_read_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffname: é\n".encode())
    raw = read_file(path)
    assert plain(raw) == {"name": "é"}
    assert raw.place.source == str(path) and raw.place.column == 1


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "no such file" in file_complaint(tmp_path / "none.yaml").message
    assert "folder" in file_complaint(tmp_path).message
    assert "cannot be read" in file_complaint("a\0b").message
    below = tmp_path / "a.yaml"
    below.write_text("x")
    assert file_complaint(below / "b.yaml").place == Place(str(below / "b.yaml"))


def test_files_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("a: 1\r\nb: é".encode() + b"\xe9t\nc: 1")
    complaint = file_complaint(path)
    assert complaint.place is not None
    assert (complaint.place.line, complaint.place.column) == (2, 5)
    assert complaint.place.text == "b: é\ufffdt"
    assert "byte 12 is 0xe9" in complaint.message
    path.write_bytes("a: 1".encode("utf-16") + b"\0")
    assert "UTF-16" in file_complaint(path).message


def test_large_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    assert "10,000,000 bytes" in file_complaint(path).message
    path.write_bytes(b"#" * MAX_BYTES)
    assert plain(read_file(path)) == ""


# Generated and written documents


def test_from_plain() -> None:
    place = Place("--kernel", "3")
    value = {"a": [1, Fraction(1, 3), 0.5, True, "x"], "b": {}}
    raw = from_plain(value, place)
    assert plain(raw) == {"a": ["1", "1/3", "0.5", "true", "x"], "b": {}}
    assert all(text.place == place and not text.exact for text in texts(raw))
    assert from_plain(3, place) == Text("3", place)


VALUES = st.recursive(
    st.text(max_size=30) | PIECES.filter(str.isprintable) | st.from_regex(r"[-\w.:# ]{0,9}\Z"),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.text(max_size=9) | PIECES.filter(lambda text: "\ud800" not in text),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=100)
@given(VALUES)
@example("a\n b\n")
@example({"a": "x\n\ny", "b": ["x\ny\n", {"c": "x\n  y\n"}]})
@example([["x" * 90], [["y" * 50, ["z" * 50]]]])
@example({"<<": "<<", "": "", "-": "-", "? a": "? a", "#": "a #b", "true": "null"})
def test_what_is_written_reads_back(value: object) -> None:
    for loader in (FAST, yaml.SafeLoader):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml, "CSafeLoader", loader)
            assert plain(read_document(write_yaml(value), "a.yaml")) == value


def test_written_form() -> None:
    value = {
        "id": "posts",
        "kind": "map",
        "given": {
            "data": [3, 4, 1],
            "x": [[1, 2], [3, 4]],
            "prior": "gamma(shape=2, scale=2)",
            "layers": ["relu", "a, b"],
            "bias": True,
            "none": [],
            "empty": {},
        },
        "question": "First line.\nSecond line.\n",
        "note": "a: b",
        "latex": r"\theta: x",
        "odd": "\u202ex",
        "long": [list(range(30)), [1]],
        "parts": [{"id": "a", "n": "-0.5"}, "1:30"],
    }
    assert (
        write_yaml(value)
        == r"""id: posts
kind: map
given:
  data: [3, 4, 1]
  x: [[1, 2], [3, 4]]
  prior: gamma(shape=2, scale=2)
  layers: [relu, "a, b"]
  bias: true
  none: []
  empty: {}
question: |
  First line.
  Second line.
note: "a: b"
latex: '\theta: x'
odd: "\u202ex"
long:
  - - 0
"""
        + "".join(f"    - {i}\n" for i in range(1, 30))
        + """  - [1]
parts:
  - id: a
    n: -0.5
  - 1:30
"""
    )


def test_flow_lists_fit_in_80_columns() -> None:
    for length in range(1, 40):
        for line in write_yaml({"data": {"points": [["12"] * length] * 2}}).splitlines():
            assert len(line) <= 80


def test_a_value_without_a_spelling_is_a_programming_error() -> None:
    with pytest.raises(TypeError):
        write_yaml(object())


def test_one_off_commands_do_not_import_yaml() -> None:
    code = (
        "import sys, mlcalc.files.display as d; from mlcalc.files.yaml_writer import write_yaml; "
        "write_yaml(['a']); "
        "d.visible('é'); assert not {'yaml', 'json', 'unicodedata'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
