from __future__ import annotations

import re

import pytest

from mlcalc.showing.formats import Options
from mlcalc.showing.formats.markdown import code, render, text
from tests.showing.outcomes import HOSTILE, complete, hostile, unsolved
from tests.showing.tex_reading import assert_maths

markdown_it = pytest.importorskip("markdown_it")


DISPLAYED_OR_FENCED = re.compile(
    r"^ *(?P<fence>```+)text\n.*?\n *(?P=fence)$|^ *\$\$\n.*?\n *\$\$$", re.DOTALL | re.MULTILINE
)


def page(markdown: str) -> str:
    """What a page shows: HTML by a Markdown reader that passes HTML through, maths taken out."""
    without_maths = DISPLAYED_OR_FENCED.sub(lambda m: m[0] if m["fence"] else "", markdown)
    reader = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table")
    return str(reader.render(without_maths))


def test_a_complete_answer_has_its_parts() -> None:
    markdown = render(complete(), Options())
    html = page(markdown)
    assert "<h2>Maximum likelihood</h2>" in html
    assert html.count("<ol>") == 2
    assert "<strong>Write the likelihood</strong>" in html
    assert "<th>class</th>" in html
    assert "<td>free | win</td>" in html
    assert '<code class="language-text">┌─┐ θ\n│●│\n└─┘\n</code>' in html
    assert "<strong>theta</strong>: $\\hat{\\theta} = \\frac{18}{7} \\approx 2.5714$" in html
    assert "mle.natural_log" in html


def test_all_maths_is_read() -> None:
    markdown = render(complete(), Options())
    displayed = re.findall(r"(?ms)^ *\$\$\n(.*?)\n *\$\$$", markdown)
    assert len(displayed) >= 4
    for body in displayed:
        assert_maths(body)
    for line in re.sub(r"(?ms)^ *\$\$\n.*?\n *\$\$$", "", markdown).split("\n"):
        for piece in re.findall(r"(?<!\\)\$(.+?)(?<!\\)\$", line):
            assert_maths(piece)


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_text_becomes_html_or_structure(typed: str) -> None:
    html = page(render(hostile(typed), Options()))
    plain = page(render(hostile("plain"), Options()))
    tags = re.findall(r"</?(\w+)", re.sub(r"\$[^$\n]*\$", "", html))
    assert {"script", "b", "img", "a", "em", "h1", "hr"}.isdisjoint(tags)
    for tag in ("ol", "ul", "li", "table", "td", "h2", "h3", "pre"):
        assert html.count(f"<{tag}>") == plain.count(f"<{tag}>"), tag


@pytest.mark.parametrize("typed", HOSTILE)
def test_text_reads_back_as_it_was_typed(typed: str) -> None:
    from html import unescape

    from mlcalc.files.display import visible

    html = page(f"# {text(typed)}")
    assert unescape(html.removeprefix("<h1>").removesuffix("</h1>\n")) == visible(typed).strip()


def test_bars_in_a_cell_of_maths_do_not_end_it() -> None:
    from mlcalc.maths.printing import Style
    from mlcalc.maths.tree import Given, Symbol, Words, call
    from mlcalc.showing.derivation import Table
    from mlcalc.showing.formats.markdown import table_md

    cells = (call("abs", Symbol("x")), Given(Symbol("D"), Symbol("x")), Words("a|b"))
    row = table_md(Table(("a", "b", "c"), (cells,)), Style()).split("\n")[2]
    assert len(re.findall(r"(?<!\\)\|", row)) == 4


def test_code_with_backticks() -> None:
    assert code("a``b") == "```a``b```"
    assert code("`") == "`` ` ``"


def test_quiet_brief_and_errors() -> None:
    quiet = render(complete(), Options(quiet=True)).split("\n")
    assert len(quiet) == 10
    assert quiet[0].startswith("- **theta**: $")
    brief = render(complete(), Options(brief=True))
    assert "independent" not in brief
    assert "Take the log" not in brief
    assert "**No answer:** n is below 0  \nwrite 1 or more" in render(unsolved(), Options())
