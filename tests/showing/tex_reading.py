"""A reader of LaTeX fragments that shares nothing with the writer.

It knows brackets, environments and which commands are allowed, and hands every piece of maths
to latex2mathml where that is installed.
"""

from __future__ import annotations

import re

try:
    from latex2mathml.converter import convert
except ImportError:
    convert = None

ALLOWED = {
    name
    for line in (
        "subsection noindent textbf texttt begin end item text boxed quad frac tfrac left right",
        "lfloor rfloor lceil rceil cdot times odot sum prod log mathrm operatorname hat bar tilde",
        "dots infty leq geq neq approx propto sim in to surd bullet circ theta Theta hline",
        "textbackslash textasciitilde textasciicircum textless textgreater textbar ttfamily",
        "setcounter allowdisplaybreaks vert mid top partial sqrt iff implies",
    )
    for name in line.split()
}

_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([a-z*]+)\}")


def commands(tex: str) -> set[str]:
    """The names of all commands; signs such as \\% count when they are not known escapes."""
    return {name for name in _COMMAND.findall(tex) if name not in r"\{}$&#_% ,!"}


def assert_balanced(tex: str) -> None:
    """Braces and environments close in order, and dollars come in pairs."""
    open_now: list[str] = []
    for name, kind in [(m[2], m[1]) for m in _ENVIRONMENT.finditer(tex)]:
        if kind == "begin":
            open_now.append(name)
        else:
            assert open_now, name
            assert open_now.pop() == name
    assert not open_now
    bare = _COMMAND.sub("", tex)
    depth = 0
    for character in bare:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0, tex
    assert depth == 0, tex
    assert bare.count("$") % 2 == 0, tex
    assert "%" not in bare
    assert "#" not in bare


def assert_maths(tex: str) -> None:
    """The piece is balanced maths that latex2mathml reads, without a blank line."""
    assert_balanced(tex)
    assert "\n\n" not in tex
    assert not (commands(tex) - ALLOWED), tex
    if convert is not None:
        assert convert(tex).startswith("<math")


def maths_of_document(tex: str) -> list[str]:
    """The bodies of align* and the pieces between dollars."""
    bodies = re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", tex, re.DOTALL)
    inline = re.findall(r"(?<!\\)\$(.+?)(?<!\\)\$", tex, re.DOTALL)
    return [f"\\begin{{align*}}{body}\\end{{align*}}" for body in bodies] + inline
