"""How an excerpt is laid out in its text, learnt from its lines as they come: an empty
line after each line, lines wrapped at a width, values on a line of their own.

What the layout shows decides whether the next line goes on with the field above it."""

from __future__ import annotations

from firsthop.mail.damage import Line
from firsthop.mail.field_names import SPAM_REPORTS
from firsthop.mail.open_field import (
    MAX_GUESSED_LINES,
    MAX_REPORT_LINES,
    WRAPPED,
    OpenField,
)
from firsthop.mail.starts import Start, stands_alone, starts_field
from firsthop.system.kept_expressions import compiled

MAX_BLANKS = 3  # empty lines within a field; more end it
LONG_WORD = 25  # characters; prose seldom begins with such a word
NARROW = 55  # columns; nobody wraps at fewer
_RULE = compiled(r"[`~*_\s-]{2,}|={3,}")  # a fence or a line drawn of characters


class Layout:
    """What is known of an excerpt's lines so far."""

    __slots__ = ("_below", "_beside", "_columns", "_gaps", "_joined", "_least", "_width")

    def __init__(self) -> None:
        self._gaps = 0  # places between two lines
        self._least = MAX_BLANKS + 1  # empty lines that stand in each of them
        self._width = 0  # the longest of the lines that could have been wrapped
        self._joined = False  # a line was longer than any wrapped one
        self._below = 0  # values that stood on a line of their own
        self._beside = 0  # and those that stood behind their name
        self._columns = False  # a name had no colon

    def saw(self, line: Line, blanks: int, start: Start | None = None) -> None:
        """Takes note of a line of the excerpt and the empty ones before it."""
        if self._gaps or self._width:
            self._gaps += 1
            self._least = min(self._least, blanks)
        if start is not None:
            self._columns = self._columns or "in_columns" in start.repairs
            self._beside += bool(start.value.strip())
        text = line.text.strip()
        head, _, _ = text.rpartition(" ")
        if len(head) > WRAPPED[-1]:
            self._joined = True
        elif head and len(text) in WRAPPED:
            self._width = max(self._width, len(text))
        self._width = self._width or 1

    def start(self, line: Line, inside: bool) -> Start | None:
        """The field that a line starts."""
        found = starts_field(line.text, inside)
        return found or stands_alone(line.text, inside and self._columns)

    def goes_on(self, field: OpenField, line: Line, blanks: int, soft: bool = False) -> bool:
        """Whether a line goes on with the field above it, and takes it if so."""
        text = line.text.strip()
        if blanks > MAX_BLANKS or self._is_drawn(field, line, text):
            return False
        empty = blanks
        maybe = blanks == 1 and self._least > 0  # the empty line may stand between all lines
        if self._spaced:
            blanks = max(0, blanks - self._least)
        start = self.start(line, inside=True)
        if start and not self._is_value(field, start, text, blanks):
            return False
        sure = self._is_fold(field, line, text, 0 if soft else blanks)
        guessed = not sure and self._is_guessed(field, text, 0 if maybe else blanks)
        if sure or guessed:
            self._below += field.empty and line.indent <= field.indent
            field.fold(line, empty, guessed)
        return sure or guessed

    def follows(self, blanks: int) -> bool:
        """Whether a line after so many empty ones follows directly, as this text has
        it."""
        return blanks <= (self._least if self._spaced else 0)

    @property
    def _spaced(self) -> bool:
        """An empty line stands between all the lines."""
        return self._gaps > 1 and 0 < self._least <= MAX_BLANKS

    def _is_drawn(self, field: OpenField, line: Line, text: str) -> bool:
        """Whether a line is drawn of characters, and no part of a report."""
        if field.empty or field.key in SPAM_REPORTS or line.indent > field.indent:
            return False
        return _RULE.fullmatch(text) is not None

    def _is_value(self, field: OpenField, start: Start, text: str, blanks: int) -> bool:
        """Whether what looks like the start of a field is a value that looks so."""
        if blanks:
            return False
        below = field.empty and self._below > self._beside and bool(start.value.strip())
        return below or field.lists_names(text)

    def _is_fold(self, field: OpenField, line: Line, text: str, blanks: int) -> bool:
        unfinished = field.unfinished
        if line.indent and line.indent != field.indent:
            return not blanks or unfinished
        if line.indent and not blanks:
            return True
        if field.asks_beyond_blanks(text):
            return True
        if blanks:
            return field.empty and not self._gaps and blanks == 1 and text[:1] == "<"
        return (
            field.empty
            or field.asks_for(text)
            or field.lists_names(text)
            or self._no_room(field, text)
        )

    def _is_guessed(self, field: OpenField, text: str, blanks: int) -> bool:
        """Whether a line may go on with a field, if what comes next bears it out."""
        if field.key in SPAM_REPORTS:
            return field.guessed < MAX_REPORT_LINES
        if blanks or field.guessed >= MAX_GUESSED_LINES:
            return False
        if field.unfinished:
            return True
        word = len(text.partition(" ")[0])
        return not field.closed and field.last_length + 1 + word > NARROW

    def _no_room(self, field: OpenField, text: str) -> bool:
        """Whether the line above was wrapped: the next word had no room on it."""
        word = len(text.partition(" ")[0])
        if self._joined or field.last_length > WRAPPED[-1]:
            return False
        if field.last_length < WRAPPED[0] and word < LONG_WORD:
            return False
        return field.last_length + 1 + word > max(self._width, 60)
