"""The way of one message as a ladder: a rung for each line, the receiver at the top.

A filled mark is a line that the receiver's own servers wrote, a ring one that nobody
vouches for; the dashed line across is the trust line; a jag is where the way breaks."""

from __future__ import annotations

from firsthop.publication.bulletin.document import Ladder, Rung, Value
from firsthop.publication.formats.pictures.canvas import SIZE, SMALL, WIDTH, Canvas, wrapped

_RAIL, _LEFT, _RIGHT = 16, 36, 6
_LEAD = 1.32  # from a base line to the next one, in sizes
_GAP = 14  # between rungs


def ladder(figure: Ladder, language: str, ink: str) -> str:
    """The picture."""
    canvas = Canvas(language, ink)
    y = _end(canvas, figure.top, 14)
    if figure.top_cut is not None:
        y = _broken(canvas, figure.top_cut, y)
    for number, rung in enumerate(figure.rungs):
        if number == figure.trust_below:
            y = _trust(canvas, figure.trust, y)
        y = _rung(canvas, rung, y)
        if rung.gap is not None and rung.cut:
            y = _broken(canvas, rung.gap, y)
        elif rung.gap is not None:
            y = _noted(canvas, rung.gap, y, dashed=not rung.vouched)
        else:
            y = _rail(canvas, y, y + _GAP, dashed=not rung.vouched)
    if figure.trust_below >= len(figure.rungs):
        y = _trust(canvas, figure.trust, y)
    y = _end(canvas, figure.bottom, y + 4)
    return canvas.svg(y, figure.alt, figure.said)


def _end(canvas: Canvas, value: Value, y: float) -> float:
    """What stands at an end of the ladder."""
    canvas.line(_RAIL - 8, y - 4, _RAIL + 8, y - 4, 2)
    return _told(canvas, value, y, SMALL)


def _rung(canvas: Canvas, rung: Rung, y: float) -> float:
    top = y
    y += SIZE
    for row in wrapped(canvas.say(rung.writer), WIDTH - _LEFT - _RIGHT, 2, SIZE * 1.08):
        canvas.text(_LEFT, y, row, bold=True)
        y += SIZE * _LEAD
    for line in rung.lines:
        y = _told(canvas, line, y, SMALL)
    mark = top + SIZE - 4
    _rail(canvas, top, mark - 6, dashed=not rung.vouched)
    canvas.dot(_RAIL, mark, 5, filled=rung.vouched)
    return _rail(canvas, mark + 6, y, dashed=not rung.vouched)


def _told(canvas: Canvas, value: Value, y: float, size: float) -> float:
    for row in wrapped(canvas.say(value), WIDTH - _LEFT - _RIGHT, 4, size):
        canvas.text(_LEFT, y, row, size=size)
        y += size * _LEAD
    return y


def _rail(canvas: Canvas, top: float, bottom: float, *, dashed: bool) -> float:
    if bottom > top:
        canvas.line(_RAIL, top, _RAIL, bottom, 1.5, "3 3" if dashed else "")
    return bottom


def _noted(canvas: Canvas, value: Value, y: float, *, dashed: bool) -> float:
    """What is to be told between two rungs."""
    bottom = _told(canvas, value, y + 10, SMALL)
    return _rail(canvas, y, bottom + 2, dashed=dashed)


def _broken(canvas: Canvas, value: Value, y: float) -> float:
    """A place where the way breaks."""
    bottom = _told(canvas, value, y + 18, SMALL) + 4
    canvas.zigzag(_RAIL, y + 14)
    return bottom


def _trust(canvas: Canvas, value: Value, y: float) -> float:
    canvas.line(1, y + 4, WIDTH - 1, y + 4, 1.5, "7 4")
    for row in wrapped(canvas.say(value), WIDTH - 8, 4, SMALL * 1.08):
        y += SMALL * _LEAD
        canvas.text(4, y + 6, row, size=SMALL, bold=True)
    return y + 18
