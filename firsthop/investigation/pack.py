"""The evidence pack of a case: the originals, the files of the case, and what it takes
to check them without this program.

Form:       a zip archive of one folder, `evidence-pack`: HOWTO.LANGUAGE.txt,
            ORIGINALS.jsonl ({"in_pack","name","size","sha256"}), `originals/`, `case/`,
            SHA256SUMS of all these; SHA256SUMS.sig and SHA256SUMS.tsr where they were
            asked for. The journal in it ends before the entries of packs that were made
            since anything else happened: the same case gives the same pack.
Never:      holds the key of the pseudonyms, packs a case that differs from its journal
            or an original that is not the one that was given, writes over anything.
Raises:     CaseError for what cannot be packed, SettingsError for a key or a time stamp
            that cannot be used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import dropwhile
from pathlib import Path
from typing import NamedTuple

from firsthop import __version__
from firsthop.case.arguments import arguments_of
from firsthop.case.custody import Custody, in_custody
from firsthop.case.event import Event
from firsthop.case.file_digest import FileDigest, digests_of, is_name_within
from firsthop.case.intact import told_problems
from firsthop.case.journal import JOURNAL, Entry, Reading, digest, entry_line, journal_text
from firsthop.case.originals import (
    ORIGINALS,
    Original,
    open_regular,
    placed,
    read_originals,
    without_file,
)
from firsthop.case.secret import KEY_FILE
from firsthop.case.settings_file import SETTINGS, read_settings
from firsthop.case.verify import read_journal_of, verify
from firsthop.case_file import audience_of
from firsthop.errors import CaseError, SettingsError
from firsthop.publication.pack.archive import Member, write_pack
from firsthop.publication.pack.howto import About, howto
from firsthop.publication.pack.names import pack_names
from firsthop.publication.pack.ssh_signature import sign
from firsthop.publication.pack.time_stamp import MAX_ANSWER, Stamp, demand_stamp, request
from firsthop.publication.redaction.levels import unredacted_tlp
from firsthop.publication.words import LANGUAGES
from firsthop.settings import Settings
from firsthop.system.given_file import read_given

SUMS, SIGNATURE, STAMP, LISTED = "SHA256SUMS", "SHA256SUMS.sig", "SHA256SUMS.tsr", "ORIGINALS.jsonl"


class Asked(NamedTuple):
    """What an operator may ask of a pack."""

    key: Path | None = None  # of SSH, to sign with
    stamp: Path | None = None  # the answer of a time-stamping authority
    request: Path | None = None  # where to write the request to one
    base: Path | None = None  # where relative paths of the given mail begin
    time: str | None = None  # to note in the journal


class Packed(NamedTuple):
    """What came of it."""

    files: int
    originals: int
    missing: tuple[str, ...]  # files that were given and were not found
    unlisted: int  # messages that came without a file: by standard input
    sums: str  # SHA-256 of SHA256SUMS
    last_digest: str  # of the journal in the pack
    signed: bool
    stamped: str | None  # the time that the authority says


class _Contents(NamedTuple):
    """What a pack is to hold, before it is signed."""

    members: list[Member]
    about: About
    missing: tuple[str, ...]
    unlisted: int


def pack(case: Path, out: Path, asked: Asked = Asked()) -> Packed:  # noqa: B008 - it is frozen
    """Seals the evidence of the folder `case` in the new file `out`. The journal of the
    case notes it before the pack takes its place."""
    _demand_free(case, out, asked.request)
    with in_custody(case) as custody:
        contents = _contents(case, asked.base)
        sums = _sums(contents.members)
        seals, stamp = _seals(sums, asked)
        members = [*contents.members, *seals]
        packed = Packed(
            len(members),
            contents.about.originals,
            contents.missing,
            contents.unlisted,
            digest(sums.decode()),
            contents.about.digest,
            asked.key is not None,
            stamp and stamp.time,
        )
        with _requested(asked.request, sums):
            write_pack(
                out, members, lambda file: _note(custody, out, file, contents, packed, asked)
            )
    return packed


def _demand_free(case: Path, out: Path, requested: Path | None) -> None:
    """CaseError for a place that is taken, or lies in the case."""
    if not is_name_within(out.name):
        raise CaseError(f"{out}: no name for a pack: one that every system takes is needed")
    for one in (out, *([requested] if requested else [])):
        if one.exists() or one.is_symlink():
            raise CaseError(f"{one} is there already: name another file")
        if one.resolve().is_relative_to(case.resolve()):
            raise CaseError(f"{one} lies in the case: name a file outside of it")


def _contents(case: Path, base: Path | None) -> _Contents:
    if problems := verify(case):
        raise CaseError(f"{case} is not as its journal says: {told_problems(problems)}")
    reading = read_journal_of(case)
    lines = _packed_lines(reading)
    last = reading.entries[-1]
    listed = read_originals(case)
    if ORIGINALS not in {file.name for file in last.files}:
        raise CaseError(
            f"{case}: an earlier version wrote it, without the list of what was given: run "
            f"`firsthop investigate` on its mail again"
        )
    here = [_is_here(one, base) for one in listed]
    places = [place if there else None for place, there in zip(_places(listed), here, strict=True)]
    about = About(
        __version__,
        _tlp(case),
        last.inputs.messages,
        sum(here),
        len(here) - sum(here),
        digest(entry_line(lines[-1])),
    )
    missing = tuple(one.name for one, there in zip(listed, here, strict=True) if not there)
    members = [
        *_of_pack(about, listed, places),
        *_of_originals(listed, places, base),
        *_of_case(case, last, lines),
    ]
    return _Contents(sorted(members), about, missing, without_file(case, listed))


def _packed_lines(reading: Reading) -> list[Entry | Event]:
    """The journal without the packs that were made since anything else happened."""
    backwards = dropwhile(lambda one: one.action == "pack", reversed(reading.lines))
    return list(backwards)[::-1]


def _places(listed: Sequence[Original]) -> list[str]:
    return pack_names([one.name for one in listed])


def _is_here(one: Original, base: Path | None) -> bool:
    """Whether an original is there. CaseError for one that was changed."""
    place = placed(one, base)
    file = open_regular(place)
    if file is None:
        return False
    with file:
        size = file.seek(0, 2)
    if size != one.size:
        raise CaseError(f"{place}: no longer the file that was given: nothing is packed")
    return True


def _tlp(case: Path) -> str:
    told = read_settings(case / SETTINGS)
    if told is None:
        raise CaseError(f"{case}: {SETTINGS} is missing: run `firsthop investigate` again")
    settings = Settings(time_zone=told.time_zone, tlp=told.tlp)
    return unredacted_tlp(audience_of(settings, told.read(case / SETTINGS)).tlp)


def _of_pack(
    about: About, listed: Sequence[Original], places: Sequence[str | None]
) -> Iterator[Member]:
    """What the pack has of its own."""
    files = {f"HOWTO.{one}.txt": howto(about, one).encode() for one in LANGUAGES}
    tables = (
        {"in_pack": place, **one._asdict()} for place, one in zip(places, listed, strict=True)
    )
    files[LISTED] = "".join(f"{json.dumps(table)}\n" for table in tables).encode("ascii")
    return _in_memory(files)


def _of_originals(
    listed: Sequence[Original], places: Sequence[str | None], base: Path | None
) -> Iterator[Member]:
    for one, place in zip(listed, places, strict=True):
        if place is not None:
            yield Member(FileDigest(place, one.size, one.sha256), placed(one, base))


def _of_case(case: Path, last: Entry, lines: Sequence[Entry | Event]) -> Iterator[Member]:
    """The files of the case, which lists none that is secret."""
    for file in last.files:
        if KEY_FILE in file.name.split("/"):
            raise CaseError(f"{case}: its journal lists {KEY_FILE}, which no pack may hold")
        yield Member(file._replace(name=f"case/{file.name}"), str(case / file.name))
    yield from _in_memory({f"case/{JOURNAL}": journal_text(lines).encode("ascii")})


def _in_memory(files: dict[str, bytes]) -> Iterator[Member]:
    return (
        Member(file, data)
        for file, data in zip(digests_of(files), map(files.__getitem__, sorted(files)), strict=True)
    )


def _sums(members: Sequence[Member]) -> bytes:
    """For `sha256sum -c`. No name in a pack needs the escapes of that form."""
    return "".join(f"{one.file.sha256}  {one.file.name}\n" for one in members).encode()


def _seals(sums: bytes, asked: Asked) -> tuple[list[Member], Stamp | None]:
    """SHA256SUMS, its signature and its time stamp."""
    files, stamp = {SUMS: sums}, None
    if asked.key:
        files[SIGNATURE] = sign(sums, asked.key)
    if asked.stamp:
        files[STAMP] = read_given(asked.stamp, MAX_ANSWER)
        stamp = demand_stamp(files[STAMP], sums, str(asked.stamp))
    return list(_in_memory(files)), stamp


def _note(
    custody: Custody, out: Path, file: FileDigest, contents: _Contents, packed: Packed, asked: Asked
) -> None:
    """Note a pack in the journal of the case."""
    arguments = arguments_of(
        sign=packed.signed, timestamp=packed.stamped, request=asked.request is not None
    )
    result = f"{packed.files} files, SHA256SUMS {packed.sums}" + (
        f"; {len(packed.missing)} of the files given were not found" if packed.missing else ""
    )
    went = custody.went_out(out, (file,), tlp=contents.about.tlp)
    custody.note("pack", arguments, result, out=went, time=asked.time)


@contextmanager
def _requested(place: Path | None, sums: bytes) -> Iterator[None]:
    """Write a request for a time stamp, where one is asked for; it goes again where no
    pack comes of it."""
    if place is None:
        yield
        return
    try:
        with place.open("xb") as file:
            file.write(request(sums))
    except OSError as error:
        raise SettingsError(f"{place}: {error.strerror}") from error
    try:
        yield
    except BaseException:
        place.unlink(missing_ok=True)
        raise
