"""A bar on standard error, with rate, while mail is read. It is drawn only for a
person; otherwise nothing of rich is even loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from firsthop.faces.cli.escape import clean
from firsthop.faces.cli.failures import complain
from firsthop.mail.sources import STANDARD_INPUT
from firsthop.mail.sources.walk import Found, walk
from firsthop.system.progress import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress


_PACKED = (".gz", ".tgz", ".bz2", ".xz", ".zst", ".zip", ".7z")


class ProgressBar(Progress):
    """Counts messages in sight of whoever watches. `skip` and the end of a `with` take
    the bar away before anything else is written."""

    def __init__(self, wanted: bool, no_color: bool = False, expected: int | None = None) -> None:
        self._bar = _bar(no_color) if wanted else None
        self._task = (
            self._bar.add_task("reading", total=None, place="", bytes=0, expected=expected)
            if self._bar
            else None
        )
        self._bytes, self._expected = 0, expected

    def begin(self, phase: str, total: int | None = None) -> None:
        """Another phase: its own bar in the place of the former one."""
        if self._bar is not None and self._task is not None:
            self._bar.remove_task(self._task)
            self._task = self._bar.add_task(
                phase,
                total=total,
                place="",
                bytes=0,
                expected=None if phase != "reading" else self._expected,
            )

    def step(self, place: str = "", size: int = 0) -> None:
        """One message more, found at `place`."""
        if self._bar is not None and self._task is not None:
            self._bytes += size
            self._bar.update(self._task, advance=1, place=clean(place)[-40:], bytes=self._bytes)

    def skip(self, place: str, reason: str) -> None:
        """Name an input that could not be read."""
        self.say(f"not read: {place}: {reason}")

    def say(self, line: str) -> None:
        """One line, whatever is drawn."""
        if self._bar is not None:
            self._bar.console.print(f"firsthop: {clean(line)}", soft_wrap=True)
        else:
            complain(line)

    def __enter__(self) -> ProgressBar:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar(no_color: bool) -> RichProgress:
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn
    from rich.progress import Progress as RichProgress
    from rich.text import Text

    from firsthop.faces.cli.console import open_console

    class Rate(ProgressColumn):
        """What is done, how much of it, how fast, and the time left where the end is
        known."""

        def render(self, task: Task) -> Text:
            speed, left = (
                task.finished_speed or task.speed,
                task.time_remaining
                or _left(task.elapsed, task.fields["bytes"], task.fields["expected"]),
            )
            told = [task.description] + (
                [f"{task.completed:,.0f}{f' of {task.total:,.0f}' if task.total else ''}"]
                if task.completed or task.total
                else []
            )
            told += [f"{speed:,.0f}/s"] if speed else []
            told += [f"{int(left) // 60}:{int(left) % 60:02} left"] if left else []
            return Text(", ".join(told))

    columns = (BarColumn(20), Rate(), TextColumn("{task.fields[place]}", style="dim", markup=False))
    return RichProgress(
        *columns,
        console=open_console(sys.stderr, no_color),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _left(elapsed: float | None, done: int, expected: int | None) -> float | None:
    """Seconds left by the bytes that are read; None where nobody knows how many there
    are."""
    return (
        elapsed * (expected - done) / done if elapsed and expected and 0 < done < expected else None
    )


def expected_bytes(paths: Iterable[str]) -> int | None:
    """The bytes that the paths hold; None where that says little: standard input,
    packed files."""
    total = 0
    for path in paths:
        if path == STANDARD_INPUT:
            return None
        for entry in walk(path):
            if isinstance(entry, Found):
                if entry.path.lower().endswith(_PACKED):
                    return None
                with suppress(OSError):
                    total += Path(entry.path).stat().st_size
    return total
