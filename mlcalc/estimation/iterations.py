"""The iterations that found a root, as a table, and the sentence that ends it."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.estimation.model import Unknown
from mlcalc.estimation.working import K, indexed
from mlcalc.maths.board import Prose
from mlcalc.maths.numerics.roots import LIMIT, PlaneTrail, Trail
from mlcalc.maths.tree import Decimal, Dots, Expr, Matrix, Symbol, equals, shown
from mlcalc.showing.derivation import Step, Table, step

ITERATE = "iterate by Newton's method"

SHOWN = 8
"""A table with more rows than this is shown without its middle."""


def table(trail: Trail, symbol: Expr, score: Prose | Expr, caption: Prose = "") -> Table:
    """The iterates with their number: θ_k, the score, and the step or the bracket."""
    has_bracket = any(i.bracket for i in trail.iterates)
    last: tuple[Prose | Expr, ...] = ("root lies between", "and") if has_bracket else ("step",)
    rows: list[tuple[Prose | Expr, ...]] = []
    for number, i in enumerate(trail.iterates[: trail.told + 1]):
        is_told = number < trail.told
        ends = i.bracket or (i.step if is_told else 0.0,)
        score_cell = Decimal(i.score if is_told else 0.0)
        rows.append((shown(number), Decimal(i.point), score_cell, *map(Decimal, ends)))
    return elided(("k", symbol, score, *last), rows, caption)


def plane_step(trail: PlaneTrail, symbols: Sequence[Symbol], why: str) -> Step:
    """The iterates in two unknowns: k, both coordinates, both scores."""
    rows = []
    for number, i in enumerate(trail.iterates[: trail.told + 1]):
        told = [v if trail.is_told(number, axis) else 0.0 for axis, v in enumerate(i.scores)]
        rows.append((shown(number), *map(Decimal, (*i.point, *told))))
    header: tuple[Prose | Expr, ...] = (
        "k",
        *(indexed(s, K) for s in symbols),
        *(("∂/∂", s) for s in symbols),
    )
    return step(
        ITERATE,
        "there = here - H^-1 @ s",
        elided(header, rows),
        why=f"{why}; {closing(trail)}",
        here=Matrix.column(indexed(s, K) for s in symbols),
        there=Matrix.column(indexed(s, K + 1) for s in symbols),
    )


def read_off(unknown: Sequence[Unknown], values: Sequence[float]) -> Step:
    lines = (equals(u.hat, Decimal(v)) for u, v in zip(unknown, values, strict=True))
    return step("read off the estimate", *lines)


def elided(
    header: tuple[Prose | Expr, ...], rows: Sequence[tuple[Prose | Expr, ...]], caption: Prose = ""
) -> Table:
    """A table of at most `SHOWN` rows, the middle of a longer one left out and said so."""
    if len(rows) <= SHOWN:
        return Table(header, tuple(rows), caption)
    head, tail = SHOWN // 2, SHOWN - SHOWN // 2 - 1
    gap: tuple[Prose | Expr, ...] = (Dots(),) * len(header)
    said = f"rows {head} to {len(rows) - tail - 1} are left out"
    if caption:
        said = f"{caption}; {said}" if isinstance(caption, str) else said
    return Table(header, (*rows[:head], gap, *rows[-tail:]), said)


def closing(trail: Trail | PlaneTrail) -> str:
    """The sentence after a table: why the iterations end where they do."""
    if trail.settled:
        rest = "; a score stands as 0 where rounding hides its digits"
        return "until no digit changes any more" + rest * (trail.told < len(trail.iterates))
    return f"stopped after {LIMIT} iterations, before every digit had settled"
