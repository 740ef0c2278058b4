"""The rules of an export tried in an engine of this machine, beside what they are meant
to find: the proof that whoever uses them can repeat.

Memory:     BATCH messages at a time; of each only where it was read is kept.
Raises:     SettingsError for a folder that is no export, EngineError for an engine that
            is not installed or refuses the rules.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.signature.signature import values_of
from firsthop.investigation.rule_engines.engines import engine_called
from firsthop.investigation.rule_engines.run import Run
from firsthop.publication.exports.read_report import MeantRule, meant_rules

BATCH = 1_000


class Tried(NamedTuple):
    """One message that a rule met, or was meant to meet."""

    uri: str
    offset: int
    rule: str
    engine: bool  # the engine met it
    meant: bool  # its features are those that the rule is meant to find


class Counts(NamedTuple):
    """What became of one rule."""

    rule: str
    strength: str
    both: int
    engine_only: int
    meant_only: int


def try_rules(
    folder: Path, engine: str, mail: Iterable[tuple[bytes, MessageFeatures]]
) -> Iterator[Tried]:
    """The messages that a rule of `folder` met in `engine`, or was meant to meet, in
    their order. `mail` are the bytes of messages and their features."""
    run, rules = engine_called(engine), meant_rules(folder, engine)
    remaining = iter(mail)
    while batch := list(islice(remaining, BATCH)):
        yield from _tried(folder / engine, run, rules, batch)


def _tried(
    folder: Path,
    run: Run,
    rules: Sequence[MeantRule],
    batch: Sequence[tuple[bytes, MessageFeatures]],
) -> Iterator[Tried]:
    with tempfile.TemporaryDirectory(prefix="firsthop-rules-") as work:
        met = run(folder, [data for data, _ in batch], Path(work))
    for names, (_, one) in zip(met, batch, strict=True):
        values = values_of((f.family, f.value) for f in one.features)
        for rule in rules:
            hit, meant = rule.name in names, rule.meets(values)
            if hit or meant:
                yield Tried(one.uri, one.offset, rule.name, hit, meant)


def counts(folder: Path, engine: str, tried: Iterable[Tried]) -> tuple[Counts, ...]:
    """What became of each rule."""
    rules = {one.name: [0, 0, 0] for one in meant_rules(folder, engine)}
    for one in tried:
        rules[one.rule][0 if one.engine and one.meant else 1 if one.engine else 2] += 1
    strengths = {one.name: one.strength for one in meant_rules(folder, engine)}
    return tuple(Counts(name, strengths[name], *three) for name, three in rules.items())
