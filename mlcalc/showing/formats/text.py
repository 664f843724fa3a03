"""The same without colour, for pipes and files (`.txt`)."""

from __future__ import annotations

from mlcalc.maths.printing import columns
from mlcalc.showing.derivation import Outcome
from mlcalc.showing.formats import Options
from mlcalc.showing.layout import Section, sections


def render(outcome: Outcome, options: Options) -> str:
    found = sections(outcome, options)
    separator = "\n" if options.quiet else "\n\n"
    return separator.join(section_text(section, options) for section in found)


def section_text(section: Section, options: Options) -> str:
    lines = ["".join(text for _, text in line).rstrip() for line in section.lines]
    if section.role == "title":
        bar = "=" if options.style.ascii else "═"
        return "\n".join([*lines, bar * max(map(columns, lines))])
    if section.role == "answer" and not options.quiet:
        return "\n".join(["Answer", *(f"    {line}".rstrip() for line in lines)])
    return "\n".join(lines)
