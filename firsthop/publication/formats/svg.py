"""Pictures as SVG of our own, to stand within a page: nothing is loaded, no style and
no script is in them; colours come from the page (`currentColor`), so that they hold in
the dark and in print."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from firsthop.publication.bulletin.document import Timeline
from firsthop.publication.bulletin.render import visible, words
from firsthop.publication.clock import day_of

_WIDTH, _LEFT, _RIGHT = 760, 210, 24  # user units; the labels stand in the left
_ROW, _TOP, _FOOT = 26, 34, 40
_TICKS = 2  # stretches of the axis
_LABEL = 28  # characters; a longer name is cut in the picture, not in the tables
_DAY = 86_400


def timeline(figure: Timeline, language: str) -> str:
    """One row for each of the figure's rows, a dot for each instant; UTC above, the
    local time below."""
    instants = [instant for _, row in figure.rows for instant in row]
    first, last = min(instants), max(instants)
    height = _TOP + _ROW * len(figure.rows) + _FOOT
    alt = escape(words(figure.alt, language, visible, visible))
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {height}" '
            f'width="100%" font-size="12" fill="currentColor"><title>{alt}</title>'
        )
    ]
    parts += _axis(first, last, height, figure.zone)
    for number, (label, row) in enumerate(figure.rows):
        parts += _row(words(label, language, visible, visible), row, number, first, last)
    return "".join([*parts, "</svg>"])


def _place(instant: int, first: int, last: int) -> float:
    share = (instant - first) / (last - first) if last > first else 0.5
    return round(_LEFT + 8 + share * (_WIDTH - _LEFT - _RIGHT - 16), 1)


def _axis(first: int, last: int, height: int, zone: str) -> list[str]:
    lines = []
    form = "%Y-%m-%d" if last - first > 3 * _DAY else "%m-%d %H:%M"
    ticks = sorted({first + (last - first) * n // _TICKS for n in range(_TICKS + 1)})
    for tick in ticks:
        x = _place(tick, first, last)
        end = "end" if tick == last and last > first else "middle"
        start = "start" if tick == first and last > first else end
        lines.append(
            f'<line x1="{x}" x2="{x}" y1="{_TOP - 6}" y2="{height - _FOOT + 6}" '
            'stroke="currentColor" stroke-opacity=".25"/>'
            f'<text x="{x}" y="{_TOP - 14}" text-anchor="{start}">'
            f"{day_of(tick, 'UTC').strftime(form)} UTC</text>"
            f'<text x="{x}" y="{height - 14}" text-anchor="{start}" fill-opacity=".75">'
            f"{escape(day_of(tick, zone).strftime(form + ' %Z'))}</text>"
        )
    return lines


def _row(label: str, row: Sequence[int], number: int, first: int, last: int) -> list[str]:
    y = _TOP + _ROW * number + _ROW // 2
    shown = label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"
    places = sorted({_place(instant, first, last) for instant in row})
    return [
        f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(shown)}</text>',
        (
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}" '
            'stroke="currentColor" stroke-opacity=".25"/>'
        ),
        *(f'<circle cx="{x}" cy="{y}" r="4.5" fill-opacity=".75"/>' for x in places),
    ]
