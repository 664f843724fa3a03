"""Questions about densities of one's own, made from a seed: formulas × supports × data × priors.

Most are sound, some are broken on purpose; whatever they are, each must be solved or refused.
`commands(seed)` gives what is typed after `mlcalc`, without an end; a fuzzer takes as many as it
has time for.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

# Formula, support, and how an observation is drawn (see `observation`).
SOUND = (
    ("theta*exp(-theta*x)", "[0, inf]", "positive"),
    ("theta*x^(theta-1)", "0 < x < 1", "share"),
    ("(theta+1)*x^theta", "[0, 1]", "share"),
    ("x/theta^2*exp(-x^2/(2*theta^2))", "[0, inf]", "positive"),
    ("x^2*exp(-x/theta)/(2*theta^3)", "x > 0", "positive"),
    ("exp(-(x-theta)^2/2)/sqrt(2*pi)", "[-inf, inf]", "real"),
    ("exp(-(x-theta)^2/(2*theta))/sqrt(2*pi*theta)", "", "real"),
    ("exp(-abs(x-theta))/2", "", "real"),
    ("1/(pi*(1+(x-theta)^2))", "", "real"),
    ("exp(-x+theta)/(1+exp(-x+theta))^2", "", "real"),
    ("exp(theta-x)*indicator(x >= theta)", "", "real"),
    ("exp(theta-x)*(x >= theta)", "", "real"),
    ("indicator(0 <= x <= theta)/theta", "", "positive"),
    ("indicator(theta <= x)*indicator(x <= theta + 1)", "", "share"),
    ("2*x/theta^2*(0 <= x <= theta)", "", "positive"),
    ("max(0, 1-abs(x-theta))", "", "share"),
    ("3/4*max(0, 1-(x-theta)^2)", "", "share"),
    ("cases(theta, 0 <= x < 1, 1 - theta, 1 <= x <= 2, 0)", "[0, 2]", "two"),
    ("cases(theta/3, x = 0, 2*theta/3, x = 1, 1 - theta, x = 2)", "", "three"),
    ("(x==0)*theta + (x==1)*(1-theta)", "", "coin"),
    ("theta*(x=1) + (1-theta)*(x=2)", "", "coin"),
    ("theta^x*(1-theta)^(1-x)", "", "coin"),
    ("(1-theta)^(x-1)*theta", "", "count"),
    ("theta^x*exp(-theta)/factorial(x)", "", "count"),
    ("theta^x/((exp(theta)-1)*factorial(x))", "", "count"),
    ("-theta^x/(x*log(1-theta))", "", "count"),
    ("binomial(5, x)*theta^x*(1-theta)^(5-x)", "[0, 5]", "three"),
    ("theta*2*x + (1-theta)*2*(1-x)", "[0, 1]", "share"),
    ("(1+theta*x)/2", "[-1, 1]", "share"),
    ("theta/x^(theta+1)", "x >= 1", "large"),
    ("theta/(1+x)^(theta+1)", "[0, inf]", "positive"),
    ("theta*exp(-theta*x)/(1-exp(-theta))", "[0, 1]", "share"),
    ("2*theta*x*exp(-theta*x^2)", "[0, inf]", "positive"),
    ("sqrt(theta/pi)*exp(-theta*x^2)", "", "real"),
    ("1/2*exp(-x) + 1/2*theta*exp(-theta*x)", "[0, inf]", "positive"),
    ("x^(theta-1)*(1-x)^(theta-1)/beta_function(theta, theta)", "0 < x < 1", "share"),
    ("x^(theta-1)*exp(-x)/gamma_function(theta)", "[0, inf]", "positive"),
    ("f(x) = theta*exp(-theta*x)", "[0, inf]", "positive"),
    ("p(x | theta) = theta^x*(1-theta)^(1-x)", "", "coin"),
    ("sigma^-1*exp(-x/sigma)", "[0, inf]", "positive"),
)  # fmt: skip

BROKEN = (
    "theta*x=1", "theta*x", "x - theta", "theta", "x", "1/x", "theta/0", "log(theta*x)", "-theta*x",
    "theta^x", "x^x^theta", "exp(exp(theta*x))", "[theta, x]", "x[i]*theta", "sum(x[i], i, 1, n)",
    "cases(theta)", "cases(theta, x, 1, 2)", "cases(theta, x = 0)", "indicator(x)", "(x == theta)",
    "theta*(x ~= 1)", "sqrt(theta - x)", "factorial(theta*x)", "binomial(theta, x)", "tan(theta*x)",
    "theta*exp(-theta*x", "normal(mu=theta)", "f(theta)*x", "x*theta < 1", "theta*exp(-lambda*x)",
    "1/(x-theta)", "1/abs(x-theta)", "abs(x-theta)^(-1/2)", "theta*relu(x)", "sign(x-theta)",
    "floor(theta*x)", "(theta*x)!", "0*theta*x", "theta*x*inf", "max(x, theta)", "min(x, theta)",
    "softmax(theta*x)", "e^(-theta*x)*theta", "θ·e^(−θx)", "theta*x^-theta^-1", "mean(x, theta)",
)  # fmt: skip

SUPPORTS = (
    "", "", "[0, inf]", "x > 0", "0 < x < 1", "[0, 1]", "x >= 1", "x >= theta", "[theta, inf]",
    "[-inf, inf]", "[1, 0]", "[0, theta]", "[3]", "x", "0 <= x <= 2",
)  # fmt: skip

PARAMETERS = (
    "{name: theta, range: [0, 1]}", "{name: theta, range: [1/2, 3]}",
    "{name: theta, range: [0, 0]}",
    "{name: theta, values: [0.2, 0.5]}", "{name: theta, values: [1, 2, 3]}", "mu", "x",
    "{name: theta, range: [-5, -1]}", "{range: [0, 1]}",
)  # fmt: skip

PRIORS = (
    "beta(2, 2)", "beta(1/2, 1/2)", "gamma(shape=2, scale=2)", "gamma(shape=1/2, rate=1)",
    "exponential(rate=1)", "normal(mu=0, sigma2=1)", "normal(mu=1000, sigma2=1e-6)",
    "laplace(mu=0, b=1)", "uniform(0, 1)", "uniform(1/2, 3)",
    "uniform(-1, 0)", "inverse_gamma(shape=2, scale=3)",
    "6*theta*(1-theta)", "exp(-theta)", "1/theta", "1", "theta*indicator(theta < 1)",
    "exp(-abs(theta))", "max(0, 1 - theta)", "beta(a, b)",
    "normal(mu=m, sigma2=1)", "dirichlet(1, 1)",
)  # fmt: skip

EXTREMES = ("0", "1", "-1", "1e-300", "1e300", "1e-9", "1/3", "0.1", "1e8", "-0.5", "100", "2.5")


def observation(kind: str, random: Random) -> str:
    match kind:
        case "positive":
            return f"{random.expovariate(0.5):.2f}"
        case "share":
            return f"{random.random():.2f}"
        case "real":
            return f"{random.gauss(0, 2):.2f}"
        case "two":
            return f"{2 * random.random():.1f}"
        case "large":
            return f"{1 + random.expovariate(1):.1f}"
    most = {"coin": 1, "three": 2}.get(kind, 6)
    return str(random.randint(0 if kind != "count" else 1, most))


def data_of(kind: str, random: Random) -> str:
    """A few observations; now and then equal ones, or one from beyond."""
    size = random.choice((1, 1, 2, 3, 3, 5, 12))
    found = [observation(kind, random) for _ in range(size)]
    if random.random() < 0.15:
        found = found[:1] * size
    if random.random() < 0.2:
        found[random.randrange(size)] = random.choice(EXTREMES)
    return ",".join(found)


def command(random: Random) -> tuple[str, ...]:
    """One question: its kind, density and what goes with it."""
    formula, support, kind = random.choice(SOUND)
    if random.random() < 0.2:
        formula = random.choice(BROKEN)
    if random.random() < 0.3:
        support = random.choice(SUPPORTS)
    name = "sigma" if "sigma" in formula else "theta"
    parameter = random.choice(PARAMETERS) if random.random() < 0.15 else name
    words = [f"--density={formula}", f"--parameter={parameter}"]
    if support:
        words.append(f"--support={support}")
    shape = random.random()
    if shape < 0.85:
        words.append(f"--data={data_of(kind, random)}")
    elif shape < 0.95:
        size = random.randint(1, 9)
        words += [f"--n={size}", f"--sum={random.choice(EXTREMES)}"]
    if random.random() < 0.4:
        prior = random.choice(PRIORS).replace("theta", name)
        return ("map", *words, f"--prior={prior}")
    return ("mle", *words)


def commands(seed: int) -> Iterator[tuple[str, ...]]:
    """What is typed after `mlcalc`, question after question, the same for the same seed."""
    random = Random(seed)
    while True:
        yield command(random)
