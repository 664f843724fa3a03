"""Maths drawn over several terminal lines: fractions with a bar, raised exponents, limits.

Whatever has no height of its own (names, numbers, shapes) is taken from the one-line printer,
so that the two agree.  How a drawing that is too wide is broken is `breaking`'s business.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.maths.printing import rules
from mlcalc.maths.printing.ascii_lines import AsciiPrinter
from mlcalc.maths.printing.boxes import Box, above, below_bar, beside, fenced, grid, side
from mlcalc.maths.printing.joints import Joint
from mlcalc.maths.printing.lines import LinePrinter, is_short
from mlcalc.maths.printing.numerals import Numeral
from mlcalc.maths.printing.printer import Pieces, Printer
from mlcalc.maths.printing.style import Style
from mlcalc.maths.records import replace
from mlcalc.maths.tree import (
    BigOp,
    Call,
    Cases,
    Decimal,
    Derivative,
    Expr,
    Indexed,
    Neg,
    Number,
    Shape,
    Symbol,
)


class StackedPrinter(Printer[Box]):
    """Draws a tree as a box, as wide as it happens to be.

    `small` printers write an exact p/q in the line, for exponents and matrix entries.
    """

    def __init__(self, style: Style, small: bool = False) -> None:
        self.line: LinePrinter = AsciiPrinter(style) if style.ascii else LinePrinter(style)
        drawn = replace(self.line.form, fractions_close=True, numerals_close=not small)
        super().__init__(drawn)
        # A drawn matrix ends visibly: two of them need no dot between.
        beside_each_other = {**self.line.signs.matrix_joints, Joint.WIDE_TIMES: " "}
        self.signs = replace(self.line.signs, matrix_joints=beside_each_other)
        self.fences = self.line.fences
        self.style = style
        self.small = self if small else StackedPrinter(style, small=True)

    def text(self, text: str) -> Box:
        return Box.of(text)

    def joined(self, pieces: Pieces[Box]) -> Box:
        tall = any(box.tall for _, box in pieces)
        boxes: list[Box] = []
        for sign, box in pieces:
            if not sign and boxes and boxes[-1].tall:
                sign = " "  # a letter must not touch the bar before it
            boxes += [Box.of(self.spaced(sign) if tall else sign), box]
        return beside(boxes)

    def applied(self, name: Box, arguments: Box) -> Box:
        return beside((name, arguments))

    def spaced(self, sign: str) -> str:
        """A sign with air around it, beside tall things: a minus must not touch a bar."""
        if sign == self.signs.negative:
            return f"{sign} "
        joints = set(self.signs.joints.values()) - {""}
        return f" {sign.strip()} " if sign in joints and sign.strip() else sign

    def fence(self, inner: Box, kind: str) -> Box:
        return fenced(inner, kind, self.style.ascii)

    def numeral(self, shown: Numeral) -> Box:
        if not shown.divisor or not self.form.numerals_close:
            return Box.of(self.line.numeral(shown))
        fraction = self.fraction(Box.of(shown.digits), Box.of(shown.divisor))
        return self.joined([(self.signs.negative * shown.negative, fraction)])

    def symbol(self, symbol: Symbol) -> Box:
        return Box.of(self.line.symbol(symbol))

    def indexed(self, indexed: Indexed) -> Box:
        return Box.of(self.line.indexed(indexed))

    def words(self, text: str) -> Box:
        return Box.of(self.line.words(text))

    def fraction(self, numerator: Box, denominator: Box) -> Box:
        return below_bar(numerator, denominator, "-" if self.style.ascii else "─")

    def power(self, base: Expr, exponent: Expr) -> Box:
        foot = self.render(base, rules.BASE)
        raised = self.line.raised(exponent)
        if raised is None:
            if self.style.ascii and not foot.tall and isinstance(exponent, Number | Symbol):
                raised = f"^{self.line.render(exponent, rules.EXPONENT)}"
            else:
                return self._with_exponent(foot, self.small.render(exponent))
        return beside((foot, Box.of(raised).on(0) if not foot.tall else _on_top(raised, foot)))

    def _with_exponent(self, foot: Box, exponent: Box) -> Box:
        """The exponent's last line is the one above the base's first."""
        blank = " " * exponent.width
        lines = exponent.lines + (blank,) * foot.height
        return beside((foot, Box(lines, exponent.width, exponent.height + foot.baseline)))

    def root(self, radicand: Expr) -> Box:
        if self.style.ascii:
            return self.applied(Box.of("sqrt"), self.fence(self.render(radicand), "()"))
        return beside((Box.of("√"), self.render(radicand, rules.BASE)))

    def transpose(self, operand: Box) -> Box:
        mark = self.line.transpose("")
        return beside((operand, Box.of(mark) if not operand.tall else _on_top(mark, operand)))

    def function_name(self, call: Call) -> Box:
        return Box.of(self.line.function_name(call))

    def binomial(self, n: Expr, k: Expr) -> Box:
        rows = [[self.render(n)], [self.render(k)]]
        return self.fence(grid(rows, 0, right_aligned=False), "()")

    def listed(self, items: Sequence[Box]) -> Box:
        return self.joined([(", " if i else "", item) for i, item in enumerate(items)])

    def matrix(self, rows: tuple[tuple[Expr, ...], ...]) -> Box:
        if not rows or not rows[0]:
            return Box.of("[]")
        numbers = all(_is_number(entry) for row in rows for entry in row)
        drawn = [[self.small.render(entry) for entry in row] for row in rows]
        return self.fence(grid(drawn, 2, right_aligned=numbers), "[]")

    def shape(self, shape: Shape) -> Box:
        return Box.of(self.line.shape(shape))

    def cases(self, cases: Cases) -> Box:
        values = [self.render(value) for value, _ in cases.branches]
        width = max(box.width for box in values)
        rows: list[Box] = []
        # Two lines leave no line for the tip of the brace.
        apart = len(values) == 2 or any(box.tall for box in values)
        for box, (_, condition) in zip(values, cases.branches, strict=True):
            end = [Box.of("  otherwise")]
            if condition is not None:
                end = [Box.of("  if "), self.render(condition)]
            row = beside((box.padded(0, width - box.width), *end))
            rows += [Box.of(" "), row] if rows and apart else [row]
        inner = above(rows)
        inner = inner.on(inner.height // 2 if len(values) > 1 else rows[0].baseline)
        brace = side("{", inner.height, self.style.ascii).on(inner.baseline)
        return beside((brace, Box.of(" "), inner))

    def big(self, big: BigOp) -> Box:
        if big.low is None or big.high is None:
            sign = Box.of(self.line.over_all(big) + " ")
            return beside((sign, self.render(big.body, rules.BODY)))
        low = beside((self.symbol(big.index), Box.of("="), self.small.render(big.low)))
        high, sign = self.small.render(big.high), Box.of(self.line.operator(big))
        width = max(low.width, high.width, sign.width)
        parts = [part.centred(width) for part in (high, sign, low)]
        operator = above(parts, high.height)
        return beside((operator, Box.of(" "), self.render(big.body, rules.BODY)))

    def derivative(self, derivative: Derivative) -> Box:
        upper, lower = self.line.differentials(derivative)
        if is_short(derivative.body):
            body = self.render(derivative.body)
            return self.fraction(beside((Box.of(upper), body)), Box.of(lower))
        operator = self.fraction(Box.of(upper), Box.of(lower))
        body = self.render(derivative.body).padded(1, 1)
        return beside((operator, Box.of(" "), self.fence(body, "[]")))


def _on_top(mark: str, foot: Box) -> Box:
    """A small mark at the upper right corner of a tall box."""
    mark_box = Box.of(mark)
    lines = (mark, *(" " * mark_box.width,) * (foot.height - 1))
    return Box(lines, mark_box.width, foot.baseline)


def _is_number(entry: Expr) -> bool:
    number = entry.operand if isinstance(entry, Neg) else entry
    return isinstance(number, Number | Decimal)
