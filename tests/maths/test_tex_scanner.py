r"""LaTeX is read as the plain text that means the same, and complaints point into the LaTeX."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcalc.maths.printing import latex
from mlcalc.maths.reader import read
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Expr
from tests.maths.test_reader import alike, meaning
from tests.maths.trees import arithmetic

SAME = [
    (r"\frac{18}{7}", "18/7"),
    (r"\dfrac12", "1/2"),
    (r"\frac1{n+1}", "1/(n + 1)"),
    (r"\hat\theta = \frac{k}{N}", "theta_hat = k/N"),
    (r"\hat{\theta}_{\text{MAP}}", "theta_hat_MAP"),
    (r"\theta_{MLE}", "theta_MLE"),
    (r"W_{xh}", "W_xh"),
    (r"\theta_1^2", "theta_1^2"),
    (r"\bar{x}", "x_bar"),
    (r"2.5\cdot10^{-3}", "2.5*10^(-3)"),
    (r"2.5 \times 10^-3", "2.5*10^(-3)"),
    (r"\left(\frac{1}{2}\right)^{2}", "(1/2)^2"),
    (r"$\theta^{2}(1-\theta)$", "theta^2*(1 - theta)"),
    (r"\(\theta\,x\)", "theta*x"),
    (r"2\theta x", "2*theta*x"),
    (r"\frac{1}{2}x", "(1/2)*x"),
    (r"8\%", "8%"),
    (r"\ln 2", "ln(2)"),
    (r"\ln\frac{2}{\delta}", "ln(2/delta)"),
    (r"\ln|H|", "ln(abs(H))"),
    (r"\log_2 8", "log2(8)"),
    (r"n\log n", "n*log(n)"),
    (r"\log x^{2}", "log(x^2)"),
    (r"\exp\left(-\lambda x\right)", "exp(-lambda*x)"),
    (r"\lambda e^{-\lambda x}", "lambda*e^(-lambda*x)"),
    (r"\beta(1-\beta)", "beta*(1 - beta)"),  # a letter, not the distribution
    (r"\mathrm{Beta}(17, 185)", "beta(17, 185)"),
    (r"\text{Gamma}(\text{shape}=80, \text{rate}=22)", "gamma(shape=80, rate=22)"),
    (r"\mathcal{N}(\mu=0, \sigma^2=1)", "normal(mu=0, sigma2=1)"),
    (r"\sqrt{2}", "sqrt(2)"),
    (r"\sqrt[3]{8}", "8^(1/3)"),
    (r"\binom{n}{k}p^k(1-p)^{n-k}", "binomial(n, k)*p^k*(1 - p)^(n - k)"),
    (r"\lfloor \frac{x}{2} \rfloor + 1", "floor(x/2) + 1"),
    (r"\max\{a, b\}", "max(a, b)"),
    (r"\left|x\right|", "|x|"),
    (r"0 \le x < 1", "0 <= x < 1"),
    (r"\infty", "inf"),
    (r"0{,}08", "0.08"),
    (r"14{,}714{,}688", "14714688"),
    (r"\sum_{i=1}^{n} i^2 + 1", "sum(i^2, i, 1, n) + 1"),
    (r"\frac{1}{n}\sum_{i=1}^n x_i", "(1/n)*sum(x[i], i, 1, n)"),
    (r"\sum_i (x_i - \mu)^2", "sum((x - mu)^2)"),
    (r"\frac{\sum x_i}{n}", "sum(x)/n"),
    (r"\prod_{i=1}^{3} i", "product(i, i, 1, 3)"),
    (r"\begin{pmatrix}1 & -2\\ 3 & 4\end{pmatrix}", "[[1, -2], [3, 4]]"),
    (r"\begin{bmatrix}1 \\ \frac{1}{2} \\\end{bmatrix}", "[[1], [1/2]]"),
    (r"\begin{array}{cc}1 & 2\end{array}", "[[1, 2]]"),
    (r"\begin{pmatrix}1 & 2\end{pmatrix}^T", "[[1, 2]].T"),
    (r"A^\top B", "A.T @ B"),
    (r"\left[0, 1\right]", "[0, 1]"),
    (r"\mathbf{x}", "x"),
]  # fmt: skip

REFUSED = [
    (r"1\frac{1}{2}", "write 1 + 1/2 or 1 * 1/2", 1),
    (r"1{,}234", "write 1.234 or 1234", 0),
    (r"\theta^12", r"write ^{12} or ^1 \cdot 2, as TeX sets it", 7),
    (r"1/2\theta", r"write (1/2)*\theta or 1/(2*\theta)", 3),
    (r"\ln 2x", r"write ln(2…) or ln(2) \cdot …", 5),
    (r"\sigma(z)", "write sigmoid(…) for the function", 6),
    (r"\pm 2", "this stands for two values", 0),
    (r"\foo", "unknown command '\\foo'", 0),
    (r"\fraction{1}{2}", "did you mean 'frac'?", 0),
    (r"\frac{1}", "braces are expected here", 8),
    (r"x + \frac{1", "this brace is not closed", 9),
    (r"1 + 2}", "'}' closes nothing here", 5),
    (r"\left(1", "this bracket is not closed by ')'", 5),
    (r"\sin^2 x", "write sin(…)^2", 0),
    (r"\log_{7} 8", r"write \frac{\ln x}{\ln 7}", 0),
    (r"\begin{pmatrix}1 & 2\\ 3\end{pmatrix}", "row 2 has 1 entry and row 1 has 2", 0),
    (r"\begin{pmatrix}1 & \\ 3 & 4\end{pmatrix}", "an entry of row 1 is empty", 0),
    (r"\begin{pmatrix}1 & 2", r"\begin{pmatrix} has no \end{pmatrix}", 0),
    (r"\begin{document}1\end{document}", "the environment 'document' is not one of numbers", 0),
    (r"\input{/etc/passwd}", "unknown command '\\input'", 0),
    (r"\def\x{\x\x}\x", "unknown command '\\def'", 0),
    (r"\frac" * 900, "braces may be nested 30 deep at most", 300),
    ("{" * 5000, "braces may be nested 30 deep at most", 60),
]  # fmt: skip


@pytest.mark.parametrize(("tex", "plain"), SAME)
def test_it_is_read_as(tex: str, plain: str) -> None:
    assert read(tex) == read(plain)


@pytest.mark.parametrize(("tex", "message", "position"), REFUSED)
def test_it_is_refused_with(tex: str, message: str, position: int) -> None:
    with pytest.raises(Unreadable) as raised:
        read(tex)
    assert message in raised.value.message
    assert raised.value.position == position


@given(arithmetic(6))
@settings(deadline=None, max_examples=60)
def test_what_is_printed_as_latex_is_read_back_or_refused(tree: Expr) -> None:
    """Never as something else."""
    text = latex(tree)
    try:
        found = read(text)
    except Unreadable:
        return
    assert alike(meaning(found), meaning(tree)), text


PIECES = st.sampled_from([
    "\\frac", "\\sqrt", "\\hat", "\\ln", "\\log", "\\sum", "\\prod", "\\binom", "\\text", "\\left",
    "\\right", "\\begin{pmatrix}", "\\end{pmatrix}", "\\\\", "&", "{", "}", "[", "]", "(", ")",
    "^", "_", "_{i=1}", "^n", "x", "x_i", "1", "12", "{,}", "234", "+", "-", "/", "|", "=", ",",
    "\\theta", "\\cdot", "\\max", "\\lfloor", "\\rfloor", "\\{", "\\}", "$", "\\", " ", "\\mathrm",
    "Beta", "\\%", "\\sigma", "\\top", "\\le", "½", ";",
])  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(deadline=None, max_examples=100)
def test_any_pieces_are_read_or_refused_at_a_place(text: str) -> None:
    position = 0
    try:
        meaning(read(text))
    except Unreadable as error:
        position = error.position
    assert 0 <= position <= len(text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (r"\max(0.05, x_{1})", "max(0.05, x_1)"),
        (r"\max(x_{1}, x_{2})", "max(x_1, x_2)"),
        (r"\max(x_a, x_b)", "max(x_a, x_b)"),
        (r"\max_i x_i", "max(x)"),
        (r"\sum x_i", "sum(x)"),
    ],
)
def test_a_subscript_that_is_no_index_stays(text: str, same: str) -> None:
    assert read(text) == read(same)
