"""A time limit for one question: `with within(seconds): …` raises LimitReached when the time is up.

The main thread is stopped by a timer of the operating system, other threads by an exception that the interpreter raises in
them.  What stops the work is not an `Exception`, so that nobody on the way catches it by mistake.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FrameType
from typing import ParamSpec, TypeVar

from matcalc.errors import LimitReached

P = ParamSpec("P")
R = TypeVar("R")


class TimeIsUp(BaseException):
    """Raised inside the work that took too long."""


@contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """Stop what is inside after so many seconds; None is no limit."""
    if seconds is None or seconds <= 0:
        yield
        return
    alarmed = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    try:
        with _alarm(seconds) if alarmed else _interruption(seconds):
            yield
    except TimeIsUp:
        raise LimitReached(f"no answer within {seconds:g} seconds; --timeout (timeout=) gives more") from None


def limited(door: Callable[P, R]) -> Callable[P, R]:
    """A door with a keyword `timeout`, in seconds, which is kept."""

    @wraps(door)
    def kept(*arguments: P.args, **options: P.kwargs) -> R:
        seconds = options.get("timeout")
        with within(seconds if isinstance(seconds, (int, float)) else None):
            return door(*arguments, **options)

    return kept


AGAIN = 0.25
"""Seconds after which work is stopped again, as what was raised inside a finalizer is lost."""


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    over = False

    def ring(number: int, frame: FrameType | None) -> None:
        if not over:
            raise TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _interruption(seconds: float) -> Iterator[None]:
    import ctypes

    target, over = ctypes.c_ulong(threading.get_ident()), threading.Event()

    def interrupt() -> None:
        wait = seconds
        while not over.wait(wait):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(target, ctypes.py_object(TimeIsUp))
            wait = AGAIN

    threading.Thread(target=interrupt, daemon=True).start()
    try:
        yield
    finally:
        over.set()
