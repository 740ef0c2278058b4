"""Where the headers of the messages of an mbox end, asked in the order of the file: no
stretch of it is searched twice."""

from __future__ import annotations

from firsthop.mail.buffer import Buffer, search
from firsthop.system.kept_expressions import compiled

HEADER_BYTES = 1 << 16  # in which a Content-Length is looked for
_HEADER_END = compiled(rb"\n\r?\n")


class HeaderEnds:
    """Where the empty line behind a message's start is; asked in the order of the file,
    it searches no stretch of it twice."""

    def __init__(self, data: Buffer) -> None:
        self._data = data
        self._found: tuple[int, int] | None = None  # the last empty line that was found
        self._none_before = 0

    def after(self, start: int) -> tuple[int, int] | None:
        """The empty line at the end of the header of the message at `start`; None when
        it is further off than a header is long."""
        begin, limit = max(start - 1, 0), start + HEADER_BYTES
        if self._found is None or self._found[0] < begin:
            self._found = search(_HEADER_END, self._data, max(begin, self._none_before), limit)
            self._none_before = self._found[0] if self._found else max(limit - 2, 0)
        return self._found if self._found and self._found[1] <= limit else None
