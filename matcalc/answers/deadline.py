"""A time limit for one question: `with within(seconds): …` raises LimitReached when the time is up.

The main thread is stopped by a timer of the operating system, other threads by an exception that the interpreter raises in
them.  What stops the work is not an `Exception`, so that nobody on the way catches it by mistake; nor does it get out of here:
it is not raised where the limit is being set or taken away, and what an interpreter would tell of one that is lost in a finalizer is
not told.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from functools import wraps
from types import FrameType, TracebackType
from typing import Any, ParamSpec, TypeVar

from matcalc.errors import LimitReached

P = ParamSpec("P")
R = TypeVar("R")
AGAIN = 0.25
"""Seconds after which work is stopped again, as what was raised inside a finalizer is lost."""


class TimeIsUp(BaseException):
    """Raised inside the work that took too long."""


class within:  # noqa: N801 - it reads as what it is: with within(10):
    """Stop what is inside after so many seconds; None is no limit."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds or 0.0
        self.over = threading.Event()
        self.before: Any = None
        self.hook: Any = None
        self.alarmed = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")

    def __enter__(self) -> None:
        if self.seconds <= 0:
            return
        self.hook = sys.unraisablehook
        if self.alarmed:
            sys.unraisablehook = self._told
            self.before = signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, self.seconds, AGAIN)
        else:
            threading.Thread(target=self._interrupt, args=(threading.get_ident(),), daemon=True).start()

    def __exit__(self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None) -> None:
        if self.seconds <= 0:
            return
        self.over.set()
        if self.alarmed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.before)
            sys.unraisablehook = self.hook
        if kind is TimeIsUp:
            raise LimitReached(f"no answer within {self.seconds:g} seconds; --timeout (timeout=) gives more") from None

    def _ring(self, number: int, frame: FrameType | None) -> None:
        if not (self.over.is_set() or _is_ours(frame)):
            raise TimeIsUp

    def _interrupt(self, thread: int) -> None:
        import ctypes

        wait = self.seconds
        while not self.over.wait(wait):
            if not _is_ours(sys._current_frames().get(thread)):
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TimeIsUp))
            wait = AGAIN

    def _told(self, lost: Any) -> None:
        if lost.exc_type is not TimeIsUp:
            self.hook(lost)


_OURS = (within.__enter__.__code__, within.__exit__.__code__)


def _is_ours(frame: FrameType | None) -> bool:
    """Whether the limit is being set or taken away, in this frame or above it."""
    while frame is not None:
        if frame.f_code in _OURS:
            return True
        frame = frame.f_back
    return False


def limited(door: Callable[P, R]) -> Callable[P, R]:
    """A door with a keyword `timeout`, in seconds, which is kept."""

    @wraps(door)
    def kept(*arguments: P.args, **options: P.kwargs) -> R:
        seconds = options.get("timeout")
        with within(seconds if isinstance(seconds, (int, float)) else None):
            return door(*arguments, **options)

    return kept
