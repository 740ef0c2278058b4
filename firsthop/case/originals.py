"""The files that were given, `originals.jsonl`: each as a whole, beside the manifest,
which names the messages in them. By it the originals are known again, and packed.

Form:       {"name","size","sha256"} a line, by name; the name is the path as it was
            given or walked to, bytes that are no UTF-8 as lone surrogates
            (PEP 383). A relative one begins where the command was called.
Never:      opens what is no regular file, waits for a pipe, or lists standard input:
            its bytes came once.
Raises:     CaseError for a list that is none of ours.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Container, Iterable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

from firsthop.case.manifest import MANIFEST, Input, read_inputs
from firsthop.errors import CaseError
from firsthop.mail.sources import STANDARD_INPUT
from firsthop.mail.sources.walk import Found, printable, walk

ORIGINALS = "originals.jsonl"
MEMBER = "!/"  # in a URI, between a file and what lies in it
_PIECE = 1 << 16  # bytes that are read at a time
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Original(NamedTuple):
    """One file that was given."""

    name: str
    size: int
    sha256: str


class Compared(NamedTuple):
    """The originals of a case as they are now."""

    intact: int
    changed: tuple[str, ...]
    not_found: tuple[str, ...]


def originals(
    inputs: Iterable[Input],
    paths: Iterable[Path | str],
    former: Iterable[Original],
    elsewhere: Iterable[Original] = (),
) -> list[Original]:
    """The files that some inputs lie in: those below `paths` as they are now, those
    that were read elsewhere as they were there, others as they were known before."""
    known = {one.name: one for one in (*former, *elsewhere)}
    given = set(_walked(paths))
    called: dict[str, list[str]] = {}  # by URIs; two names can look alike in one
    for name in {*given, *known}:
        called.setdefault(printable(name), []).append(name)
    uris = {uri for one in inputs if (uri := _file_of(one.uri, called)) is not None}
    names = [name for uri in uris for name in called[uri]]
    listed = (_listed(name, known.get(name), given=name in given) for name in names)
    return sorted((one for one in listed if one), key=lambda one: os.fsencode(one.name))


def _listed(name: str, former: Original | None, *, given: bool) -> Original | None:
    """A file as it is now, where it was given and is there; else as it was known."""
    now = digest_now(name) if given else None
    return former if now is None else Original(name, *now)


def originals_text(files: Iterable[Original]) -> str:
    """The list, in ASCII."""
    return "".join(f"{json.dumps(one._asdict(), ensure_ascii=True)}\n" for one in files)


def read_originals(case: Path) -> list[Original]:
    """The list of a case; none where an earlier version wrote it."""
    file = case / ORIGINALS
    if not os.path.lexists(file):
        return []
    try:
        with file.open(encoding="ascii") as lines:
            return [_original(json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise CaseError(f"{file}: damaged: `firsthop verify` says more") from error


def compare(files: Iterable[Original], base: Path | None = None) -> Compared:
    """The originals against what is there now; relative names begin at `base`, by
    default where the command was called."""
    intact, changed, absent = 0, list[str](), list[str]()
    for one in files:
        now = digest_now(placed(one, base))
        if now is None:
            absent.append(one.name)
        elif now == (one.size, one.sha256):
            intact += 1
        else:
            changed.append(one.name)
    return Compared(intact, tuple(changed), tuple(absent))


def placed(one: Original, base: Path | None) -> str:
    """Where an original should be."""
    return os.path.join(base, one.name) if base else one.name  # noqa: PTH118 - the text as it is


def open_regular(path: str) -> BufferedReader | None:
    """A regular file to read; None where there is none that can be read."""
    descriptor = _opened(path)
    return None if descriptor is None else os.fdopen(descriptor, "rb")


def _opened(path: str) -> int | None:
    try:
        descriptor = os.open(path, _READ)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return descriptor


def digest_now(path: str) -> tuple[int, str] | None:
    """Size and SHA-256 of a file; None where there is none that can be read. Most are
    small: no buffer is made for them."""
    descriptor = _opened(path)
    if descriptor is None:
        return None
    digest, size = hashlib.sha256(), 0
    try:
        while piece := os.read(descriptor, _PIECE):
            digest.update(piece)
            size += len(piece)
    finally:
        os.close(descriptor)
    return size, digest.hexdigest()


def without_file(case: Path, files: Iterable[Original]) -> int:
    """How many messages of a case lie in none of the files: they came by standard
    input."""
    listed = {printable(one.name) for one in files}
    inputs = read_inputs(case / MANIFEST)
    return sum(not one.skipped and _file_of(one.uri, listed) is None for one in inputs)


def _walked(paths: Iterable[Path | str]) -> Iterator[str]:
    """The paths of all files that were given."""
    for path in paths:
        if os.fspath(path) != STANDARD_INPUT:
            yield from (one.path for one in walk(path) if isinstance(one, Found))


def _file_of(uri: str, files: Container[str]) -> str | None:
    """The file that a URI leads into: itself, or what stands before a `!/` in it."""
    end = len(uri)
    while end >= 0:
        if uri[:end] in files:
            return uri[:end]
        end = uri.rfind(MEMBER, 0, end)
    return None


def _original(told: dict[str, Any]) -> Original:
    one = Original(**told)
    if type(one.name) is not str or type(one.size) is not int or type(one.sha256) is not str:
        raise TypeError
    return one
