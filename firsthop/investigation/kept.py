"""What a case keeps so that its publications can be made again: its settings, the
summaries of its messages, what could not be read, what was counted with other data.

Raises:     CaseError for a case without them, or where they are damaged.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from ipaddress import ip_network
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from firsthop.campaign.causes.outside import OutsideCounts
from firsthop.campaign.first_hops.summaries import Summaries, places_of
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.first_hops.summary_lines import read_summary
from firsthop.case.manifest import MANIFEST
from firsthop.case.parquet.summaries import SUMMARIES, read_summaries
from firsthop.case.settings_file import SETTINGS, read_settings
from firsthop.case_file import CaseFile, audience_of
from firsthop.errors import CaseError
from firsthop.mail.sources.raw import Skipped
from firsthop.publication.json.outside import read_outside
from firsthop.settings import Audience, OwnServers, Settings


class Kept(NamedTuple):
    """What a case was told, and what it says of each message."""

    case_file: CaseFile
    audience: Audience
    own: OwnServers
    summaries: Sequence[MessageSummary]
    skipped: tuple[Skipped, ...]
    outside: OutsideCounts

    @property
    def roots(self) -> tuple[str, ...]:
        """The folders in which the inputs lie, as they were named."""
        messages = (uri for uri, _ in places_of(self.summaries))
        return roots_of(chain(messages, (one.uri for one in self.skipped)))


def read_kept(case: Path) -> Kept:
    """What a case keeps."""
    told = read_settings(case / SETTINGS)
    if told is None:
        raise _unreadable(case)
    try:
        summaries = Summaries(map(read_summary, read_summaries(case / SUMMARIES)))
        skipped, own = tuple(_skipped(case)), _own(told.own)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _unreadable(case) from error
    case_file = told.read(case / SETTINGS)
    audience = audience_of(Settings(time_zone=told.time_zone, tlp=told.tlp), case_file)
    return Kept(case_file, audience, own, summaries, skipped, read_outside(case))


def zone_of(case: Path) -> str:
    """The time zone of a case; the usual one where no settings are kept, as in what was
    published."""
    told = read_settings(case / SETTINGS)
    if told is None:
        return Audience().time_zone
    case_file = told.read(case / SETTINGS)
    return audience_of(Settings(time_zone=told.time_zone, tlp=told.tlp), case_file).time_zone


def roots_of(uris: Iterable[str]) -> tuple[str, ...]:
    """The folders of the inputs, and those above that several have in common; an input
    that lies in no folder is its own root."""
    files = (uri.partition("!/")[0] for uri in uris)
    folders = {os.path.dirname(file) or file for file in files}  # noqa: PTH120 - a URI as it stands
    shared = {
        common
        for absolute in (True, False)
        if len(group := [one for one in folders if one.startswith("/") is absolute]) > 1
        and (common := os.path.commonpath(group)) not in {"", "/"}
    }
    return tuple(sorted(folders | shared))


def relative(uri: str, roots: Iterable[str]) -> str:
    """A path without the folder that the operator named."""
    for root in sorted(roots, key=len, reverse=True):
        if uri != root and uri.startswith((f"{root}/", f"{root}!")):
            return uri[len(root) + 1 :].lstrip("/")
    return uri.rpartition("/")[2]


def _skipped(case: Path) -> Sequence[Skipped]:
    with (case / MANIFEST).open(encoding="utf-8") as lines:
        tables = (json.loads(line) for line in lines)
        return [Skipped(one["uri"], one["reason"]) for one in tables if "reason" in one]


def _unreadable(case: Path) -> CaseError:
    return CaseError(
        f"{case} is no case that can be published: run `firsthop investigate` on its mail again"
    )


def _own(table: dict[str, Any]) -> OwnServers:
    return OwnServers(
        frozenset(table["names"]),
        tuple(map(ip_network, table["networks"])),
        frozenset(table["authserv_ids"]),
        tuple(table["receivers"]),
        table["assume"],
    )
