"""Networks counted: built-in ones against published totals, random ones against PyTorch."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from mlcalc.files.document import Entries, Items, Text, from_plain
from mlcalc.files.errors import Invalid, Place
from mlcalc.files.reading import read_document
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Symbol, walk
from mlcalc.networks.architectures.question import built_in
from mlcalc.showing.derivation import Derivation
from tests.chains import closed_links, expressions, is_true

HERE = Place("test")


def worked(network: Any, **fields: Any) -> Derivation:
    return solve("params", from_plain({"network": network, **fields}, HERE))  # type: ignore[arg-type]


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None, name
    return answer.value


def refused(network: str) -> str:
    with pytest.raises(Invalid) as caught:
        worked(network)
    return str(caught.value)


# Published totals: torchvision's documentation of its weights (`num_params`, and `_ops`, billions
# of multiply-adds, to three decimals), and the papers' layers where it has no such model.
TORCHVISION = {
    "alexnet": (61_100_840, 0.714),
    "vgg11": (132_863_336, 7.609),
    "vgg13": (133_047_848, 11.308),
    "vgg16": (138_357_544, 15.47),
    "vgg19": (143_667_240, 19.632),
    "googlenet": (6_624_904, 1.498),
    "resnet18": (11_689_512, 1.814),
    "resnet34": (21_797_672, 3.664),
    "resnet50": (25_557_032, 4.089),
    "resnet101": (44_549_160, 7.801),
    "resnet152": (60_192_808, 11.514),
    "squeezenet": (1_248_424, 0.819),
    "densenet121": (7_978_856, 2.834),
    "mobilenet-v2": (3_504_872, 0.301),
}
OTHERS = {
    "recitation": 405_050,
    "lenet5": 156 + 2_416 + 48_120 + 10_164 + 850,
    "alexnet-2012": 60_965_224,
    "zfnet": 62_357_608,
}


@pytest.mark.parametrize(("name", "published"), TORCHVISION.items())
def test_torchvision_publishes_the_same(name: str, published: tuple[int, float]) -> None:
    derivation = worked(name)
    assert value(derivation, "total") == published[0]
    assert round(value(derivation, "multiplications") / 10**9, 3) == Fraction(str(published[1]))


@pytest.mark.parametrize(("name", "total"), OTHERS.items())
def test_totals_of_papers(name: str, total: int) -> None:
    assert value(worked(name), "total") == total


def test_fractalnet_by_its_recursion() -> None:
    """f_1 = conv, f_(c+1) = conv joined with f_c ∘ f_c (Larsson et al. 2017), counted anew."""

    def fractal(columns: int, inside: int, out: int) -> int:
        unit = 9 * inside * out + 2 * out
        if columns == 1:
            return unit
        return unit + fractal(columns - 1, inside, out) + fractal(columns - 1, out, out)

    widths = [3, 64, 128, 256, 512, 512]
    blocks = sum(fractal(3, a, b) for a, b in pairwise(widths))
    assert value(worked("fractalnet"), "total") == blocks + 512 * 10 + 10


def test_each_file_states_its_total_source_and_convention() -> None:
    from mlcalc.networks.architectures.question import network

    assert set(built_in()) == {*TORCHVISION, *OTHERS, "fractalnet"}
    for name in built_in():
        about = network(Text(name, HERE)).about
        assert about["source"]
        assert about["convention"]
        assert int(about["total"]) == value(worked(name), "total")


@pytest.mark.parametrize(
    ("name", "field"), [("vgg16", 212), ("alexnet", 195), ("mobilenet-v2", 491)]
)
def test_receptive_fields_as_published(name: str, field: int) -> None:
    """Araujo, Norris and Sim (2019), "Computing receptive fields of convolutional networks"."""
    assert value(worked(name), "receptive_field") == field


def test_layers_add_up_to_the_totals() -> None:
    for name in built_in():
        derivation = worked(name)
        for count, total in (("parameters", "total"), ("multiplications", "multiplications")):
            listed = sum(layer[count] for layer in value(derivation, "layers"))
            assert listed == value(derivation, total), name


PRINTED = "Net(\n  (conv1): Conv2d(1, 6, 5)\n  (conv2): Conv2d(6, 16, 5)\n)"


def test_no_products_are_said_where_it_is_not_known_what_a_layer_reads() -> None:
    letters = {part for line in expressions(worked(PRINTED)) for part in walk(line)}
    assert Symbol("H") not in letters
    both = worked([PRINTED, "3@8x8 > conv 4 k3"])
    assert "multiplications" not in [answer.name for answer in both.all_answers]
    assert not any("multiplications of A" in step.rule for step in both.shown_steps)


@pytest.mark.parametrize("name", built_in())
def test_every_line_of_a_built_in_is_true(name: str) -> None:
    count = 0
    for expression in expressions(worked(name)):
        for _, relation, _, a, b in closed_links(expression):
            assert is_true(a, relation, b, False)
            count += 1
    assert count > 3


@pytest.mark.parametrize(
    "typed", ["[alexnet, zfnet, vgg16]", "{alexnet > zfnet}", "[{name: a, layers: [conv 8 k1]}]"]
)
def test_names_in_one_bracket_are_no_layers(typed: str) -> None:
    assert "there is no network" in refused(typed)


# The same network, written in several ways.


WAYS = {
    "commas": "3@128x128, maxpool 2, conv 12 k17, flatten, fc 10",
    "words": "3@128x128 > max-pool k=2 > conv2d 12 kernel=17 s1 p0 > flatten > dense 10",
    "a list": ["3@128x128", "maxpool 2", "conv 12 k17", "flatten > fc 10"],
    "sizes": [
        [3, 128, 128], {"maxpool": 2}, {"conv": 12, "kernel": [17, 17]}, "flatten", {"fc": 10},
    ],
    "a mapping": {
        "input": "3@128x128",
        "blocks": {"shrink n": ["maxpool n"]},
        "layers": ["shrink 2", {"conv": "12", "kernel": 17}, "flatten", "fc 10"],
    },
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_ways_to_write_a_network(way: str) -> None:
    derivation = worked(WAYS[way])
    assert value(derivation, "total") == 3 * 12 * 17 * 17 + 12 + 12 * 48 * 48 * 10 + 10


def test_letters_give_formulas() -> None:
    total = value(worked("c@hxw > conv f k3 p1 > flatten > fc n"), "total")
    letters = {Symbol(name): Fraction(n) for name, n in zip("chwfn", (3, 8, 7, 5, 10), strict=True)}
    assert evaluate(total, letters) == value(
        worked("3@8x7 > conv 5 k3 p1 > flatten > fc 10"), "total"
    )
    expected = read("c*f*9 + f + f*h*w*n + n")
    assert evaluate(total, letters) == evaluate(expected, letters)


def test_bias_and_convention() -> None:
    assert value(worked("784 > fc 100", bias="false"), "total") == 78_400
    gru = "5x7 > gru 3"
    assert value(worked(gru), "total") == 3 * (7 * 3 + 3 * 3 + 3)
    assert value(worked(gru, convention="keras"), "total") == 3 * (7 * 3 + 3 * 3 + 6)
    assert value(worked("5x7 > lstm 3", convention="keras"), "total") == 4 * (7 * 3 + 3 * 3 + 3)
    assert value(worked("4@8x8 > batchnorm", convention="keras"), "total") == 16


def test_repeat_and_shortcuts() -> None:
    line = "64@8x8 > repeat 3 (residual(conv 64 k3 p1 > relu))"
    assert value(worked(line), "total") == 3 * (64 * 64 * 9 + 64)
    shrinking = "64@8x8 > residual(conv 128 k3 s2 p1 | {})"
    convolution = 64 * 128 * 9 + 128
    assert value(worked(shrinking.format("zero-padded")), "total") == convolution
    projected = value(worked(shrinking.format("conv 128 k1 s2")), "total")
    assert projected == convolution + 64 * 128 + 128


def test_comparison_says_what_is_saved() -> None:
    derivation = worked(["784 > fc 100 > fc 10", "784 > fc 10"])
    assert value(derivation, "total") == {"A": 79_510, "B": 7_850}
    assert value(derivation, "saved_parameters") == 79_510 - 7_850
    assert len(derivation.pictures) == 2
    named = worked(["vgg16", "vgg16", "alexnet"])
    assert set(value(named, "total")) == {"vgg16", "vgg16-2", "alexnet"}


# What does not fit.


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ("vgg17", "did you mean 'vgg"),
        ("3@8x8 > cnov 3 k3", "did you mean 'conv'"),
        ("3@8x8 > Linear(192, 10)", "write flatten before it, which gives 192"),
        ("3@8x8 > conv 4 k9", "a kernel up to 8 or a padding from 1 fits"),
        ("3@8x8 > conv 4 k3 d4", "a kernel up to 2 or a padding from 1 fits"),
        ("6@8x8 > conv 8 k3 g3", "g2 fits"),
        ("3@8x8 > conv 0 k3", "a whole number from 1"),
        ("3@8x8 > conv 4", "needs its kernel"),
        ("3@8x8 > maxpool 2 g3", "maxpool has no groups"),
        ("3@8x8 > conv 4 k3 k5", "given twice"),
        ("3@8x8 > flatten > conv 4 k3", "put it before flatten"),
        ("3@8x8 > residual(conv 6 k3 p1)", "conv 6 k1 fits"),
        ("3@8x8 > residual(conv 6 k3 s2 p1)", "conv 6 k1 s2 fits"),
        ("3@8x8 > parallel(conv 4 k1 | conv 4 k3)", "branch 2 gives 6×6 and branch 1 8×8"),
        ("3@8x8 > parallel add (conv 4 k1 | conv 5 k1)", "cannot be added"),
        ("3@8x8 > parallel(conv 4 k1 | conv 4 k3", "never closed"),
        ("3@8x8 > relu > > relu", "not nothing"),
        ("conv 4 k3 > relu", "the size of the input is missing"),
        ("5x6 > attention 4", "3 fits"),
        ("8 > repeat 100000 (relu)", "at most 10,000 layers"),
        ("8 > repeat 999 (repeat 999 (repeat 999 (relu)))", "at most 10,000 layers"),
        ("8 > relu 3", "takes no size"),
    ],
)  # fmt: skip
def test_what_does_not_fit_says_what_would(network: str, said: str) -> None:
    assert said in refused(network)


def test_the_place_is_that_of_the_layer() -> None:
    line = "3@8x8 > relu > conv 4 k9"
    given = Entries(((Text("network", HERE), Text(line, Place("network", line))),), HERE)
    with pytest.raises(Invalid) as caught:
        solve("params", given)
    place = caught.value.complaints[0].place
    assert place is not None
    assert line[place.column - 1 :] == "conv 4 k9"


def test_blocks_may_not_contain_themselves() -> None:
    text = "input: 8\nblocks:\n  a: [b]\n  b: [relu, a]\nlayers: [a]\n"
    raw = read_document(text, "blocks.yaml")
    with pytest.raises(Invalid, match=r"contains itself \(a > b > a\)") as caught:
        solve("params", Entries(((Text("network", HERE), raw),), HERE))
    place = caught.value.complaints[0].place
    assert place is not None
    assert (place.line, place.column) == (4, 13)


def test_bombs_are_refused_at_once() -> None:
    depth = 12
    text = "input: 8\nblocks:\n  a0: [relu]\n"
    text += "".join(f"  a{n}: [a{n - 1}, a{n - 1}, a{n - 1}, a{n - 1}]\n" for n in range(1, depth))
    raw = read_document(f"{text}layers: [a{depth - 1}]\n", "bomb.yaml")
    with pytest.raises(Invalid, match="at most 10,000 layers"):
        solve("params", Entries(((Text("network", HERE), raw),), HERE))


# Pictures.


@pytest.mark.parametrize("name", built_in())
def test_pictures_fit_and_are_files(name: str) -> None:
    drawing = worked(name).pictures[0].drawing
    for width in (40, 80, 120):
        assert max(map(len, drawing.lines(width))) <= width
    root = ElementTree.fromstring(drawing.svg())
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert "input" in texts
    assert "1000" in texts or "10" in texts


# PyTorch as the witness.


def random_layer(rng: random.Random, channels: int, axes: int) -> tuple[str, Any, list[int]]:
    """A layer as text, as a module, and the shape of an input for it."""
    nn = pytest.importorskip("torch").nn
    size = [rng.randint(9, 20) for _ in range(axes)]
    kernel = [rng.randint(1, 4) for _ in range(axes)]
    stride = rng.randint(1, 3)
    padding = rng.randint(0, min(kernel) // 2)
    dilation = rng.randint(1, 2)
    k = "x".join(map(str, kernel))
    window = f"k{k} s{stride} p{padding}"
    options = {"stride": stride, "padding": padding}
    groups = rng.choice([g for g in (1, 2, 3, 4) if channels % g == 0])
    filters = groups * rng.randint(1, 4)
    biased = rng.random() < 0.7
    nobias = "" if biased else " nobias"
    shape = [channels, *size]
    match rng.choice(["conv", "conv", "transposed", "max", "avg", "adaptive", "norm", "same"]):
        case "conv":
            module = getattr(nn, f"Conv{axes}d")(
                channels, filters, kernel, dilation=dilation, groups=groups, bias=biased, **options
            )
            return f"conv {filters} {window} d{dilation} g{groups}{nobias}", module, shape
        case "transposed":
            module = getattr(nn, f"ConvTranspose{axes}d")(
                channels, filters, kernel, groups=groups, bias=biased, **options
            )
            return f"transposed-conv {filters} {window} g{groups}{nobias}", module, shape
        case "max":
            ceil = rng.random() < 0.5
            module = getattr(nn, f"MaxPool{axes}d")(
                kernel, dilation=dilation, ceil_mode=ceil, **options
            )
            return f"maxpool {window} d{dilation}{' ceil' if ceil else ''}", module, shape
        case "avg":
            ceil = rng.random() < 0.5
            module = getattr(nn, f"AvgPool{axes}d")(kernel, ceil_mode=ceil, **options)
            return f"avgpool {window}{' ceil' if ceil else ''}", module, shape
        case "adaptive":
            out = rng.randint(1, 7)
            return f"adaptive-avgpool {out}", getattr(nn, f"AdaptiveAvgPool{axes}d")(out), shape
        case "norm":
            if rng.random() < 0.5:
                return "layernorm", nn.LayerNorm(shape), shape
            return "batchnorm", getattr(nn, f"BatchNorm{axes}d")(channels).eval(), shape
        case _:
            module = getattr(nn, f"Conv{axes}d")(channels, filters, kernel, padding="same")
            return f"conv {filters} k{k} same", module, shape


def random_sequence_layer(rng: random.Random) -> tuple[str, Any, list[int]]:
    nn = pytest.importorskip("torch").nn
    steps, size, units = rng.randint(2, 9), 2 * rng.randint(1, 5), rng.randint(1, 7)
    shape = [steps, size]
    match rng.choice(["rnn", "lstm", "gru", "fc", "attention", "layernorm"]):
        case "fc":
            return f"fc {units}", nn.Linear(size, units), shape
        case "attention":
            heads = rng.choice([n for n in (1, 2, size) if size % n == 0])
            return f"attention {heads}", nn.MultiheadAttention(size, heads), shape
        case "layernorm":
            return "layernorm", nn.LayerNorm(size), shape
        case word:
            both = rng.random() < 0.5
            cell = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[word]
            module = cell(size, units, bidirectional=both)
            return f"{word} {units}{' bidirectional' if both else ''}", module, shape


def weight_count(module: Any) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def output_shape(module: Any, shape: list[int]) -> tuple[int, ...]:
    torch = pytest.importorskip("torch")
    with torch.no_grad():
        if isinstance(module, torch.nn.MultiheadAttention):
            x = torch.zeros(shape)
            return tuple(module(x, x, x)[0].shape)
        if isinstance(module, torch.nn.RNNBase | torch.nn.Linear) or len(shape) < 3:
            is_map = isinstance(module, torch.nn.modules.conv._ConvNd)
            found = module(torch.zeros([1, *shape] if is_map else shape))
            found = found[0] if isinstance(found, tuple) else found
            return tuple(found.shape[1:] if is_map else found.shape)
        return tuple(module(torch.zeros([1, *shape])).shape[1:])


def spelled(shape: list[int], is_sequence: bool = False) -> str:
    if is_sequence or len(shape) == 1:
        return "x".join(map(str, shape))
    return f"{shape[0]}@{'x'.join(map(str, shape[1:]))}"


@pytest.fixture
def shapes_alone() -> Iterator[Any]:
    """PyTorch on its device that knows shapes and computes nothing."""
    torch = pytest.importorskip("torch")
    with torch.device("meta"):
        yield torch


@pytest.mark.usefixtures("shapes_alone")
def test_random_layers_agree_with_pytorch() -> None:
    rng = random.Random(6)
    for _ in range(250):
        is_sequence = rng.random() < 0.2
        if is_sequence:
            text, module, shape = random_sequence_layer(rng)
        else:
            text, module, shape = random_layer(rng, rng.choice([1, 2, 4, 6]), rng.randint(2, 3))
        line = f"{spelled(shape, is_sequence)} > {text}"
        derivation = worked(line, convention="pytorch")
        assert value(derivation, "total") == weight_count(module), line
        assert value(derivation, "layers")[-1]["shape"] == output_shape(module, shape), line


def test_100_random_networks_agree_with_pytorch(shapes_alone: Any) -> None:
    torch = shapes_alone
    nn = torch.nn
    rng = random.Random(22)

    class Residual(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, body: Any, shortcut: Any) -> None:
            super().__init__()
            self.body, self.shortcut = body, shortcut

        def forward(self, x: Any) -> Any:
            return self.body(x) + self.shortcut(x)

    class Parallel(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, branches: Any) -> None:
            super().__init__()
            self.branches = nn.ModuleList(branches)

        def forward(self, x: Any) -> Any:
            return torch.cat([branch(x) for branch in self.branches], 1)

    for _ in range(100):
        channels, size = rng.choice([1, 3, 4]), rng.randint(12, 40)
        parts, modules = [f"{channels}@{size}x{size + 3}"], []
        for _ in range(rng.randint(2, 6)):
            out = rng.choice([4, 6, 8])
            match rng.randint(0, 4):
                case 0:
                    parts.append(f"conv {out} k3 p1 > batchnorm > relu")
                    modules += [nn.Conv2d(channels, out, 3, padding=1), nn.BatchNorm2d(out)]
                    channels = out
                case 1:
                    stride = rng.randint(1, 2)
                    parts.append(
                        f"residual(conv {out} k3 s{stride} p1 > tanh | conv {out} k1 s{stride})"
                    )
                    body = nn.Sequential(nn.Conv2d(channels, out, 3, stride, 1), nn.Tanh())
                    modules.append(Residual(body, nn.Conv2d(channels, out, 1, stride)))
                    channels = out
                case 2:
                    parts.append(f"parallel(conv {out} k1 | identity | conv 2 k5 same > relu)")
                    branches = [nn.Conv2d(channels, out, 1), nn.Identity()]
                    modules.append(Parallel([*branches, nn.Conv2d(channels, 2, 5, padding="same")]))
                    channels += out + 2
                case 3:
                    parts.append("repeat 2 (residual(batchnorm > relu))")
                    modules += [Residual(nn.BatchNorm2d(channels), nn.Identity()) for _ in range(2)]
                case _:
                    parts.append("maxpool 2 s1 p1")
                    modules.append(nn.MaxPool2d(2, 1, 1))
        if rng.random() < 0.5:
            parts.append("global-avgpool")
            modules += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        else:
            parts.append("flatten")
            modules.append(nn.Flatten())
        parts.append("fc 5 > softmax")
        modules.append(nn.LazyLinear(5))
        network = nn.Sequential(*modules).eval()
        with torch.no_grad():
            shape = tuple(network(torch.zeros(1, *from_text(parts[0]))).shape[1:])
        derivation = worked(" > ".join(parts))
        assert value(derivation, "total") == weight_count(network), parts
        assert value(derivation, "layers")[-1]["shape"] == shape, parts


def from_text(shape: str) -> list[int]:
    return [int(size) for size in shape.replace("@", "x").split("x")]


def test_a_listing_of_layers_is_compared() -> None:
    from mlcalc.marking.checking import check
    from mlcalc.showing.derivation import Verdict

    answer = worked("4 > fc 2").answer("layers")
    assert answer is not None
    right = from_plain([{"name": "fc", "shape": [2], "parameters": 10}], HERE)
    wrong = from_plain([{"name": "fc", "shape": [2], "parameters": 11}], HERE)
    assert isinstance(right, Items)
    assert check(right, answer).verdict is Verdict.RIGHT
    assert check(wrong, answer).verdict is Verdict.WRONG


@pytest.mark.parametrize(
    "network",
    [
        "784 > fc 100 > relu > fc 10",
        "784,fc 100,relu,fc 10",
        "784, fc 100, relu, fc 10",
        "784>fc 100>relu>fc 10",
        "784\nfc 100\nrelu\nfc 10\n",
        "784,\n  fc 100,\n\n  relu >\nfc 10",
        "784\r\nfc 100\r\nrelu\r\nfc 10\r\n",
    ],
)
def test_layers_stand_behind_commas_arrows_or_lines(network: Any) -> None:
    assert value(worked(network), "total") == 79_510
    assert [layer["name"] for layer in value(worked(network), "layers")] == ["fc-1", "relu", "fc-2"]


@pytest.mark.parametrize(
    ("network", "words"),
    [
        ("784 > > fc 10", "not nothing"),
        ("784 > fc 10 >", "not nothing"),
        ("784, fc (10", "never closed"),
        ("784, ((((((", "never closed"),
        ("784, fc 10)", "closes nothing"),
        ("784, " + "repeat 3 (" * 200 + "fc 10" + ")" * 200, "up to 20 deep"),
        ("784, " + "residual(" * 5000 + "fc 784" + ")" * 5000, "up to 20 deep"),
        ("784, " + "repeat 10 (" * 12 + "fc 10" + ")" * 12, "at most 10,000 layers"),
        ("784, repeat 1000000000 (fc 10)", "at most 10,000 layers"),
        ("784, repeat 10^400 (fc 10)", "between 10^-100 and 10^100"),
        ("1e400, fc 10", "between 10^-100 and 10^100"),
        ("784, fc 10^30", "sizes up to 1,000,000,000"),
        ("784, fc 0", "a whole number from 1"),
        ("784, fc true", "a whole number from 1"),
        ("784, fc null", "a whole number from 1"),
        ("784, fc nan", "a whole number from 1"),
        ("784, fc inf", "a whole number from 1"),
        ("784, dropout nan", "from 0 and below 1"),
        ("784, dropout 1e400", "from 0 and below 1"),
        ("784, dropout true", "from 0 and below 1"),
        ("784, dropout 1", "from 0 and below 1"),
        ("10x1000000000, attention 999999937", "1000000000 fits"),
        ("999999937@8x8, conv 999999937 k3 g2", "g1 fits"),
    ],
)
def test_what_is_too_large_or_no_size_is_refused_before_it_is_built(
    network: str, words: str
) -> None:
    assert words in refused(network)
