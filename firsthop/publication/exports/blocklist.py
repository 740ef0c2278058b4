"""The format blocklist: plain lists, a value a line, for servers that read such lists.
What may be refused and what may only be looked for stand in files of their own, each
with a head that says whose mail it is about, until when it tells something, and what is
not in it and why.

Never:      lists a server of others, the provider whose name is used, a platform that
            many use, or the receiver's own; a value that is not plainly an address, a
            host or a mailbox; or a list without an end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from firsthop.publication.bulletin.render import visible
from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.forms import is_host, is_mailbox, is_plain_address
from firsthop.publication.exports.observed import BLOCK, HUNT, Observed, observed, refusals
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.exports.title import title
from firsthop.publication.json.values import time_text

_NO_FORM = "in no list: it is not plainly an address, a host or a mailbox"
_NO_TIME = "in no list: no message tells when it was used, and a list without an end is none"
_UNSHOWN = 20  # values of one reason that a head repeats; report.json has all


# file, use, families, form
_LISTS: tuple[tuple[str, str, tuple[str, ...], Callable[[str], bool]], ...] = (
    ("block_addresses.txt", BLOCK, ("client_address",), is_plain_address),
    ("block_reply_mailboxes.txt", BLOCK, ("reply_address",), is_mailbox),
    ("hunt_addresses.txt", HUNT, ("first_address",), is_plain_address),
    ("hunt_helo.txt", HUNT, ("helo", "first_helo"), is_host),
    ("hunt_envelope_domains.txt", HUNT, ("envelope_domain",), is_host),
    ("hunt_link_hosts.txt", HUNT, ("url_host",), is_host),
)


def write(source: ExportSource) -> Exported:
    """The lists that hold something."""
    told = observed(source)
    files: dict[str, bytes] = {}
    gaps = list(refusals(told))
    for name, use, families, is_form in _LISTS:
        of_list = [one for one in told if one.use == use and one.family in families]
        listed = [one for one in of_list if is_form(one.value) and one.valid_until is not None]
        gaps += _unlisted(of_list, is_form)
        if listed:
            files[name] = _text(source, use, listed, told).encode("ascii")
        else:
            gaps.append(Gap(name, "not written: nothing may stand in it"))
    return Exported(files, tuple(gaps))


def _unlisted(of_list: Sequence[Observed], is_form: Callable[[str], bool]) -> Iterator[Gap]:
    for one in of_list:
        if not is_form(one.value):
            yield Gap(f"{one.family}: {one.value}", _NO_FORM)
        elif one.valid_until is None:
            yield Gap(f"{one.family}: {one.value}", _NO_TIME)


def _text(
    source: ExportSource, use: str, listed: Sequence[Observed], told: Sequence[Observed]
) -> str:
    head = [f"# {_ascii(line)}" for line in _head(source, use, listed, told)]
    values = dict.fromkeys(one.value for one in listed)
    return "\n".join([*head, *values]) + "\n"


def _head(
    source: ExportSource, use: str, listed: Sequence[Observed], told: Sequence[Observed]
) -> Iterator[str]:
    first = min((one.first_seen for one in listed if one.first_seen is not None), default=None)
    last = max((one.last_seen for one in listed if one.last_seen is not None), default=None)
    until = max((one.valid_until for one in listed if one.valid_until is not None), default=None)
    yield f"Campaign {source.campaign.id}, {title(source)}"
    yield f"TLP:{source.tlp}"
    yield (
        "May be refused for a while: look at what it stops."
        if use == BLOCK
        else "To be looked for, never to be refused."
    )
    for part in dict.fromkeys(one.part for one in listed):
        yield f"{part.name}: {part.explanation}"
    yield f"Seen {time_text(first)} to {time_text(last)}"
    yield f"Valid until {time_text(until)}: take it out then"
    yield "Not in it:"
    for gap in refusals(told):
        yield f"  {_shortened(gap.what)}: {gap.reason}"
    yield "  whole networks and registrable domains: others use them too"


def _shortened(what: str) -> str:
    values = what.split(", ")
    if len(values) <= _UNSHOWN:
        return what
    return f"{', '.join(values[:_UNSHOWN])} and {len(values) - _UNSHOWN} more (report.json)"


def _ascii(line: str) -> str:
    return visible(line).encode("ascii", "backslashreplace").decode()


BLOCKLIST = Exporter(
    "blocklist",
    "Plain lists of addresses, hosts and mailboxes, with a head that says until when.",
    "a reader of such lists: comment lines, a value a line",
    write,
)
