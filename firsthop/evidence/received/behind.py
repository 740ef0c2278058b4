"""What a server writes behind its "by", and where the sender's words stand in it:
reverse-path and recipient (RFC 5321 sections 4.1.1.2 and 4.1.1.3), which may hold
anything in quotes, and with some servers without.

Only places are told. Beside the sender's words there is no second "by", no sign that is
not closed, no quoted word: what does not fit is none of a server's line. A place that
led to nothing is not tried again: the work is bounded by the signs of the line."""

from __future__ import annotations

import re

from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

MAX_PATHS = 4  # reverse-path, recipient, the recipient as first given, an id
_PATH = r'<(?:[^\s<>"()\\]++|"(?:[^"\\]++|\\.)*+"[^\s<>"()]*+)*+>'
_INNER = rf'(?:(?!\sby\s)[^()<>"]|{_PATH}|"(?:[^"\\]++|\\.)*+")'
_COMMENT = rf"\((?:{_INNER}|\((?:{_INNER}|\({_INNER}*+\))*+\))*+\)"
_SAYS = r"(?:envelope[- ](?:from|sender)|original mail from|sender|mailfrom:|ORCPT)"
_BEFORE = r'(?:over [\w+-]++, [^",()]++, )?'  # chasquid says more in one note
_OPEN = rf"(?:\({_BEFORE}{_SAYS}|(?:from|id|envelope-from)\s+<|for\s)"
_WORD = r'(?!(?i:by(?!\s+uid\s)|from)(?:\s|$))[^\s()<>\[\]",;\\]++'
_TOKEN = (
    rf'(?:{_PATH}|<{_PATH}>|{_COMMENT}|\([^()<>\[\]"]*+\)|\[[^\[\]()<>]*+\]|'
    rf"(?i:from)\s+(?={_PATH})|MailboxResubmission\s+by\s|{_WORD}|[,;\s])"
)
_FLAGS = re.DOTALL | re.IGNORECASE
_BY = compiled(r"by\s", _FLAGS)
_SERVERS = compiled(rf"(?:(?!{_OPEN}){_TOKEN})*+", _FLAGS)
_NOTE, _NOTE_END = rf"\({_BEFORE}{_SAYS}\s?", r"(?:, uid \d+)?\)"
# how the sender's words are opened, and what closes them
_HELD = tuple(
    (compiled(opening, _FLAGS), compiled(closing, _FLAGS))
    for opening, closing in (
        (rf'{_NOTE}"', rf'"{_NOTE_END}'),
        (rf"{_NOTE}<<", rf">>?{_NOTE_END}"),
        (rf"{_NOTE}<", rf">>?{_NOTE_END}"),
        (_NOTE, _NOTE_END),
        (r"(?:for|from|id|envelope-from)\s+<<", ">"),
        (r"(?:for|from|id|envelope-from)\s+<", ">"),
        (r"for\s+(?!<)", r"(?=\s?[;(]|$)"),
    )
)
Places = tuple[tuple[int, int], ...]


class Behind(NamedTuple):
    """The part of a line behind "by", and where the sender's words stand in it."""

    text: str
    places: Places


def behind(text: str, *, shortest: bool) -> Behind | None:
    """A part of a line that begins with its server's "by", the sender's words as short
    as can be or as long; None where it is none."""
    start = _BY.match(text)
    places = _Search(text, shortest).places(start.end(), 0) if start else None
    return None if places is None else Behind(text, places)


class _Search:
    """Looks for the sender's words from the left."""

    def __init__(self, text: str, shortest: bool) -> None:
        self.text = text
        self.shortest = shortest
        self._failed: set[tuple[int, int]] = set()
        self._servers: dict[int, int] = {}  # where the server's words from a place on end

    def places(self, start: int, known: int) -> Places | None:
        """The sender's words from a place on, behind so many that are known."""
        at = self._server_words(start)
        if at == len(self.text):
            return ()
        if known == MAX_PATHS or (at, known) in self._failed:
            return None
        for first, last, end in self._words(at):
            more = self.places(end, known + 1)
            if more is not None:
                return ((first, last), *more)
        self._failed.add((at, known))
        return None

    def _server_words(self, start: int) -> int:
        if (end := self._servers.get(start)) is None:
            found = _SERVERS.match(self.text, start)
            end = self._servers[start] = found.end() if found else start
        return end

    def _words(self, at: int) -> list[tuple[int, int, int]]:
        """Every way in which words of the sender's may stand at a place: start, stop,
        and where the server's go on."""
        found: list[tuple[int, int, int]] = []
        for opening, closing in _HELD:
            if opened := opening.match(self.text, at):
                first = opened.end()
                ends = [(first, m.start(), m.end()) for m in closing.finditer(self.text, first)]
                found += ends if self.shortest else reversed(ends)
        return found
