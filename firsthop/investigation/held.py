"""What a case holds when mail is added to it: which of its inputs stay, from its own
facts, and which have to be given again.

Facts stay where they were established with the settings of this run. With other
settings everything has to be read anew, and what is not given again cannot be: then
nothing is touched and one line says what would go."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.first_hops.summary_lines import read_summary
from firsthop.case.journal import Replaced
from firsthop.case.manifest import MANIFEST, Input, key_of, manifest_line, read_inputs
from firsthop.case.parquet.summaries import read_summaries
from firsthop.case.settings_file import SETTINGS, CaseSettings, read_settings
from firsthop.errors import CaseError
from firsthop.mail.read import headless
from firsthop.mail.sources.walk import printable

NAMED = 3  # inputs that a refusal names


class Held(NamedTuple):
    """The inputs of a case that was there before, in its order."""

    inputs: tuple[Input, ...] = ()
    settings: CaseSettings | None = None  # None: a new case, or one of an older version
    manifest: str | None = None  # SHA-256

    @property
    def messages(self) -> list[Input]:
        """Those that are messages."""
        return [one for one in self.inputs if not one.skipped]


def held_inputs(case: Path, manifest: str | None) -> Held:
    """What the case in a folder holds, whose last entry names that manifest."""
    if manifest is None:
        return Held()
    try:
        inputs = tuple(read_inputs(case / MANIFEST))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseError(f"{case}: {MANIFEST} is damaged: `firsthop verify` says more") from error
    return Held(inputs, read_settings(case / SETTINGS), manifest)


def held_summaries(file: Path) -> Iterator[MessageSummary]:
    """The summaries that a sealed case keeps of its messages, in its order."""
    try:
        yield from map(read_summary, read_summaries(file))
    except (ValueError, TypeError, KeyError) as error:
        raise CaseError(f"{file}: damaged: `firsthop verify` says more") from error


class Stays:
    """What of a case stays beside the inputs of this run. CaseError where some of it
    cannot, and is not given again."""

    def __init__(
        self, case: Path, held: Held, told: CaseSettings, paths: Sequence[Path | str]
    ) -> None:
        self._case, self._held, self._told = case, held, told
        self.differing = _differences(held, told)
        self.held_messages = len(held.messages)
        elsewhere = not_given(held, paths)
        if self.differing:
            self._refuse(elsewhere)
        self.messages = [] if self.differing else held.messages
        self.skips = _skips(held, set(elsewhere), {one.uri for one in self.messages})

    def examined(self) -> set[bytes]:
        """The messages that need not be examined again, by their keys; who asks the DNS
        may know more of a message today."""
        return set() if self._told.dns["asks"] else {key_of(one.line) for one in self.messages}

    def without_header(self) -> set[str]:
        """The URIs of which was told that no header is there."""
        return {one.uri for one in self.skips if one.line == manifest_line(headless(one.uri))}

    def refuse_lost(self, inputs: Iterable[Input]) -> None:
        """CaseError where messages of the case are not among the inputs."""
        if self.differing:
            there = set(inputs)
            self._refuse([one for one in self._held.inputs if one not in there])

    def _refuse(self, lost: Iterable[Input]) -> None:
        if gone := [one for one in lost if not one.skipped]:
            places = list(dict.fromkeys(one.uri for one in gone))
            more = f" and {len(places) - NAMED:,} more" if len(places) > NAMED else ""
            raise CaseError(
                f"{self._case}: its facts rest on other settings ({', '.join(self.differing)}), "
                f"and {len(gone):,} of its messages were not given again "
                f"({', '.join(places[:NAMED])}{more}): give them too, or --replace the mail of "
                f"the case"
            )


def _differences(held: Held, told: CaseSettings) -> list[str]:
    """Why the facts of a case cannot stand beside those of this run; nothing where they
    can."""
    if not held.messages:
        return []
    return told.differences(held.settings) if held.settings else ["version"]


def _skips(held: Held, elsewhere: set[Input], staying: set[str]) -> list[Input]:
    """What could not be read before and is not read again: what was not given, and what
    belongs to messages that stay."""
    return [one for one in held.inputs if one.skipped and (one in elsewhere or one.uri in staying)]


def not_given(held: Held, paths: Iterable[Path | str]) -> list[Input]:
    """The inputs that lie in none of the paths."""
    exact, within = set(), list[str]()
    for path in paths:
        name = printable(os.fspath(path))
        exact.add(name)
        within += (f"{name}!/", os.path.join(name, ""))  # noqa: PTH118 - the text that the walk makes
    prefixes = tuple(within)
    return [one for one in held.inputs if one.uri not in exact and not one.uri.startswith(prefixes)]


def replaced(held: Held, inputs: Iterable[Input]) -> Replaced | None:
    """What of a case is not among the inputs that replace it."""
    gone = Counter(held.inputs) - Counter(inputs)
    skipped = sum(count for one, count in gone.items() if one.skipped)
    messages = gone.total() - skipped
    if held.manifest is None or not (skipped or messages):
        return None
    return Replaced(messages, skipped, held.manifest)
