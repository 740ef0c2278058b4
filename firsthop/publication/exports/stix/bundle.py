"""The format stix: a bundle of STIX 2.1 that tells the campaign, what was seen of it,
whose servers it uses, what may be refused, and how far the causes are known.

Promises:   identifiers come from content, times from the case: the same campaign gives
            the same bytes.
Never:      holds what the level does not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from firsthop.publication.exports.dates import seen
from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.observed import observed, refusals
from firsthop.publication.exports.rules.rule import RuleSet, rules_for
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.exports.spoofing import forged
from firsthop.publication.exports.stix.frame import NO_PUBLISHER, Frame, frame_of, stamp
from firsthop.publication.exports.stix.hypotheses import hypotheses
from firsthop.publication.exports.stix.ids import stix_id
from firsthop.publication.exports.stix.indicators import of_rules, of_values
from firsthop.publication.exports.stix.notes import notes
from firsthop.publication.exports.stix.objects import (
    AttackPattern,
    Campaign,
    ExternalReference,
    Identity,
    MarkingDefinition,
    Report,
    StixObject,
    as_json,
)
from firsthop.publication.exports.stix.pattern import express
from firsthop.publication.exports.stix.seen import messages, related, relays
from firsthop.publication.exports.title import title
from firsthop.publication.json.message import json_text


def write(source: ExportSource) -> Exported:
    """The bundle."""
    frame, own = frame_of(source)
    told = observed(source)
    rules = rules_for(source, express)
    parts = (
        messages(frame),
        relays(frame, told),
        of_rules(frame, rules),
        of_values(frame, told),
    )
    objects = _unique(
        (
            *own,
            _campaign(frame),
            *_forging(frame),
            *_provider(frame),
            *(one for part in parts for one in part.objects),
            *notes(frame),
            *hypotheses(frame),
        )
    )
    objects = (*objects, _report(frame, objects))
    gaps = (*_missing(source), *(gap for part in parts for gap in part.gaps), *refusals(told))
    text = json_text(
        {
            "type": "bundle",
            "id": stix_id(source, "bundle"),
            "objects": [as_json(one) for one in objects],
        }
    )
    return Exported({f"{source.campaign.id}.json": text.encode("ascii")}, gaps, _blocking(rules))


def _blocking(rules: RuleSet) -> RuleSet:
    """The rules that became indicators."""
    return rules._replace(
        rules=tuple(one for one in rules.rules if one.strength == "block"),
        none=tuple(one for one in rules.none if one.strength == "block"),
    )


def _unique(objects: Iterable[StixObject]) -> tuple[StixObject, ...]:
    """Each object once: an address can be seen in many messages."""
    return tuple({one.id: one for one in objects}.values())


def _campaign(frame: Frame) -> Campaign:
    source, span = frame.source, seen(frame.source)
    return Campaign(
        frame.head("campaign"),
        name=title(source),
        description=(
            f"{source.campaign.size} messages that belong together by more than one kind of "
            "evidence, as firsthop clustered them. A name for mail, not for people."
        ),
        aliases=tuple(
            dict.fromkeys((source.campaign.id, *(one.old for one in source.full.aliases)))
        ),
        first_seen=stamp(span[0]) if span else None,
        last_seen=stamp(span[1]) if span else None,
    )


def _forging(frame: Frame) -> tuple[StixObject, ...]:
    """That senders are forged, where verdicts say so."""
    count = forged(frame.source)
    if not count:
        return ()
    how = AttackPattern(
        frame.head("attack-pattern", "spoofing"),
        name="Email Spoofing",
        description=(
            f"{count} of {len(frame.source.summaries)} messages did not leave the servers of the "
            "provider of their author's domain."
        ),
        external_references=(
            ExternalReference(
                source_name="mitre-attack",
                external_id="T1672",
                description="Versions 17 and 18; T1684.002 since.",
            ),
        ),
    )
    return how, related(frame, "uses", frame.reference, how.id)


def _provider(frame: Frame) -> tuple[StixObject, ...]:
    """The provider whose name is used, where the case file names it."""
    name = frame.source.investigation.case_file.provider
    if not name:
        return ()
    victim = Identity(
        frame.head("identity", "provider"),
        name=name,
        description="The provider whose users' addresses the messages claim.",
        identity_class="organization",
    )
    what = "Its name is used. That its servers or users took part is not said by this."
    return victim, related(frame, "targets", frame.reference, victim.id, what)


def _report(frame: Frame, objects: Sequence[StixObject]) -> Report:
    source = frame.source
    refs = tuple(one.id for one in objects if not isinstance(one, MarkingDefinition))
    return Report(
        frame.head("report"),
        name=title(source),
        description=f"Campaign {source.campaign.id}. TLP:{source.tlp}.",
        report_types=("campaign",),
        published=stamp(frame.at),
        object_refs=refs,
    )


def _missing(source: ExportSource) -> tuple[Gap, ...]:
    gaps = [Gap("Links as url objects", "the case keeps them without their scheme: hosts are told")]
    case_file = source.investigation.case_file
    if not (case_file.organisation or case_file.author):
        gaps.append(Gap(NO_PUBLISHER, "the case file names neither author nor organisation"))
    if seen(source) is None:
        gaps.append(Gap("first_seen, last_seen", "no message tells a time"))
    return tuple(gaps)


STIX = Exporter(
    "stix",
    "A bundle of STIX 2.1: the campaign, what was seen, few indicators, weighed causes.",
    "stix2-validator and the library stix2",
    write,
)
