"""The options that bring DNS evidence: recorded answers and zone files from files, and
live look-ups where they are asked for.

--answers FILE              JSON lines, each with name, type, answers, rcode, as_of
                            and source
--answers FILE@2014-05-17   a zone file (RFC 1035 section 5), true on that day; its
                            zone is that of its SOA record, else that of its name
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import click

from firsthop.case.dns_answers import read_answers_text
from firsthop.errors import SettingsError
from firsthop.evidence.dns.store import Answer, DnsStore, Zone, dns_store
from firsthop.evidence.dns.zone import absolute, entries, read_zone
from firsthop.evidence.timestamp import read_stamp
from firsthop.faces.cli.failures import complain
from firsthop.faces.dns_resolver import QUESTIONS, Asking, LiveDns, LiveStore
from firsthop.system.given_file import in_utf8, read_given

_AT = re.compile(r"(?P<file>.+)@(?P<time>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)")
OF_DNS = (
    click.option(
        "--answers",
        multiple=True,
        metavar="FILE[@DAY]",
        help="Recorded DNS answers (JSON lines), or a zone file with the day it was true, as in "
        "a.zone@2014-05-17. Repeatable.",
    ),
    click.option(
        "--dns",
        "live",
        is_flag=True,
        help="Ask the live DNS for what the recorded answers lack. Never without this.",
    ),
    click.option(
        "--dns-limit",
        "most",
        type=click.IntRange(0),
        default=QUESTIONS,
        show_default=True,
        metavar="N",
        help="The most questions to the live DNS.",
    ),
)


class Dated(NamedTuple):
    """What --answers names."""

    path: Path
    time: str | None


@dataclass(frozen=True, slots=True)
class DnsRequest:
    """What the operator gives as DNS evidence; read before the first message, asked for
    message by message."""

    store: DnsStore
    live: Asking | None

    def report(self, *, quiet: bool) -> None:
        """Say on standard error what was asked of the DNS; what was not asked is said
        in any case."""
        if self.live is None:
            return
        if not quiet:
            failed = f", {self.live.failed} of them without an answer" if self.live.failed else ""
            complain(f"questions asked of the live DNS: {len(self.live.asked)}{failed}")
        if self.live.refused:
            complain(
                f"questions not asked of the live DNS: {len(self.live.refused)}, since the "
                f"limit is {self.live.most} (--dns-limit)"
            )


def of_dns(command: Callable[..., int]) -> Callable[..., int]:
    """Gives a command the options of DNS evidence, as one DnsRequest called `dns`."""

    @functools.wraps(command)
    def run(*args: Any, answers: tuple[str, ...], live: bool, most: int, **rest: Any) -> int:
        asking = Asking(LiveDns(), most) if live else None
        return command(*args, dns=DnsRequest(store_of_files(answers, asking), asking), **rest)

    for option in reversed(OF_DNS):
        run = option(run)
    return run


def store_of_files(names: Iterable[str], asking: Asking | None = None) -> DnsStore:
    """The store that the files make together; with `asking`, one that asks for what
    they lack."""
    answers: list[Answer] = []
    zones: list[Zone] = []
    for name in names:
        store = _read(_dated(name))
        answers += [answer for of_question in store.answers.values() for answer in of_question]
        zones += store.zones
    store = dns_store(answers, zones)
    return store if asking is None else LiveStore(store.answers, store.zones, live=asking)


def _dated(name: str) -> Dated:
    """A day behind the last @ belongs to the option, unless a file is called so."""
    match = None if Path(name).exists() else _AT.fullmatch(name)
    return Dated(Path(match["file"]), match["time"]) if match else Dated(Path(name), None)


def _read(dated: Dated) -> DnsStore:
    path = dated.path
    data = read_given(path)
    if path.suffix == ".zone" or data.lstrip()[:1] not in (b"{", b""):
        return _read_zone(dated, data)
    if dated.time is not None:
        raise SettingsError(
            f"{path}: recorded answers have times of their own: give it without @{dated.time}"
        )
    return dns_store(read_answers_text(data, str(path)))


def _read_zone(dated: Dated, data: bytes) -> DnsStore:
    path = dated.path
    if dated.time is None:
        raise SettingsError(
            f"{path}: neither JSON lines nor a zone file with the day it was true, as in "
            f"{path}@2014-05-17"
        )
    instant = read_stamp(dated.time if "T" in dated.time else f"{dated.time}T00:00:00Z").instant
    if instant is None:
        raise SettingsError(f"{path}: {dated.time} is no day")
    text = in_utf8(data, str(path))
    return read_zone(text, origin_of(text, path), instant, str(path))


def origin_of(text: str, path: Path) -> str:
    """The zone of a zone file: that of its SOA record (RFC 1035 section 5.2), else its
    first $ORIGIN, else its name."""
    base = named = path.name.removesuffix(".zone").lower()
    for entry in entries(text, str(path)):
        if entry.words[0].upper() == "$ORIGIN" and len(entry.words) > 1:
            base = absolute(entry.words[1], base)
            named = base
        elif "SOA" in (word.upper() for word in entry.words[1:4]):
            return absolute(entry.words[0], base)
    return named
