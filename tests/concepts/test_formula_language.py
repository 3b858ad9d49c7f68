"""Formulas are read as they are meant, and refused where the fault is."""

from __future__ import annotations

import random
import time

import pytest

from cartography.concepts.formulas.reading import read_formula
from cartography.concepts.formulas.tree import Formula, FormulaError, Mean, Name, Scaled, Sum, names_in
from cartography.concepts.formulas.writing import caret, quoted, written

KNOWN = {"co-op", "new york", "1984", "2", "#New York", "#co-op", "rolls-royce phantom ii", "Austria–Hungary"}
A, B, C = Name("a"), Name("b"), Name("c")


def read(text: str) -> Formula:
    return read_formula(text, KNOWN.__contains__)


def minus(term: Formula) -> Scaled:
    return Scaled(-1.0, term)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("a - b + c", Sum((A, minus(B), C))),
        ("a−b – c", Sum((A, minus(B), minus(C)))),
        ("a - (b + c)", Sum((A, minus(Sum((B, C)))))),
        ("a + 2*b - c/4", Sum((A, Scaled(2.0, B), Scaled(-0.25, C)))),
        ("2*(a - b)", Scaled(2.0, Sum((A, minus(B))))),
        ("a×3", Scaled(3.0, A)),
        ("1/2*a", Scaled(0.5, A)),
        ("(1/2)*a*4", Scaled(2.0, A)),
        ("3*(2*a)", Scaled(3.0, Scaled(2.0, A))),
        ("-a", minus(A)),
        ("--a", A),
        ("a - -b", Sum((A, B))),
        ("-2*a", Scaled(-2.0, A)),
        ("1e-3*a", Scaled(0.001, A)),
        (".5*a", Scaled(0.5, A)),
        ("mean(a, b - c)", Mean((A, Sum((B, minus(C)))))),
        ("2*AVG (a)", Scaled(2.0, Mean((A,)))),
        ("mean - a", Sum((Name("mean"), minus(A)))),
        ("(((a)))", A),
    ],
)
def test_products_bind_before_sums_and_parentheses_before_both(text, tree):
    assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("co-op - coop", ["co-op", "coop"]),
        ("co-opt", ["co", "opt"]),
        ("co - op", ["co", "op"]),
        ("co-op-op", ["co-op", "op"]),
        ("rolls-royce  phantom ii - new york", ["rolls-royce phantom ii", "new york"]),
        ("Austria–Hungary − austria", ["Austria–Hungary", "austria"]),
        ("1984 - 2", ["1984", "2"]),
        ("2*1984", ["1984"]),
        ("2*a", ["a"]),
        ("#New York - #co-op + #co-opt", ["#New York", "#co-op", "#co", "opt"]),
        ("#12 + @x", ["#12", "@x"]),
        ("\"two words\" - 'don't stop' + “a-b” + „c“", ["two words", "don't stop", "a-b", "c"]),
        (r'"say \"hi\"" + "C:\new" + "back\\slash"', ['say "hi"', "C:\\new", "back\\slash"]),
        ('@"my words" + #“New Town”', ["@my words", "#New Town"]),
        ("rock'n'roll + o.k + AT&T + C# + L’Oréal", ["rock'n'roll", "o.k", "AT&T", "C#", "L’Oréal"]),
        ("日本語 - שלום + نمی‌دانم + हिन्दी", ["日本語", "שלום", "نمی‌دانم", "हिन्दी"]),
        ("👩‍🚀 - 👍🏽 + café", ["👩‍🚀", "👍🏽", "café"]),
        ("\u200fשלום\u200e - \ufeffa", ["שלום", "a"]),
    ],
)
def test_names_are_told_from_signs(text, names):
    found = list(names_in(read(text)))
    assert [name.sign + name.text for name in found] == names
    for name in found:
        assert text[name.start : name.end].lstrip("#@\"'“„").startswith(name.text[:2])


@pytest.mark.parametrize(
    ("text", "fault", "said"),
    [
        ("", "", "no formula yet"),
        ("  ", "  ", "no formula yet"),
        ("a b - c", "a b", "in quotes"),
        ("x - los angeles", "los angeles", "in quotes"),
        ("a - ", "-", "missing after"),
        ("(a + )", "+", "missing after"),
        ("* a", "*", "missing before"),
        ("mean(a,,b)", ",", "missing before"),
        ("mean()", "()", "nothing between"),
        ("a + (b - c", "(", "never closed"),
        ("a + b)", ")", "closes nothing"),
        ("a, b", ",", "mean(...)"),
        ("0,7*a", ",", "Write 0.7"),
        ("a + 3", "3", "only scale"),
        ("a + 3*4", "3*4", "only scale"),
        ("0.7 a", "a", "Write 0.7*a"),
        ("2(a)", "(", "between"),
        ("a*b", "b", "multiplied"),
        ("2/a", "a", "divided by a name"),
        ("a/0", "0", "divided by 0"),
        ("1e7*a", "1e7*a", "1,000,000"),
        ("a + 1e999*b", "1e999*b", "1,000,000"),
        ("max(a, b)", "max", "no function"),
        ("a - #", "#", "No name follows"),
        ("a - # town", "#", "No name follows"),
        ('a + "two words', '"two words', "never closed"),
        ("a^2", "^", "means nothing"),
        ("a + ''", "''", "no name in these quotes"),
        ("a \x00 b", "\x00", "U+0000"),
        ("a \ud800", "\ud800", "U+D800"),
    ],
)
def test_faults_are_pointed_at(text, fault, said):
    with pytest.raises(FormulaError) as refused:
        read(text)
    error = refused.value
    assert text[error.start : error.end] == fault
    assert said in error.sentence
    line, marks = caret(text, error).split("\n")
    assert marks.strip(" ") == "^" * max(len(fault), 1)
    assert len(line) <= 100


def test_the_mark_stands_under_the_fault_among_wide_letters_and_in_long_formulas():
    text = "日本 + a + * b"
    with pytest.raises(FormulaError) as refused:
        read(text)
    line, marks = caret(text, refused.value).split("\n")
    assert marks.index("^") == line.index("*") + 2  # two letters that take two columns each
    long = " + ".join(["word"] * 150) + " ^ x" + " + word" * 100
    with pytest.raises(FormulaError) as refused:
        read(long)
    line, marks = caret(long, refused.value).split("\n")
    assert line[marks.index("^")] == "^"


def test_formulas_have_bounds():
    assert len(list(names_in(read("+".join("a" * 200))))) == 200
    assert read("(" * 50 + "a" + ")" * 50) == A
    for text in ["+".join("a" * 201), "(" * 51 + "a" + ")" * 51, "mean(" * 51 + "a" + ")" * 51, "a" + " " * 2000]:
        with pytest.raises(FormulaError) as refused:
            read(text)
        assert 0 < refused.value.start < refused.value.end <= len(text)


@pytest.mark.parametrize("piece", ["a", "(", "-", '"', "\\", "1", "a-", "a ", "9e9*", "'a", "\u0301", "mean(", "#"])
@pytest.mark.parametrize("size", [1_900, 1_000_000])
def test_hostile_texts_are_answered_at_once(piece, size):
    began = time.process_time()
    try:
        read_formula((piece * size)[:size], lambda text: len(text) > size)
    except FormulaError as error:
        assert len(error.sentence) < 300
    assert time.process_time() - began < 1


def test_whatever_is_written_is_read_or_refused_with_a_place():
    rng = random.Random(7)
    pieces = [*"ab1 .,()*/+-−^%#@\"'“”\\_é日", "mean", "new york", "👍🏽", "0.5", "\ud800", "\n"]
    read_well = 0
    for _ in range(4000):
        text = "".join(rng.choices(pieces, k=rng.randint(0, 9)))
        try:
            formula = read(text)
        except FormulaError as error:
            assert 0 <= error.start <= error.end <= len(text)
            assert error.message
            caret(text, error)
        else:
            read_well += 1
            assert read_formula(written(formula)) == formula, text
    assert read_well > 200


STRANGE = [
    *["a", "two words", "co-op", 'say "hi"', "back\\slash", "ends with \\", '\\"', "'quoted'", "mean", "Avg", "1984"],
    *[
        "1e5",
        "#town",
        "@me",
        "C#",
        "日本語",
        "שלום עולם",
        "👩‍🚀",
        "a\nb",
        " padded ",
        "(x)",
        "^",
        "\u200fabc",
        "x" * 300,
    ],
    *["‘a’", "“b”", "don't", "'tis", "0", "-1", ".5", "a.b", "\u0301", "\x00"],
]


def tree(rng: random.Random, depth: int) -> Formula:
    kind = rng.randrange(4) if depth else 0
    if kind == 1:
        factor = rng.choice([-1.0, 1.0, 2.0, -0.5, 1 / 3, 1e6, 1e-9, 0.0, rng.uniform(-10, 10)])
        return Scaled(factor, tree(rng, depth - 1))
    if kind == 2:
        return Sum(tuple(tree(rng, depth - 1) for _ in range(rng.randint(2, 4))))
    if kind == 3:
        return Mean(tuple(tree(rng, depth - 1) for _ in range(rng.randint(1, 3))))
    return Name(rng.choice(STRANGE[:-13]), rng.choice(["", "", "#", "@"]))


@pytest.mark.parametrize("seed", range(300))
def test_what_is_written_reads_back_to_the_same(seed):
    formula = tree(random.Random(seed), depth=3)
    text = written(formula)
    if len(text) <= 2000:
        assert read_formula(text) == formula
        assert written(read_formula(text)) == text


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("sign", ["", "#", "@"])
def test_quoted_names_read_back_whatever_is_called_otherwise(name, sign):
    text = quoted(name, sign)
    for known in (lambda _: False, lambda _: True):
        assert read_formula(f"{text} - {text}", known) == Sum((Name(name, sign), minus(Name(name, sign))))


def test_quotes_stand_only_where_they_are_needed():
    plain = ["king", "日本語", "o.k", "AT&T", "C#", "don't", "3D"]
    assert [quoted(name) for name in plain] == plain
    assert quoted("my words", "@") == '@"my words"'
