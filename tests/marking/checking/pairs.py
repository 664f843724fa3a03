"""Pairs of a key and an answer that are equal, or are not, made without mlcalc.

Formulas are nested tuples with a printer and a value of their own.  Equal ones are rewritten by
identities, unequal ones changed in one place; both are looked at through floats at points of
their own, so that neither an identity that is none nor a change that changes nothing gets by.
"""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

Formula = tuple[Any, ...]
"""("n", 3), ("x", "a"), ("+", f, g), ("neg", f), ("^", f, 2), ("exp", f), …"""

LETTERS = ("a", "b", "k", "n", "theta", "x")
POINTS = 12


class Pair(NamedTuple):
    """What is typed, what it is compared with, and whether the two are equal."""

    answer: str
    key: str
    are_equal: bool


# Formulas.


def formula(random: Random, size: int) -> Formula:
    if size <= 1:
        if random.random() < 0.35:
            return ("n", random.randint(1, 9))
        return ("x", random.choice(LETTERS))
    match random.choice("++--**//^fg"):
        case "^":
            return ("^", formula(random, size - 1), random.choice((2, 2, 3, -1)))
        case "f" | "g":
            return (random.choice(("exp", "log", "sqrt")), formula(random, size - 1))
        case sign:
            left = random.randint(1, size - 1)
            return (sign, formula(random, left), formula(random, size - left))


def value(tree: Formula, at: dict[str, float]) -> float:
    """The value in floats; ArithmeticError and ValueError where there is none."""
    match tree:
        case ("n", number):
            return float(number)
        case ("x", name):
            return at[name]
        case ("neg", f):
            return -value(f, at)
        case ("^", f, power):
            return value(f, at) ** int(power)
        case ("exp" | "log" | "sqrt" as name, f):
            return float(getattr(math, name)(value(f, at)))
        case (sign, f, g):
            a, b = value(f, at), value(g, at)
            return {"+": a + b, "-": a - b, "*": a * b}[sign] if sign != "/" else a / b
    raise AssertionError(tree)


def values(tree: Formula, random: Random) -> list[float | None]:
    """The values at points between 0 and 3, of which some are below 1."""
    found: list[float | None] = []
    for i in range(POINTS):
        top = 1.0 if i % 2 else 3.0
        at = {letter: random.uniform(0.05, 0.95) * top for letter in LETTERS}
        try:
            number = value(tree, at)
            found.append(number if math.isfinite(number) and abs(number) < 1e12 else None)
        except (ArithmeticError, ValueError, TypeError):
            found.append(None)
    return found


def rewritten(tree: Formula, random: Random) -> Formula:
    """The same by an identity, here or further down."""
    if tree[0] in ("n", "x") or random.random() < 0.5:
        return changed_here(tree, random)
    i = random.choice([i for i, part in enumerate(tree) if isinstance(part, tuple)])
    return (*tree[:i], rewritten(tree[i], random), *tree[i + 1 :])


def changed_here(tree: Formula, random: Random) -> Formula:
    other: Formula = ("x", random.choice(LETTERS))
    anywhere: list[Formula] = [
        ("-", ("+", tree, other), other),
        ("+", other, ("-", tree, other)),
        ("/", ("*", ("n", 2), tree), ("n", 2)),
        ("/", ("*", tree, other), other),
        ("neg", ("neg", tree)),
        ("log", ("exp", tree)),
        ("*", ("n", 1), tree),
        ("+", tree, ("n", 0)),
        ("/", ("n", 1), ("^", tree, -1)),
        ("^", tree, 1),
    ]
    here: list[Formula] = []
    match tree:
        case ("+", f, g):
            here += [("+", g, f), ("-", f, ("neg", g)), ("neg", ("-", ("neg", f), g))]
        case ("-", f, g):
            here += [("+", f, ("neg", g)), ("neg", ("-", g, f))]
        case ("*", ("+", f, g), h):
            here += [("+", ("*", f, h), ("*", g, h))]
        case ("*", f, g):
            here += [("*", g, f), ("neg", ("*", ("neg", f), g)), ("/", f, ("^", g, -1))]
        case ("/", ("+", f, g), h):
            here += [("+", ("/", f, h), ("/", g, h))]
        case ("/", f, g):
            here += [("*", f, ("^", g, -1)), ("^", ("/", g, f), -1), ("*", ("/", ("n", 1), g), f)]
        case ("^", f, 2):
            here += [("*", f, f), ("^", ("neg", f), 2), ("/", ("^", f, 3), f)]
        case ("^", f, 3):
            here += [("*", f, ("^", f, 2)), ("*", ("*", f, f), f)]
        case ("exp", ("+", f, g)):
            here += [("*", ("exp", f), ("exp", g))]
        case ("exp", f):
            here += [("/", ("n", 1), ("exp", ("neg", f))), ("^", ("exp", ("/", f, ("n", 2))), 2)]
        case ("log", ("*", f, g)):
            here += [("+", ("log", f), ("log", g))]
        case ("log", f):
            here += [("neg", ("log", ("/", ("n", 1), f))), ("*", ("n", 2), ("log", ("sqrt", f)))]
        case ("sqrt", f):
            here += [("exp", ("/", ("log", f), ("n", 2))), ("/", f, ("sqrt", f))]
        case ("n", int(number)) if number > 1:
            here += [("+", ("n", number - 1), ("n", 1)), ("/", ("n", 2 * number), ("n", 2))]
    return random.choice(here if here and random.random() < 0.6 else anywhere)


def perturbed(tree: Formula, random: Random) -> Formula:
    """Another formula: one sign, number, letter or function is changed."""
    inner = [i for i, part in enumerate(tree) if isinstance(part, tuple)]
    if inner and random.random() < 0.7:
        i = random.choice(inner)
        return (*tree[:i], perturbed(tree[i], random), *tree[i + 1 :])
    match tree:
        case ("n", number):
            return ("n", number + random.choice((1, 2, 10)))
        case ("x", name):
            return ("x", random.choice([letter for letter in LETTERS if letter != name]))
        case ("^", f, power):
            return ("^", f, power + 1)
        case ("neg", f):
            return f
        case ("exp" | "log" | "sqrt", f):
            return f
        case (sign, f, g):
            other = random.choice([s for s in "+-*/" if s != sign])
            return (other, f, g) if random.random() < 0.7 else (sign, f, ("+", g, ("n", 1)))
    raise AssertionError(tree)


def plain(tree: Formula) -> str:
    match tree:
        case ("n", number):
            return str(number)
        case ("x", name):
            return str(name)
        case ("neg", f):
            return f"(-{plain(f)})"
        case ("^", f, power):
            return f"({plain(f)})^{power}" if power > 0 else f"({plain(f)})^({power})"
        case ("exp" | "log" | "sqrt" as name, f):
            return f"{name}({plain(f)})"
        case (sign, f, g):
            return f"({plain(f)} {sign} {plain(g)})"
    raise AssertionError(tree)


def tex(tree: Formula) -> str:
    match tree:
        case ("n", number):
            return str(number)
        case ("x", name):
            return r"\theta" if name == "theta" else str(name)
        case ("neg", f):
            return rf"\left(-{tex(f)}\right)"
        case ("^", f, power):
            return rf"\left({tex(f)}\right)^{{{power}}}"
        case ("exp", f):
            return rf"e^{{{tex(f)}}}"
        case ("log", f):
            return rf"\ln\left({tex(f)}\right)"
        case ("sqrt", f):
            return rf"\sqrt{{{tex(f)}}}"
        case ("/", f, g):
            return rf"\frac{{{tex(f)}}}{{{tex(g)}}}"
        case (sign, f, g):
            return rf"\left({tex(f)} {sign if sign != '*' else chr(92) + 'cdot'} {tex(g)}\right)"
    raise AssertionError(tree)


def formulas(random: Random, are_equal: bool) -> Pair:
    """A pair whose values at the points say what it is."""
    while True:
        key = formula(random, random.randint(2, 6))
        if are_equal:
            other = key
            for _ in range(random.randint(1, 3)):
                other = rewritten(other, random)
        else:
            other = perturbed(key, random)
        seed = random.random()
        both = zip(values(key, Random(seed)), values(other, Random(seed)), strict=True)
        known = [(a, b) for a, b in both if a is not None and b is not None]
        if len(known) < POINTS - 3:
            continue
        if are_equal and not all(math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-5) for a, b in known):
            raise AssertionError(f"this is no identity: {plain(key)} and {plain(other)}")
        apart = sum(not math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-6) for a, b in known)
        if are_equal or apart >= len(known) // 2:
            return Pair(random.choice((plain, tex))(other), "formula: " + plain(key), are_equal)


# Numbers and lists of them.


def numbers(random: Random, are_equal: bool) -> Pair:
    """One number, a list or a matrix, typed in one of the ways that there are."""
    count = random.choice((1, 1, 1, 2, 3, 4))
    keys = [number(random) for _ in range(count)]
    typed = [spelled(key, random) for key in keys]
    if not are_equal:
        place = random.randrange(count)
        typed[place] = spelled(moved(keys[place], random), random, exactly=True)
    if count == 1:
        return Pair(typed[0], str(keys[0]), are_equal)
    if count == 4 and random.random() < 0.5:
        rows = f"{typed[0]}, {typed[1]}; {typed[2]}, {typed[3]}"
        key = f"matrix: {keys[0]} {keys[1]}; {keys[2]} {keys[3]}"
        a, b, c, d = typed
        answer = rf"\begin{{pmatrix}}{a} & {b} \\ {c} & {d}\end{{pmatrix}}"
        return Pair(random.choice((rows, answer)), key, are_equal)
    answer = ", ".join(typed)
    key = "list: " + ", ".join(map(str, keys))
    return Pair(random.choice((f"[{answer}]", answer, f"({answer})")), key, are_equal)


def number(random: Random) -> Fraction:
    if random.random() < 0.2:
        return Fraction(random.randint(-2000, 2000))
    top = random.choice((9, 99, 9999))
    found = Fraction(random.randint(1, top), random.randint(2, top))
    return found * random.choice((1, 1, -1, Fraction(1, 10**6), Fraction(1, 10**12)))


def moved(key: Fraction, random: Random) -> Fraction:
    """Another number, by far more than a thousandth away."""
    how = random.choice((Fraction(11, 10), 2, -1, Fraction(1, 2), 10))
    return key * how if key else Fraction(random.randint(1, 9))


def spelled(number: Fraction, random: Random, exactly: bool = False) -> str:
    """The number as it is typed: a fraction, a decimal of enough digits, a percentage, LaTeX."""
    p, q = number.numerator, number.denominator
    sign = "-" if number < 0 else ""
    ways = [f"{p}/{q}", rf"{sign}\frac{{{abs(p)}}}{{{q}}}", f"{2 * p}/{2 * q}", f"({p})/{q}"]
    if q == 1:
        ways = [str(p), f"{p}.0", f"{2 * p}/2", f"{p + 3}-3"]
    elif abs(number) > Fraction(1, 10**9) or not exactly:
        digits = random.randint(4, 12)
        decimal = f"{float(number):.{digits}g}"
        mantissa, _, exponent = decimal.partition("e")
        ways.append(decimal)
        if exponent:
            ways.append(rf"{mantissa}\cdot10^{{{int(exponent)}}}")
            ways.append(f"{mantissa} x 10^{int(exponent)}")
        elif abs(number) < 10:
            ways.append(f"{float(number * 100):.{digits}f}%")
    return random.choice(ways)


def pairs(seed: int, count: int) -> list[Pair]:
    """So many equal pairs and as many unequal ones, the same for the same seed."""
    random = Random(seed)
    makers = (formulas, numbers, numbers)
    return [random.choice(makers)(random, i % 2 == 0) for i in range(2 * count)]
