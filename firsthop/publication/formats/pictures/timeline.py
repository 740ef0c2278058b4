"""The timeline: a row for each server, a dot for each message, UTC above, the local
time below."""

from __future__ import annotations

from collections.abc import Sequence

from firsthop.publication.bulletin.document import Timeline
from firsthop.publication.clock import day_of
from firsthop.publication.formats.pictures.canvas import SMALL, WIDTH, Canvas, wrapped

_SIDE = 6
_ROW, _TOP, _FOOT = 40, 42, 40
_TICKS = 2  # stretches of the axis
_MARK = 5  # half of a mark's height


def timeline(figure: Timeline, language: str, ink: str) -> str:
    """The picture."""
    canvas = Canvas(language, ink)
    instants = [instant for _, row in figure.rows for instant in row]
    ends = min(instants), max(instants)
    height = _TOP + _ROW * len(figure.rows) + _FOOT
    ticks = _ticks(*ends)
    for tick in ticks:
        _tick(canvas, tick, ends, "UTC", 12)
        _tick(canvas, tick, ends, figure.zone, height - 18)
    for number, (label, row) in enumerate(figure.rows):
        _row(canvas, canvas.say(label), row, _TOP + _ROW * number, ends)
        for tick in ticks:
            x, y = _place(tick, ends), _TOP + _ROW * number + 24
            canvas.line(x, y - _MARK, x, y + _MARK, faint=True)
    return canvas.svg(height, figure.alt, figure.said)


def _ticks(first: int, last: int) -> list[int]:
    if first == last:
        return [first]
    return [first + (last - first) * number // _TICKS for number in range(_TICKS + 1)]


def _place(instant: int, ends: tuple[int, int]) -> float:
    first, last = ends
    share = (instant - first) / (last - first) if last > first else 0.5
    return round(_SIDE + share * (WIDTH - 2 * _SIDE), 1)


def _tick(canvas: Canvas, tick: int, ends: tuple[int, int], zone: str, y: float) -> None:
    """Day and time of a tick, in a zone."""
    first, last = ends
    x = _place(tick, ends)
    anchor = "middle"
    if first < last and tick in ends:
        anchor, x = ("start", 1) if tick == first else ("end", WIDTH - 1)
    there = day_of(tick, zone)
    canvas.text(x, y, f"{there:%Y-%m-%d}", anchor, SMALL)
    canvas.text(x, y + 14, f"{there:%H:%M %Z}", anchor, SMALL)


def _row(canvas: Canvas, label: str, row: Sequence[int], top: int, ends: tuple[int, int]) -> None:
    canvas.text(1, top + 12, wrapped(label, WIDTH - 8, 1)[0])
    canvas.line(1, top + 24, WIDTH - 1, top + 24, faint=True)
    for x in sorted({round(_place(instant, ends)) for instant in row}):  # few for any heap
        canvas.dot(x, top + 24, 4)
