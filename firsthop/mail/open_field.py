"""A field of published text while its lines are gathered, and whether it is finished.

A fold that lost its indent shows only by what the field still lacks: a Received line
its time (RFC 5321 section 4.4), a comment its closing bracket, a list of tags its next
tag, a line that was wrapped the word that had no room on it. Every question is answered
from counts kept line by line, so that the work is linear in the text."""

from __future__ import annotations

import re

from firsthop.mail.damage import Line
from firsthop.mail.field_names import (
    FREE_TEXT,
    HOP_LINES,
    ONE_VALUE,
    REFERRING,
    SIGNED,
    TAGGED,
)
from firsthop.mail.message import MAX_FIELD_BYTES
from firsthop.system.kept_expressions import compiled

MAX_GUESSED_LINES = 16  # unindented lines that a Received line may take before its time shows
MAX_REPORT_LINES = 100
MAX_LINE = 998  # characters (RFC 5322 section 2.1.1): a longer line was not cut in two
WRAPPED = range(40, 101)  # columns at which programs wrap a text

FOLD = compiled(r"(?:by|with|id|for|via)\s|[(;]|(?:mon|tue|wed|thu|fri|sat|sun),", re.IGNORECASE)
_CLOCK = compiled(r"\d:\d\d")
_ZONE = compiled(r"[+-]\d{4}\b|\b(?:UTC|GMT|[ECMP][SD]T)\b")
_REST_OF_TIME = compiled(
    r"(?:[+-]\d{4}|UTC|GMT|[A-Z]{3,4}T)?[ \t]*(?:\([^()]{1,200}\))?", re.IGNORECASE
)
_NAMES = compiled(r"[A-Za-z][\w-]*(?:[ \t]?:[ \t]?[A-Za-z][\w-]*)*[ \t]?:?;?(?:[ \t].*)?")


class OpenField:
    """A field of the text while it is being read."""

    __slots__ = (
        "_angle",
        "_behind",
        "_depth",
        "_last",
        "_quotes",
        "_semicolon",
        "_sure",
        "_tag",
        "after_blank",
        "dated",
        "guessed",
        "indent",
        "key",
        "last_length",
        "name",
        "parts",
        "repairs",
        "size",
        "start",
        "stop",
        "zoned",
    )

    def __init__(
        self, name: str, value: str, line: Line, after_blank: bool, repairs: tuple[str, ...]
    ) -> None:
        self.name, self.key = name, name.lower()
        self.parts: list[str] = []
        self.size = 0
        self.start, self.stop, self.indent = line.start, line.stop, line.indent
        self.repairs = {*line.repairs, *repairs}
        if line.indent:
            self.repairs.add("indented")
        self.after_blank = after_blank  # an empty line stands before it that parts messages
        self.dated = False  # a time of day behind a semicolon
        self.zoned = False  # and its zone
        self.guessed = 0  # lines taken though only the missing time speaks for them
        self._sure: tuple[int, int, int] | None = None  # what it was before those
        self._semicolon = self._behind = False
        self._depth = self._quotes = 0
        self._angle = False
        self._last = self._tag = ""
        self._take(value, len(line.text))

    def fold(self, line: Line, blanks: int, guessed: bool) -> None:
        """Takes one more line, with `blanks` empty ones before it."""
        if guessed and not self.guessed:
            self._sure = (len(self.parts), self.stop, self.size)
        self.guessed += guessed
        self.stop = line.stop
        text = line.text.strip()
        if not self.parts or not self.parts[-1].strip():
            self.repairs.add("value_on_next_line")
        elif line.indent <= self.indent:
            self.repairs.add("unindented_fold")
            if self._cut_in_two():
                word, _, text = text.partition(" ")
                self.parts[-1] += word
                self.size += len(word)
                self._look(word)
        self._take(text, len(line.text))
        self.repairs.update(line.repairs)
        if blanks:
            self.repairs.add("blank_line_in_fold")

    def without_guesses(self, field_follows: bool) -> bool:
        """Gives back the lines that were taken in vain: a Received line never got its
        time, another field no field right after it. Whether there were any."""
        borne_out = self.dated if self.key in HOP_LINES else field_follows
        if self._sure is None or borne_out:
            return False
        count, self.stop, self.size = self._sure
        del self.parts[count:]
        self.guessed, self._sure = 0, None
        return True

    @property
    def text(self) -> str:
        """What it says."""
        return " ".join(" ".join(self.parts).split())

    @property
    def empty(self) -> bool:
        """Nothing yet."""
        return self.size == 0

    @property
    def unfinished(self) -> bool:
        """A Received line without its time: more of it must follow."""
        return not self.dated and self.key in HOP_LINES

    @property
    def closed(self) -> bool:
        """Nothing can follow: an identifier, a date, a word stands there whole."""
        return self.key in ONE_VALUE or (self.key in HOP_LINES and self.dated)

    def asks_beyond_blanks(self, text: str) -> bool:
        """Whether a Received line is so far from its end that even empty lines do not
        end it."""
        if self.key not in HOP_LINES or self.zoned:
            return False
        return bool((_REST_OF_TIME if self.dated else FOLD).match(text)) and bool(
            not self.dated or _ZONE.match(text)
        )

    def asks_for(self, text: str) -> bool:
        """Whether an unindented line that says `text` is the rest of what was begun: a
        bracket, a quote, a list, a tag, the zone of a time."""
        if self.key in HOP_LINES:
            return self.dated and (
                bool(_REST_OF_TIME.fullmatch(text)) or self._depth > 0 or text[:1] == "("
            )
        if self.key in FREE_TEXT:
            return False
        if self._depth > 0 or self._quotes % 2 or self._angle or self._last in ",;=":
            return True
        if self.key in REFERRING and text[:1] == "<" and text[-1:] == ">":
            return True
        if self.key not in TAGGED:
            return "=" in text and self.key[:2] == "x-" and "=" in self.parts[0]
        return "=" in text or (" " not in text and (self.key in SIGNED or len(text) > 20))

    def lists_names(self, text: str) -> bool:
        """Whether `text` goes on with the names of signed fields (RFC 6376 section
        3.5), which look like fields."""
        return (
            self.key in TAGGED
            and self._tag[:2] == "h="
            and self._last != ";"
            and _NAMES.fullmatch(text) is not None
            and (text[:-1].count(":") != 1 or ": " not in text or " : " in text)
        )

    def _cut_in_two(self) -> bool:
        """Whether the last line ends within an address or an identifier."""
        return (
            self._angle
            and len(self.parts[-1]) < MAX_LINE
            and not set(" ,") & set(self.parts[-1].rpartition("<")[2])
        )

    def _take(self, text: str, length: int) -> None:
        self.last_length = length
        if (room := MAX_FIELD_BYTES - self.size) > 0:
            self.parts.append(text[:room])
            self._look(text[:room])
        self.size += len(text.strip())

    def _look(self, part: str) -> None:
        """Counts what is open after one more part."""
        if not part.strip():
            return
        self._depth = max(0, self._depth + part.count("(") - part.count(")"))
        self._quotes += part.count('"') - part.count('\\"')
        if "<" in part or ">" in part:
            self._angle = part.rfind("<") > part.rfind(">")
        self._last = part.rstrip()[-1:]
        if ";" in part:
            self._tag = part.rpartition(";")[2].strip()[:8]
        elif not self._tag:
            self._tag = part.strip()[:8]
        if self.key in HOP_LINES:
            self._look_for_date(part)

    def _look_for_date(self, part: str) -> None:
        if self.dated and self.zoned:
            return
        if not self._semicolon:
            _, mark, part = part.partition(";")
            self._semicolon = bool(mark)
        if self._semicolon and not self._behind:
            part = part.lstrip()
            self._behind = bool(part)
            part = part[1:]
        self.dated = self.dated or (self._behind and _CLOCK.search(part) is not None)
        self.zoned = self.dated and _ZONE.search(part) is not None
