"""A finished file in, everything in it that must not go out: each find with its file,
its line, its kind and how it was written. Nothing found is ever shown whole.

Never:      changes a file, or fails on one: what cannot be searched is a find."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from firsthop.publication.redaction.scan.containers import unpacked
from firsthop.publication.redaction.scan.escapes import JOINED, undone
from firsthop.publication.redaction.scan.lookup import Hit, Lookup
from firsthop.publication.redaction.scan.runs import decoded, packed
from firsthop.publication.redaction.scan.view import APART, View

MAX_DEPTH = 4  # decodings within decodings
MAX_FINDS = 1_000  # of one file that are told
UNSEARCHABLE = "unsearchable"
PIECES = "joined"  # lines or letters that stand apart in a PDF


class Find(NamedTuple):
    """Something in a public file that must not be there."""

    file: str
    line: int  # from 1; of a container: of its text
    kind: str  # a kind of people.py, own_host, private_host, path, address, url_*
    encoding: str  # how it is written: plain, base64, gzip base64, reversed, ...
    hint: str  # its first character and its length, or why a part cannot be searched

    @property
    def explanation(self) -> str:
        """What was found, in words."""
        return f"{self.kind}, {self.encoding} ({self.hint})"


def scan_file(name: str, data: bytes, lookup: Lookup) -> list[Find]:
    """The finds of a file in the order of its lines, each once; MAX_FINDS at most."""
    finds: dict[tuple[int, str, str], Find] = {}
    for one in islice(_finds(name, data, lookup), 20 * MAX_FINDS):
        finds.setdefault((one.line, one.kind, one.hint), one)
        if len(finds) >= MAX_FINDS:
            break
    return sorted(finds.values(), key=lambda one: (one.line, one.kind, one.encoding))


def scan_values(values: Iterable[str], lookup: Lookup) -> frozenset[str]:
    """Those of some values in which something is found. Each stands by itself: no name,
    no soft break and no run of digits goes on from one to the next."""
    kept = list(values)
    view = View(f"\n{APART}\n".join(" ".join(re.split(r"[\r\n]+", one)) for one in kept))
    return frozenset(
        kept[min((line - 1) // 2, len(kept) - 1)] for line, _, _ in _hits(view, lookup)
    )


def _finds(name: str, data: bytes, lookup: Lookup) -> Iterator[Find]:
    for line, encodings, hit in _in_bytes(data, (), 1, lookup, MAX_DEPTH):
        yield Find(name, line, hit.kind, " ".join(encodings) or "plain", _hint(hit))


def _in_bytes(
    data: bytes, encodings: tuple[str, ...], line: int, lookup: Lookup, depth: int
) -> Iterator[tuple[int, tuple[str, ...], Hit]]:
    """The hits in bytes that are a text, or a container of some."""
    members = list(unpacked(data))
    for member in members:
        inside = (*encodings, member.kind, *(() if member.as_written else (PIECES,)))
        if member.data is None:
            yield line, inside, Hit(0, UNSEARCHABLE, member.reason)
        elif isinstance(member.data, str):
            yield from _placed(View(member.data, inside), lookup, line if encodings else None)
        elif depth:
            yield from _in_bytes(member.data, inside, line, lookup, depth - 1)
    if not members:
        view = View(_decoded_text(data), encodings)
        yield from _placed(view, lookup, line if encodings else None)
        if depth:
            for inner, encoding, place in packed(view):
                if any(True for _ in islice(unpacked(inner), 1)):
                    yield from _in_bytes(inner, (*encodings, encoding), place, lookup, depth - 1)


def _placed(
    view: View, lookup: Lookup, line: int | None
) -> Iterator[tuple[int, tuple[str, ...], Hit]]:
    """The hits of a view; of one that lay deeper in a file, all at the line of what
    held it."""
    for found, encodings, hit in _hits(view, lookup):
        yield (found if line is None else line), encodings, hit


def _hits(view: View, lookup: Lookup) -> Iterator[tuple[int, tuple[str, ...], Hit]]:
    """The hits in a view and in all that its escapes and runs decode to."""
    seen: set[str] = set()
    for block in view.blocks():
        yield from _hits_of_block(block, lookup, seen)


def _hits_of_block(
    view: View, lookup: Lookup, seen: set[str]
) -> Iterator[tuple[int, tuple[str, ...], Hit]]:
    """The same of a part of it; digits `seen` before are not decoded again."""
    pending = deque([(view, 0)])
    while pending:
        one, depth = pending.popleft()
        yield from _told(one, lookup.known_in(one))
        if depth < 2:
            yield from _told(one, lookup.forms_in(one)) if _is_text(one) else ()
        if not depth:
            yield from _told(one, lookup.turned_in(one))
        if depth < MAX_DEPTH - 1:
            pending += ((inner, depth + 1) for inner in undone(one) if inner.text)
            pending += ((inner, depth + 1) for inner in decoded(one, seen) if inner.text)


def _is_text(view: View) -> bool:
    """Whether a view is the file's text, and nothing that may be noise."""
    return not {"base64", "hexadecimal", JOINED, PIECES} & set(view.encodings)


def _told(view: View, hits: Iterable[Hit]) -> Iterator[tuple[int, tuple[str, ...], Hit]]:
    for hit in hits:
        encodings = (*view.encodings, *((hit.encoding,) if hit.encoding else ()))
        yield view.line_folded(hit.position), encodings, hit


def _decoded_text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if data.count(b"\0") * 4 > len(data):
        return data.replace(b"\0", b"").decode("utf-8", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _hint(hit: Hit) -> str:
    if hit.kind == UNSEARCHABLE:
        return hit.text
    return f"{hit.text[:1]}…, {len(hit.text)} characters"
