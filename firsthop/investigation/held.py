"""What a case holds when mail is added to it: which of its inputs stay, from its own
facts, and which have to be given again.

Facts stay where they were established with the settings of this run. With other
settings everything has to be read anew, and what is not given again cannot be: then
nothing is touched and one line says what would go."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.first_hops.summary_lines import read_summary
from firsthop.case.journal import Replaced
from firsthop.case.manifest import MANIFEST, Input, Listed, key_of, manifest_line
from firsthop.case.parquet.summaries import read_summaries
from firsthop.case.settings_file import SETTINGS, CaseSettings, read_settings
from firsthop.errors import CaseError
from firsthop.mail.read import headless
from firsthop.mail.sources.walk import printable

NAMED = 3  # inputs that a refusal names


class Held(NamedTuple):
    """What a case that was there before holds, in its order; its messages stay in its
    manifest, which is read each time they are asked for."""

    inputs: Iterable[Input] = ()
    messages: int = 0
    skipped: tuple[Input, ...] = ()
    warned: frozenset[str] = frozenset()  # URIs of messages of which a skip tells more
    settings: CaseSettings | None = None  # None: a new case, or one of an older version
    manifest: str | None = None  # SHA-256


class HeldMessages(Collection[Input]):
    """Those of the inputs that are messages."""

    def __init__(self, held: Held) -> None:
        self._held = held

    def __len__(self) -> int:
        return self._held.messages

    def __iter__(self) -> Iterator[Input]:
        return (one for one in self._held.inputs if not one.skipped)

    def __contains__(self, one: object) -> bool:
        return any(one == message for message in self)


def held_inputs(case: Path, manifest: str | None) -> Held:
    """What the case in a folder holds, whose last entry names that manifest."""
    if manifest is None:
        return Held()
    inputs = Listed(case / MANIFEST)
    messages, last = 0, ""
    skipped: list[Input] = []
    warned: set[str] = set()
    try:
        for one in inputs:
            if one.skipped:
                skipped.append(one)
                if one.uri == last:
                    warned.add(last)
            else:
                last, messages = one.uri, messages + 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseError(f"{case}: {MANIFEST} is damaged: `firsthop verify` says more") from error
    settings = read_settings(case / SETTINGS)
    return Held(inputs, messages, tuple(skipped), frozenset(warned), settings, manifest)


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
        self.held_messages = held.messages
        if self.differing:
            self._refuse(not_given(held.inputs, paths))
        self.messages = HeldMessages(Held() if self.differing else held)
        elsewhere = set(not_given(held.skipped, paths))
        staying = frozenset[str]() if self.differing else held.warned
        # what was not given, and what belongs to messages that stay
        self.skips = [one for one in held.skipped if one in elsewhere or one.uri in staying]

    def examined(self) -> set[bytes]:
        """The messages that need not be examined again, by their keys; who asks the DNS
        may know more of a message today."""
        return set() if self._told.dns["asks"] else {key_of(one.line) for one in self.messages}

    def without_header(self) -> set[str]:
        """The URIs of which was told that no header is there."""
        return {one.uri for one in self.skips if one.line == manifest_line(headless(one.uri))}

    def refuse_lost(self, inputs: Iterable[Input]) -> None:
        """CaseError where messages of the case are not among the inputs, which are in
        order."""
        if self.differing:
            self._refuse(not_among(self._held.inputs, inputs))

    def _refuse(self, lost: Iterable[Input]) -> None:
        if gone := Counter(one.uri for one in lost if not one.skipped):
            places = list(gone)
            more = f" and {len(places) - NAMED:,} more" if len(places) > NAMED else ""
            raise CaseError(
                f"{self._case}: its facts rest on other settings ({', '.join(self.differing)}), "
                f"and {gone.total():,} of its messages were not given again "
                f"({', '.join(places[:NAMED])}{more}): give them too, or --replace the mail of "
                f"the case"
            )


def _differences(held: Held, told: CaseSettings) -> list[str]:
    """Why the facts of a case cannot stand beside those of this run; nothing where they
    can."""
    if not held.messages:
        return []
    return told.differences(held.settings) if held.settings else ["version"]


def not_given(inputs: Iterable[Input], paths: Iterable[Path | str]) -> Iterator[Input]:
    """Those of the inputs that lie in none of the paths."""
    exact, within = set(), list[str]()
    for path in paths:
        name = printable(os.fspath(path))
        exact.add(name)
        within += (f"{name}!/", os.path.join(name, ""))  # noqa: PTH118 - the text that the walk makes
    prefixes = tuple(within)
    return (one for one in inputs if one.uri not in exact and not one.uri.startswith(prefixes))


def not_among(inputs: Iterable[Input], others: Iterable[Input]) -> Iterator[Input]:
    """Those of the inputs that are not among the others, each as often as it is not
    there; both are in order."""
    rest = iter(others)
    other = next(rest, None)
    for one in inputs:
        while other is not None and other < one:
            other = next(rest, None)
        if other == one:
            other = next(rest, None)
        else:
            yield one


def replaced(held: Held, inputs: Iterable[Input]) -> Replaced | None:
    """What of a case is not among the inputs that replace it, which are in order."""
    skipped = messages = 0
    for one in not_among(held.inputs, inputs):
        skipped, messages = skipped + one.skipped, messages + (not one.skipped)
    if held.manifest is None or not (skipped or messages):
        return None
    return Replaced(messages, skipped, held.manifest)
