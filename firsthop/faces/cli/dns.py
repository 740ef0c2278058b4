"""The options that bring DNS evidence: recorded answers and zone files from files, and
live look-ups where they are asked for.

--answers FILE              JSON lines, each with name, type, answers, rcode, as_of
                            and source
--answers FILE@2014-05-17   a zone file (RFC 1035 section 5), true on that day; its
                            zone is that of its SOA record, else that of its name
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from firsthop.evidence.dns.store import DnsStore
from firsthop.faces.cli.failures import complain
from firsthop.system.named_tuple import NamedTuple

if TYPE_CHECKING:
    from firsthop.faces.dns_resolver import Asking

QUESTIONS = 2_000  # of one run, unless the operator says otherwise
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


class DnsRequest(NamedTuple):
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


NOTHING = DnsRequest(DnsStore(), None)


def of_dns(command: Callable[..., int]) -> Callable[..., int]:
    """Gives a command the options of DNS evidence, as one DnsRequest called `dns`."""

    @functools.wraps(command)
    def run(*args: Any, answers: tuple[str, ...], live: bool, most: int, **rest: Any) -> int:
        asked = _request(answers, most if live else None) if answers or live else NOTHING
        return command(*args, dns=asked, **rest)

    for option in reversed(OF_DNS):
        run = option(run)
    return run


def _request(answers: tuple[str, ...], most: int | None) -> DnsRequest:
    from firsthop.faces.cli.dns_files import store_of_files
    from firsthop.faces.dns_resolver import Asking, LiveDns

    asking = None if most is None else Asking(LiveDns(), most)
    return DnsRequest(store_of_files(answers, asking), asking)
