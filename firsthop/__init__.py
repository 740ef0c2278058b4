"""firsthop: reads the true path of reported mail, judges who is forged, finds the
campaigns in a heap, writes the bulletin.

    from firsthop import read, trace, examine, investigate

    for message in read(["reported/"]):       # Message, or Skipped with its reason
        facts = trace(message)                # the hops, and who vouches for them
        judged = examine(facts)               # findings and verdicts
    investigate(["reported/"], Path("case"))  # a case folder: facts, bulletins, journal

Malformed mail never raises. FirsthopError is raised for what the operator, a table or
the program did wrong (firsthop.errors).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firsthop.errors import (
    CaseError,
    ExportError,
    FirsthopError,
    SettingsError,
    SourceError,
    TableError,
)

if TYPE_CHECKING:
    from firsthop.case_file import CaseFile
    from firsthop.evidence.dns.store import DnsStore
    from firsthop.evidence.facts import MessageFacts
    from firsthop.investigation.investigate import InvestigationResult
    from firsthop.judgement.examine import Examination
    from firsthop.mail.message import Message
    from firsthop.mail.sources.raw import Skipped
    from firsthop.settings import Settings

__version__ = "0.1.0"
__all__ = [
    "CaseError",
    "ExportError",
    "FirsthopError",
    "SettingsError",
    "SourceError",
    "TableError",
    "__version__",
    "examine",
    "investigate",
    "read",
    "trace",
]


def read(paths: Sequence[Path | str]) -> Iterator[Message | Skipped]:
    """The messages in files, folders and containers, in order; an input that cannot be
    read is a Skipped with its reason."""
    from firsthop.mail.read import read_mail
    from firsthop.mail.sources import Skipped, read_sources

    for found in read_sources(paths):
        yield found if isinstance(found, Skipped) else read_mail(found)


def trace(message: Message, settings: Settings | None = None) -> MessageFacts:
    """The facts of a message: its path with the trust boundary, its identities."""
    from firsthop.evidence.facts import establish
    from firsthop.settings import Settings

    return establish(message, (settings or Settings()).own)


def examine(
    facts: MessageFacts,
    case_file: CaseFile | None = None,
    settings: Settings | None = None,
    store: DnsStore | None = None,
) -> Examination:
    """The findings and verdicts over a message's facts; `case_file` brings asserted
    claims and the claimed provider.

    Own servers of `settings` other than those the facts were traced with draw the
    boundary anew, and the recorded DNS answers of `store`, where one is given, take the
    place of those that the facts were traced with. Nothing is ever asked of the net.
    """
    from dataclasses import replace

    from firsthop.case_file import CaseFile
    from firsthop.evidence.facts import establish
    from firsthop.judgement.examine import examine as judge

    if settings is not None and facts.path.receiving.own != settings.own:
        facts = establish(facts.message, settings.own, facts.dns)
    if store is not None:
        facts = replace(facts, dns=store)
    return judge(facts, case_file or CaseFile())


def investigate(paths: Sequence[Path | str], out: Path, **options: Any) -> InvestigationResult:
    """The main job; the options are those of
    `firsthop.investigation.investigate.investigate`."""
    from firsthop.investigation.investigate import investigate as run

    return run(paths, out, **options)
