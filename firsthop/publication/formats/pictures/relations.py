"""What occurs together, in three columns, with the messages that tie them.

The layout is fixed: nodes in the order of the document, a line for each tie, its number
beside it where it is more than one message. No picture is wider than a telephone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from firsthop.publication.bulletin.document import Edge, Relations
from firsthop.publication.formats.pictures.canvas import SMALL, WIDTH, Canvas, wrapped

_NODE = 102  # width of a node
_SIZE = 11
_LEAD = 13
_ROWS = 3  # of a node's name
_HIGH = _LEAD * (_ROWS + 1) + 8  # of a node
_STEP = _HIGH + 6
_TOP = 34
_TRIED = (0.27, 0.4, 0.53, 0.66, 0.79)  # places of a number on its line
_NEAR = 13  # units between two numbers

_Place = tuple[float, float]


class _Node(NamedTuple):
    left: float
    right: float
    y: float

    @property
    def middle(self) -> float:
        """Where its text stands."""
        return (self.left + self.right) / 2


def relations(figure: Relations, language: str, ink: str) -> str:
    """The picture."""
    canvas = Canvas(language, ink)
    rows = max(map(len, figure.columns), default=0)
    nodes = [
        _column(n, len(some), rows, len(figure.columns)) for n, some in enumerate(figure.columns)
    ]
    _edges(canvas, figure.edges, nodes)
    for head, column, some in zip(figure.heads, nodes, figure.columns, strict=True):
        for n, row in enumerate(wrapped(canvas.word(head), _NODE + 20, 2, SMALL)):
            canvas.text(column[0].middle, 12 + n * 14, row, "middle", SMALL, bold=True)
        for node, (label, messages) in zip(column, some, strict=True):
            _node(canvas, node, canvas.say(label), messages)
    return canvas.svg(_TOP + rows * _STEP, figure.alt, figure.said)


def _column(number: int, count: int, rows: int, columns: int) -> list[_Node]:
    """The places of the nodes of a column, in the middle of the height."""
    left = (WIDTH - _NODE) * number / max(columns - 1, 1)
    top = _TOP + (rows - count) * _STEP / 2
    return [_Node(left, left + _NODE, top + (n + 0.5) * _STEP) for n in range(count)]


def _node(canvas: Canvas, node: _Node, label: str, messages: int) -> None:
    rows = [*wrapped(label, _NODE - 6, _ROWS, _SIZE), f"({messages})"]
    high = _LEAD * len(rows) + 8
    canvas.box(node.left + 0.5, node.y - high / 2, _NODE - 1, high)
    for n, row in enumerate(rows, 1):
        canvas.text(node.middle, node.y - high / 2 + n * _LEAD + 1, row, "middle", _SIZE)


def _edges(canvas: Canvas, edges: Sequence[Edge], nodes: Sequence[Sequence[_Node]]) -> None:
    """The lines, then their numbers: each near the end that has fewer lines."""
    ends = Counter(
        end for one in edges for end in ((one.column, one.left), (one.column + 1, one.right))
    )
    placed: list[_Place] = []
    for one in sorted(edges, key=lambda one: -one.messages):
        left, right = nodes[one.column][one.left], nodes[one.column + 1][one.right]
        width = min(1 + one.messages.bit_length() / 3, 4)
        canvas.line(left.right, left.y, right.left, right.y, width, faint=True)
        if one.messages > 1:
            from_left = ends[one.column, one.left] <= ends[one.column + 1, one.right]
            x, y = _free(left, right, placed, from_left=from_left)
            placed.append((x, y))
            canvas.text(x, y + 4, str(one.messages), "middle", _SIZE, bold=True)


def _free(left: _Node, right: _Node, placed: Sequence[_Place], *, from_left: bool) -> _Place:
    """The first place on a line, from one of its ends, where no number stands yet."""
    tried = [
        (left.right + share * (right.left - left.right), left.y + share * (right.y - left.y))
        for share in (_TRIED if from_left else reversed(_TRIED))
    ]
    return next(
        ((x, y) for x, y in tried if all(abs(x - a) + abs(y - b) > _NEAR for a, b in placed)),
        tried[0],
    )
