"""Which values a publication has to leave out because the search finds something in
them: before files are made of them, and where a finished file shows a find.

A find that cannot be told apart from a name is no reason to answer nothing: the value
it lies in is withheld everywhere, and the search is asked again.

Never:      decides that a find is none; the search alone does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

from firsthop.publication.redaction.canonical import ATOM
from firsthop.publication.redaction.scan.lookup import Lookup
from firsthop.publication.redaction.scan.scan import Find, scan_file, scan_values

MAX_TRACED = 200  # finds of one round that are traced to their values
MAX_TRIED = 40  # values of one place that are tried
_RUN = re.compile(r"[A-Za-z0-9+/_-]{6,}")
# what a format writes between the words of a value, and for its marks
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_BETWEEN = r"(?:[\W_]|&#?\w{1,8};){1,12}"
_Told = frozenset[tuple[str, str, str]]


def values_with_finds(values: Collection[str], lookup: Lookup) -> frozenset[str]:
    """The values in which something is found, and all others that share its digits: a
    run of digits is decoded once, however many values it stands in."""
    found = scan_values(sorted(values), lookup)
    runs = {run for value in found for run in _RUN.findall(value)}
    if guilty := scan_values(sorted(runs), lookup):
        found |= {one for one in values if not guilty.isdisjoint(_RUN.findall(one))}
    return found


def values_of_finds(
    files: Mapping[str, bytes], finds: Iterable[Find], given: Collection[str], lookup: Lookup
) -> frozenset[str]:
    """The values without which some finds would not be in their files, as far as there
    are any: what is written without a value stays a find."""
    places = dict.fromkeys(
        (window, one.kind, one.encoding, one.hint, one.file)
        for one, window in _windows(files, finds)
    )
    culprits = (
        _culprit(window, Find(file, 0, *told), given, lookup)
        for window, *told, file in islice(places, MAX_TRACED)
    )
    return frozenset(value for value in culprits if value is not None)


def _windows(files: Mapping[str, bytes], finds: Iterable[Find]) -> Iterator[tuple[Find, str]]:
    """Each find with the lines it lies in: it may go on in the next one."""
    rows: dict[str, list[str]] = {}
    for one in finds:
        if one.file not in rows:
            rows[one.file] = files[one.file].decode("utf-8", "replace").split("\n")
        yield one, "\n".join(rows[one.file][one.line - 1 : one.line + 1])


def _culprit(window: str, find: Find, given: Collection[str], lookup: Lookup) -> str | None:
    """The value whose absence takes a find out of its lines and brings none in: the
    longest of several."""
    before = _told(window, find.file, lookup)
    for value in _written_in(window, given):
        after = _told(_as_written(value).sub("…", window), find.file, lookup)
        if after < before and (find.kind, find.encoding, find.hint) not in after:
            return value
    return None


def _told(text: str, name: str, lookup: Lookup) -> _Told:
    finds = scan_file(name, text.encode("utf-8", "replace"), lookup)
    return frozenset((one.kind, one.encoding, one.hint) for one in finds)


def _written_in(window: str, given: Collection[str]) -> Iterator[str]:
    """The values that stand in some lines in any format, the longest first."""
    words = frozenset(ATOM.findall(window) + ATOM.findall(_ESCAPE.sub(_letter, window)))
    some = (one for one in given if (atoms := ATOM.findall(one)) and words.issuperset(atoms))
    tried = (one for one in sorted(some, key=lambda one: (-len(one), one)))
    return islice((one for one in tried if _as_written(one).search(window)), MAX_TRIED)


def _as_written(value: str) -> re.Pattern[str]:
    """A value in any format; JSON writes letters beyond ASCII as escapes."""
    return re.compile(_BETWEEN.join("".join(map(_written, one)) for one in ATOM.findall(value)))


def _written(letter: str) -> str:
    if letter.isascii():
        return letter
    units = letter.encode("utf-16-be", "surrogatepass").hex()
    escaped = "".join(rf"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
    return f"(?:{re.escape(letter)}|{escaped})"


def _letter(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16))
