"""Reads address books: vCard, and the CSV that Outlook, Google and Thunderbird write.
Addresses, and nothing else of a contact: REV tells when a card was last changed, which
is not when somebody became a contact.

vCard:      RFC 6350, RFC 2426, vCard 2.1; EMAIL, folded lines, groups, encoded values.
CSV:        any cell that is an address as a whole counts, whatever its column is called
            in whatever language; Google puts several into one cell, parted by ":::".
Never:      raises for what stands in a file.
"""

from __future__ import annotations

import csv
import quopri
import re
from collections.abc import Iterator
from io import StringIO

MOST_BYTES = 64 << 20  # of an address book
MOST_CELL = 1 << 16  # characters of a cell that are looked at
_CARD = re.compile(r"\s*BEGIN:VCARD\b", re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]")
_ADDRESS = re.compile(r"[^\s@<>,;:\"]{1,64}@[^\s@<>,;:\"]{1,253}\.[^\s@<>,;:\".]{2,63}")
_SEPARATORS = ",;\t"


def is_card(text: str) -> bool:
    """Whether a text is a vCard."""
    return _CARD.match(text) is not None


def is_table(text: str) -> bool:
    """Whether a text is a table whose rows hold addresses below a head that holds
    none."""
    head, _, rest = text.partition("\n")
    separators = [one for one in _SEPARATORS if one in head]
    return bool(separators) and "@" not in head and ": " not in head and "@" in rest


def decoded(data: bytes) -> str:
    """The text of an address book: UTF-8, UTF-16 with its mark, else Windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def cards(text: str) -> Iterator[str]:
    """Each address in vCards."""
    for line in _card_lines(text):
        name, _, value = line.partition(":")
        if name.partition(";")[0].rpartition(".")[2].strip().upper() == "EMAIL":
            if "QUOTED-PRINTABLE" in name.upper():
                value = quopri.decodestring(value.encode("utf-8")).decode("utf-8", "replace")
            if one := _address(value):
                yield one


def _card_lines(text: str) -> Iterator[str]:
    """The lines of vCards, unfolded; a quoted-printable value goes on behind its soft
    line breaks (vCard 2.1)."""
    lines = iter(_FOLD.sub("", text).splitlines())
    for line in lines:
        parts = [line]
        if "QUOTED-PRINTABLE" in line.partition(":")[0].upper():
            while parts[-1].endswith("=") and (more := next(lines, None)) is not None:
                parts[-1] = parts[-1][:-1]
                parts.append(more)
        yield "".join(parts)


def table(text: str) -> Iterator[str]:
    """Each address in a table."""
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            for cell in row:
                for part in cell[:MOST_CELL].split(":::") if "@" in cell else ():
                    if one := _address(part):
                        yield one
    except csv.Error:  # a cell beyond csv's own limit: what stands before it is read
        return


def _address(text: str) -> str | None:
    """The text as an address in lower case, if it is one as a whole."""
    bare = text.strip().strip("<>").removeprefix("mailto:")
    return bare.lower() if _ADDRESS.fullmatch(bare) else None
