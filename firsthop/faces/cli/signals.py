"""A signal that asks the program to end (SIGINT, SIGTERM, SIGHUP) becomes an exception
in the command that runs: what is half done is undone or kept, and one line says so.

The first signal counts; others are passed over while the command cleans up. One that
the operator's shell ignores (`nohup`) stays ignored.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ASKING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
_received: list[int] = []


class EndedBySignal(BaseException):
    """The command was asked to end. No error: whoever cleans up does it as for any
    exception, and nobody else catches it."""

    def __init__(self, number: int, said: bool = False) -> None:
        super().__init__(number)
        self.number = number
        self.said = said  # somebody has told the operator what became of the work


@contextmanager
def heeding_signals() -> Iterator[None]:
    """Signals are heeded meanwhile; outside the main thread, where Python knows none,
    nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {
        one: signal.signal(one, _heed)
        for one in _ASKING
        if signal.getsignal(one) in (signal.SIG_DFL, signal.default_int_handler)
    }
    try:
        yield
    finally:
        for one, handler in former.items():
            signal.signal(one, handler)
        _received.clear()


def received() -> int | None:
    """The signal that asked the command to end. A library in whose code it arrives may
    raise something of its own."""
    return _received[0] if _received else None


def ending(number: int) -> str:
    """How the end by a signal is told."""
    return "interrupted" if number == signal.SIGINT else f"ended by {signal.Signals(number).name}"


def _heed(number: int, _frame: FrameType | None) -> None:
    if not _received:
        _received.append(number)
        raise EndedBySignal(number)
