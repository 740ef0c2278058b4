"""Take archives, compressed streams and signed files apart: zip, tar, gzip, bzip2, xz,
CMS (.p7m).

`unpack` yields the members of one archive; whoever calls it goes on with each (a member
may be an archive again). A member's name is only a label in its URI, `a.zip!/x/y.eml`:
nothing is ever unpacked to a place that a name names. Links and devices are told, not
followed; encrypted members that no known password opens are told; bombs run into a
named limit."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.mail.buffer import Buffer, BufferFile
from firsthop.mail.limits import Allowance
from firsthop.mail.sources.raw import Skipped
from firsthop.mail.sources.sniff import Form
from firsthop.system.named_tuple import NamedTuple


class Member(NamedTuple):
    """One member of an archive, unpacked."""

    uri: str
    data: Buffer


def unpack(data: Buffer, form: Form, uri: str, allowance: Allowance) -> Iterator[Member | Skipped]:
    """The members of the archive `data`, of the given form."""
    from firsthop.mail.sources.archive import cms, stream, tar, zip  # noqa: PLC0415, A004 - loaded only when there is an archive

    if form is Form.CMS:
        return cms.members(data, uri, allowance)
    file = BufferFile(data)
    if form is Form.ZIP:
        return zip.members(file, uri, allowance)
    if form is Form.TAR:
        return tar.members(file, uri, allowance)
    return stream.members(file, len(data), form, uri, allowance)
