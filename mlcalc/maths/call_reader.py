"""Calls as the reader reads them: f(x, y), beta(a=2, b=2), sum(x[i], i, 1, n)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from fractions import Fraction

from mlcalc.maths.functions import (
    DISTRIBUTIONS,
    FUNCTIONS,
    KNOWN_CALLS,
    STRUCTURES,
    VECTOR_FUNCTIONS,
)
from mlcalc.maths.left_out import REST, filled
from mlcalc.maths.near import closest
from mlcalc.maths.scanner import Token, Unreadable
from mlcalc.maths.token_cursor import TokenCursor
from mlcalc.maths.tree import (
    BigOp,
    Call,
    Cases,
    Chain,
    Div,
    Expr,
    Hadamard,
    MatMul,
    Number,
    Symbol,
    Transpose,
)

DECADIC = ("log10", "log_10")
SYNONYMS = {
    "log_2": "log2", "maximum": "max", "minimum": "min", "logistic": "sigmoid", "expit": "sigmoid",
    "prod": "product", "avg": "mean", "average": "mean", "med": "median",
    **{name.casefold(): name for name in (*FUNCTIONS, *VECTOR_FUNCTIONS) if "_" not in name},
}  # fmt: skip
"""What programs call a function, and what people write with a capital: ReLU(x)."""
CALLABLE = KNOWN_CALLS | {*DECADIC}


def meaning_of(name: str) -> str:
    """The function that a name before a bracket is of, under the name that the reader has."""
    return name if name in CALLABLE else SYNONYMS.get(name.casefold(), name)


class CallReader(TokenCursor, ABC):
    """The names that stand before a bracket; the grammar within it is for a subclass."""

    @abstractmethod
    def chain(self) -> Expr:
        """One argument."""

    @abstractmethod
    def sum(self) -> Expr:
        """The value of a keyword."""

    def application(self, name: Token) -> Expr:
        """A call of a function that bears that name here; the name is none of the reader's."""
        if name.text in self.functions:
            return self.call(name._replace(text=self.functions[name.text]))
        if name.text == "sigma":
            sign = self.typed(name)
            one, other = "sigmoid(…) for the function", f"{sign}*(…) for a product"
            raise self.two_readings(one, other)
        raise self.unknown_function(name)

    def unknown_function(self, name: Token) -> Unreadable:
        typed = self.typed(name)
        hint = "" if len(typed) == 1 else closest(name.text, KNOWN_CALLS)
        advice = hint or f"; write {typed}*(…) for a product"
        return self.fail(f"'{typed}' is not a function{advice}", name)

    def call(self, name: Token) -> Expr:
        if name.text in DECADIC:
            return Div(self.call(name._replace(text="ln")), Call("ln", (Number(Fraction(10)),)))
        opening = self.expect("(")
        self.deeper()
        with self.within():
            bound = len(self.bound)
            if name.text in ("sum", "product"):
                self.bind_index()
            arguments: list[Expr] = []
            keywords: list[tuple[str, Expr]] = []
            while self.token.text != ")":
                key = self.keyword() if name.text in DISTRIBUTIONS else None
                if key is not None:
                    if key.text in dict(keywords):
                        raise self.fail(f"'{key.text}' is given twice", key)
                    keywords.append((key.text, self.sum()))
                elif keywords:
                    raise self.fail("a value without a name may not follow one with a name")
                else:
                    arguments.append(self.chain())
                if not self.accept(","):
                    break
        self.expect(")", opening)
        del self.bound[bound:]
        self.nesting -= 1
        if REST in arguments and (found := filled(arguments)) is not None:
            # max(x_1, …, x_n) is that of the data
            before, of, behind = found
            arguments = [*before, of, *behind]
        return self.built(name, tuple(arguments), tuple(keywords))

    def keyword(self) -> Token | None:
        """The name in `rate=2` and `σ²=4`, which is passed over with its sign."""
        texts = [token.text for token in self.tokens[self.index : self.index + 6]]
        if self.token.kind != "name":
            return None
        for rest, square in ((["="], ""), (["2", "="], "2"), (["^", "2", "="], "2"),
                             (["^", "(", "2", ")", "="], "2")):  # fmt: skip
            if texts[1 : 1 + len(rest)] == rest:
                name = self.token
                self.index += 1 + len(rest)
                return name._replace(text=name.text + square)
        return None

    def bind_index(self) -> None:
        """Declares the index of sum(body, i, low, high), which stands after the body."""
        depth, position, commas = 0, self.index, []
        while position < len(self.tokens) - 1 and depth >= 0:
            text = self.tokens[position].text
            depth += (text in ("(", "[")) - (text in (")", "]"))
            if depth == 0 and text == ",":
                commas.append(position)
            position += 1
        if len(commas) == 3 and self.tokens[commas[0] + 1].kind == "name":
            self.bound.append(self.tokens[commas[0] + 1].text)

    def built(
        self, name: Token, arguments: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...]
    ) -> Expr:
        builders: dict[str, Callable[[], Expr]] = {
            "hadamard": lambda: Hadamard(arguments),
            "cases": lambda: cases(arguments),
            "matmul": lambda: MatMul(arguments),
            "dot": lambda: MatMul((Transpose(arguments[0]), *arguments[1:])),
        }
        if name.text == "indicator" and [isinstance(a, Chain) for a in arguments] != [True]:
            raise self.fail("write indicator(x > 0) with one relation", name)
        if name.text == "dot" and len(arguments) > 2:
            raise self.fail(f"dot takes 2 values, not {len(arguments)}", name)
        if name.text in builders and len(arguments) > 1:
            return builders[name.text]()
        if name.text in ("sum", "product") and len(arguments) == 4:
            body, index, low, high = arguments
            if not isinstance(index, Symbol):
                one = f"{name.text}(x[i], i, 1, n)"
                raise self.fail(f"write {one}, or {name.text}([…]) of four values", name)
            return BigOp(name.text, body, index, low, high)
        # binomial(n=10) is a distribution and binomial(n, k) a number.
        function = None if keywords else FUNCTIONS.get(name.text)
        if function is not None:
            most = function.most
            if len(arguments) < function.least or (most is not None and len(arguments) > most):
                wanted = f"{function.least}" if most == function.least else "at least 1"
                values = "values" if most == 2 else "value"
                raise self.fail(f"{name.text} takes {wanted} {values}, not {len(arguments)}", name)
        elif (name.text in STRUCTURES and name.text != "indicator") or (
            name.text in VECTOR_FUNCTIONS and not arguments
        ):
            raise self.fail(f"{name.text} has too few values", name)
        return Call(name.text, arguments, keywords)


def cases(arguments: tuple[Expr, ...]) -> Cases:
    """cases(value, condition, …, otherwise)."""
    pairs = [(arguments[i], arguments[i + 1]) for i in range(0, len(arguments) - 1, 2)]
    last = [(arguments[-1], None)] if len(arguments) % 2 else []
    return Cases((*pairs, *last))
