"""How many digits a number needs, so that each line can be followed with a pocket calculator.

A line shows rounded numbers and then their result.  Evaluated from the digits that are shown, it
must give that result to one unit in its last place.  Where it does not, the number whose rounding
weighs most is given another digit, until it does; a number has the same digits on the whole page,
because a reader copies it from where it stood first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property

from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import CONSTANTS, Exact, Value, Work, flattened
from mlcalc.maths.functions import EvaluationError, Scalar, is_finite, over, plus, to_float
from mlcalc.maths.numerics.real import Real
from mlcalc.maths.printing import Style
from mlcalc.maths.printing.numerals import digits_known, exactly, last_place, numeral, value_shown
from mlcalc.maths.printing.style import size_of
from mlcalc.maths.records import replace
from mlcalc.maths.tree import (
    Call,
    Chain,
    Decimal,
    Expr,
    Number,
    Pow,
    Symbol,
    decimals,
    free_symbols,
    parts,
)
from mlcalc.showing.derivation import Derivation, Outcome, Step, Table, answer_line

MOST_MORE = 7
"""No number is shown with so many digits more than were asked for, and one."""

MOST_NUMBERS = 40
"""Beyond so many numbers in one line all of them get a digit, without asking which weighs most."""

MOST_ROUNDS = 12
"""How often all lines are looked at again, because a number in them has more digits now."""

SMALLEST, LARGEST = 1e-100, 1e100
"""Beyond these a fraction is long."""

CLOSED = frozenset(Symbol(name) for name in CONSTANTS)

OFF = Note("rounding.shown", "the working carries more digits than are shown")


def fitted(outcome: Outcome, style: Style) -> tuple[Outcome, Style]:
    """The outcome with the notes on its digits, and the style that shows as many as are needed."""
    derivation = outcome.derivation
    if derivation is None:
        return outcome, style
    page = Page(derivation, style.digits)
    page.settle()
    notes = [*([OFF] if page.are_off() else []), *page.limits(), *page.too_near()]
    if notes:
        told = replace(derivation, notes=(*derivation.notes, *notes))
        outcome = replace(outcome, derivation=told)
    return outcome, replace(style, more=page.more)


class Link:
    """A line with rounded numbers, and the result that should come out of what is shown."""

    def __init__(self, left: Expr, right: Expr) -> None:
        self.left, self.right = left, right
        self.numbers = {size_of(n): n for n in decimals(left)}
        self.keys = {*self.numbers, *map(size_of, decimals(right))}
        self.excess: Scalar | None = None
        """What `Page.excess` found, until one of the numbers is shown with other digits."""
        self.with_one_rounded: dict[tuple[str, int], list[Scalar] | None] = {}
        """The results with one number, by its key, rounded to so many digits."""

    @cached_property
    def carried(self) -> list[Scalar] | None:
        """The result of all digits; None where there is none."""
        return entries_of(self.left, Carried({}, Work()))


class Page:
    """All links of a derivation, and the digits that its numbers have come to need."""

    def __init__(self, derivation: Derivation, digits: int) -> None:
        self.digits = digits
        self.more: dict[str, int] = {}
        self.numbers: list[Decimal] = []
        self.links: list[Link] = []
        for expression in expressions(derivation):
            found = [number for number in decimals(expression) if is_finite(number.value)]
            self.numbers += found
            if any(not numeral(number, digits).exact for number in found):
                self.links += links(expression)

    def settle(self) -> None:
        """Gives digits to numbers until all links hold, or nothing more helps."""
        waiting = self.links[::-1]
        for _ in range(MOST_ROUNDS):
            changed = {key for link in waiting for key in self.refined(link)}
            waiting = [link for link in self.links[::-1] if link.keys & changed]
            for link in waiting:
                link.excess = None
            if not waiting:
                break

    def are_off(self) -> bool:
        return any(self.excess(link) > 1 for link in self.links)

    def limits(self) -> list[Note]:
        """The note on digits that were asked for and are not known."""
        known = min((digits_known(number.value) for number in self.numbers), default=self.digits)
        if known >= self.digits:
            return []
        text = f"{self.digits} digits are asked for; of some numbers {known} are known"
        return [Note("rounding.known", text)]

    def too_near(self) -> list[Note]:
        """The note on numbers beside 0 or ±1 whose distance has more digits than are carried."""
        near = [
            (shown, last_digit(number.value))
            for number in self.numbers
            if isinstance(number.value, Real)
            and (shown := numeral(number, self.digits).digits) in ("0", "1")
            and abs(number.value) == int(shown)
        ]
        if not near:
            return []
        names = " and ".join(f"≈ {shown}" for shown in sorted({shown for shown, _ in near}))
        power = max(place for _, place in near)
        which = Pow(Number(Fraction(10)), Number(Fraction(power)))
        return [Note("rounding.near", (f"what is written {names} is nearer to it than ", which))]

    def digits_of(self, number: Decimal) -> int:
        return max(self.digits, self.more.get(size_of(number), 0))

    def refined(self, link: Link) -> set[str]:
        """The numbers that were given more digits."""
        changed: set[str] = set()
        while (excess := self.excess(link)) > 1:
            able = [key for key, number in link.numbers.items() if self.can_grow(key, number)]
            if not able:
                break
            if len(able) <= MOST_NUMBERS:
                heaviest = max(able, key=lambda key: self.weight(link, key))
                able = [heaviest]
                if self.weight(link, heaviest) == 0 and excess < 2:
                    break
            for key in able:
                self.more[key] = self.digits_of(link.numbers[key]) + 1
            link.excess = None
            changed |= set(able)
        return changed

    def can_grow(self, key: str, number: Decimal) -> bool:
        digits = self.digits_of(number)
        most = min(digits_known(number.value), self.digits + MOST_MORE)
        return digits < most and not numeral(number, digits).exact

    def excess(self, link: Link) -> Scalar:
        """How many units in its last place the result is off, at the worst."""
        if link.excess is None:
            results = entries_of(link.left, Shown(self))
            link.excess = self.distance(link, results, entries_of(link.right, Shown(self)))
        return link.excess

    def weight(self, link: Link, key: str) -> Scalar:
        """How many units the result is off because of the rounding of one number."""
        asked = key, self.digits_of(link.numbers[key])
        if asked not in link.with_one_rounded:
            link.with_one_rounded[asked] = entries_of(link.left, Shown(self, only=key))
        return self.distance(link, link.with_one_rounded[asked], link.carried)

    def distance(
        self, link: Link, results: list[Scalar] | None, targets: list[Scalar] | None
    ) -> Scalar:
        """The largest difference in units of the last place; 0 where none can be compared."""
        if results is None or targets is None or len(results) != len(targets):
            return 0.0
        try:
            pairs = zip(results, targets, self.units(link, targets), strict=True)
            return max((apart(a, b, u) for a, b, u in pairs if is_finite(b)), default=0.0)
        except EvaluationError:
            return 0.0

    def units(self, link: Link, targets: list[Scalar]) -> list[Scalar]:
        """One unit in the last place of each entry of the result."""
        entries = results_of(link.right)
        if entries is None or len(entries) != len(targets):
            scale = max((abs(float(number.value)) for number in link.numbers.values()), default=1.0)
            return [unit_of(target, self.digits, scale) for target in targets]
        scale = max(abs(float(number.value)) for number in link.numbers.values())
        return [
            last_place(numeral(entry, self.digits_of(entry)))
            if isinstance(entry, Decimal)
            else unit_of(entry.value, self.digits, scale)
            for entry in entries
        ]


class Carried(Exact):
    """The value of a tree, its numbers at full length."""

    def value(self, part: Expr) -> Value:
        if type(part) is Decimal and is_finite(part.value):
            return self.decimal(part)
        return super().value(part)

    def decimal(self, number: Decimal) -> Scalar:
        # Sixteen digits are plenty beside the five that are shown, and fractions are fast.
        nearest = float(number.value)
        return Fraction(nearest) if SMALLEST < abs(nearest) < LARGEST else exactly(number.value)


class Shown(Carried):
    """The value of a tree, its numbers, or one of them alone, as a reader takes them."""

    def __init__(self, page: Page, only: str | None = None) -> None:
        super().__init__({}, Work())
        self.page, self.only = page, only

    def decimal(self, number: Decimal) -> Scalar:
        if self.only is not None and size_of(number) != self.only:
            return super().decimal(number)
        return value_shown(number, self.page.digits_of(number))


def last_digit(value: Real) -> int:
    """The power of ten that the error of the number is below."""
    return value.error.adjusted() + 1


def entries_of(expression: Expr, numbers: Exact) -> list[Scalar] | None:
    """The entries of a value; None where it has none."""
    try:
        return flattened(numbers.value(expression))
    except EvaluationError:
        return None


def apart(one: Scalar, other: Scalar, unit: Scalar) -> float:
    """How many units lie between two numbers, which may be smaller than any float."""
    if type(one) is Fraction and type(other) is Fraction and (size := to_float(unit)):
        return abs(to_float(one - other)) / size
    return abs(to_float(over(plus(one, -other), unit)))


def unit_of(value: Scalar, digits: int, scale: float) -> Scalar:
    """The last place of an exact number, or of one that is worked out on."""
    size = abs(value if isinstance(value, Real) else float(value)) or scale
    return last_place(numeral(Decimal(size), digits)) if size else Fraction(1)


def results_of(member: Expr) -> list[Number | Decimal] | None:
    """The numbers of a member that is a number or a vector or matrix of them."""
    if isinstance(member, Number | Decimal):
        return [member]
    if type(member).__name__ not in ("Neg", "Matrix", "Listing", "Chain"):
        return None
    found: list[Number | Decimal] = []
    for part in parts(member):
        inner = results_of(part)
        if inner is None:
            return None
        found += inner
    return found


def expressions(derivation: Derivation) -> Iterator[Expr]:
    """Every tree of the derivation, in the order in which it is read."""
    yield from in_steps(derivation.shown_steps)
    yield from (answer_line(answer) for answer in derivation.answers)
    for note in derivation.notes:
        yield from in_prose(note.text)


def in_steps(steps: Iterable[Step]) -> Iterator[Expr]:
    for step in steps:
        if step.is_in_letters:
            continue  # it has no digits to be chosen
        yield from in_prose(step.note)
        for block in step.blocks:
            if isinstance(block, Expr):
                yield block
            elif isinstance(block, Table):
                for cell in (cell for row in block.rows for cell in row):
                    yield from in_prose(cell)
                yield from block.along
        yield from in_steps(step.substeps)


def in_prose(prose: object) -> Iterator[Expr]:
    if isinstance(prose, Expr):
        yield prose
    elif isinstance(prose, tuple):
        yield from (piece for piece in prose if isinstance(piece, Expr))


def links(expression: Expr) -> Iterator[Link]:
    """Each member of a chain with rounded numbers, and the next one, and the next result."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if not decimals(node) or (type(node) is Call and node.name == "indicator"):
            continue
        if type(node) is Chain:
            yield from links_of(node)
        waiting.extend(parts(node)[::-1])


def links_of(chain: Chain) -> Iterator[Link]:
    members = chain.members
    closed = [not free_symbols(member) - CLOSED for member in members]
    for i, left in enumerate(members[:-1]):
        if not closed[i] or not decimals(left):
            continue
        for j in range(i + 1, len(members)):
            if chain.links[j - 1][0] not in ("=", "~=") or not closed[j]:
                break
            is_result = results_of(members[j]) is not None
            if is_result or j == i + 1:
                yield Link(left, members[j])
            if is_result:
                break
