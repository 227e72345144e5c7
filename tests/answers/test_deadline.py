"""Time limits: in the main thread and in others."""

import contextlib
import threading
import time

import pytest

import matcalc as mc
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


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the alarm may ring inside a finalizer
def test_doors_have_time_limits():
    many = "+".join(f"tr(A{k}@X@B{k})" for k in range(300))
    with pytest.raises(mc.MatcalcError) as caught:
        mc.grad(many, "X", timeout=0.05)
    assert caught.value.code == "limit"
    assert mc.grad("norm(x)**2", "x", timeout=20).text() == "2*x"
