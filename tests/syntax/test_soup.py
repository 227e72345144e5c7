"""Whatever is typed gets an answer or an error of ours, soon."""

import random
from itertools import islice

import pytest
import soup

import matcalc as mc
from matcalc.syntax import read


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_typed_is_read_or_refused(seed):
    chance = random.Random(seed)
    for typed in islice(soup.soups(chance), 300):
        soup.outcome(typed)


def test_whatever_is_declared_is_read_or_refused():
    chance = random.Random(3)
    pieces = "x y A : : ; ; , ( ) m n 2 n*n symmetric positive scalar function elementwise pd = - + ** 0 é \x1b"
    words = pieces.split(" ")
    for _ in range(300):
        try:
            read("x", where=chance.choice(("", " ")).join(chance.choice(words) for _ in range(chance.randint(1, 12))))
        except mc.MatcalcError as error:
            assert error.code != "bug"


@pytest.mark.slow
def test_a_hundred_thousand_soups():
    assert soup.main(["--count", "100000", "--seed", "7"]) == 0


HANGS = [
    "9**9**9", "x**(10**9)", "2**(2**(2**(2**(2**2))))", "matpow(X, 10**9)", "matpow(X, 1000000000)", "x**1000000000", "(1 + x)**(10**9)",
    "(a + b + c + d)**60", "tr(matpow(X, 10**9))", "X**(10**9)", "‖x‖^1000000000", "x[1000000000]", "ones(10**9)@x", "1/3**200",
    "sin(" * 500 + "x" + ")" * 500, "exp(" * 1000 + "a" + ")" * 1000, "-" * 5000 + "x", "+".join(["x"] * 3000), "x" + "**2" * 300,
    "x" + ".T" * 4000, "(" * 2000 + "x" + ")" * 2000, "x**" * 1000 + "x", "A@" * 2000 + "x", "norm(" * 400 + "x" + ")" * 400,
    "U 1j*V", "U*1*j", "x" + "'" * 3000, "|" * 3000, "{" * 5000, "\\" * 5000, "a" * 10_000, "a b " * 2000, "[" * 2000, "\u200b" * 9000, "_" * 9999,
]  # fmt: skip


@pytest.mark.parametrize("typed", HANGS, ids=lambda t: t[:24].encode("unicode_escape").decode())
def test_nothing_hangs(typed):
    start = soup.time.process_time()
    soup.outcome(typed)
    assert soup.time.process_time() - start < 2 * soup.SECONDS
