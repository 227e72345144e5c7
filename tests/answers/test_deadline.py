"""Time limits: in the main thread and in others."""

import contextlib
import sys
import threading
import time

import pytest

import matcalc as mc
from matcalc.answers import deadline
from matcalc.answers.deadline import within
from matcalc.errors import LimitReached


def loop():
    while True:
        with contextlib.suppress(Exception):
            time.sleep(0.01)


def stopped():
    start = time.perf_counter()
    with pytest.raises(LimitReached, match=r"no answer within 0\.1 seconds"), within(0.1):
        loop()
    return time.perf_counter() - start


def test_an_endless_loop_is_stopped():
    assert stopped() < 2


def test_in_another_thread_too():
    found = []
    thread = threading.Thread(target=lambda: found.append(stopped()))
    thread.start()
    thread.join(10)
    assert found and found[0] < 5


def test_what_ends_in_time_is_not_touched():
    for seconds in (None, 0, 5):
        with within(seconds):
            pass
    time.sleep(0.01)


def test_doors_have_time_limits():
    many = "+".join(f"tr(A{k}@X@B{k})" for k in range(300))
    with pytest.raises(mc.MatcalcError) as caught:
        mc.grad(many, "X", timeout=0.05)
    assert caught.value.code == "limit"
    assert mc.grad("norm(x)**2", "x", timeout=20).text() == "2*x"


def work(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(50))


def test_nothing_rings_where_the_limit_is_taken_away(monkeypatch):
    """The work takes about as long as it may: now one, now the other is first; either way nothing is raised later."""
    monkeypatch.setattr(deadline, "AGAIN", 0.0003)
    outcomes = []
    for k in range(300):
        try:
            with within(0.0005 + 1e-6 * (k % 30)):
                work(0.0005)
            outcomes.append("done")
        except LimitReached:
            outcomes.append("late")
        work(0.0006)  # a timer that was left on would ring here
    assert set(outcomes) <= {"done", "late"} and "late" in outcomes


def test_a_limit_that_is_over_at_once():
    for seconds in (1e-6, 1e-5, 1e-4):
        with pytest.raises(LimitReached), within(seconds):
            work(1)
        work(0.001)


class Slow:
    """What takes long to be thrown away."""

    def __del__(self):
        work(0.05)


def test_what_is_lost_in_a_finalizer_is_not_told(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    with pytest.raises(LimitReached), within(0.02):
        Slow()
        work(5)
    assert not told and sys.unraisablehook == told.append
