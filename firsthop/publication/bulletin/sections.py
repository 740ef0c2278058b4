"""The sections of a bulletin, one function each: an investigation in, blocks out; an
empty tuple where there is nothing to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

from firsthop.campaign.first_hops.recurrence import Group
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import Investigation
from firsthop.evidence.path.receiving import Basis
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.finding import BaseRate, Finding, Outcome
from firsthop.judgement.rates.base_rates import base_rate
from firsthop.mail.message import Evidence
from firsthop.publication.bulletin.campaigns import campaigns
from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Duration,
    Joined,
    Paragraph,
    Quoted,
    Table,
    Value,
    Word,
)
from firsthop.publication.clock import local, utc

PATH_CHECKS = frozenset(check.name for check in CHECKS if check.question == "path")
MAX_GROUPS = 20  # of relay and HELO that are shown, the largest first
# of the path table; the rest is in the case's evidence files, and the bulletin says so
MAX_ROWS = 200


def _count(investigation: Investigation, n: int) -> dict[str, Value]:
    return {"n": str(n), "total": str(len(investigation.summaries))}


def _strength(rate: BaseRate) -> dict[str, Value]:
    holds, fails = rate.holds, rate.fails
    return {
        "hk": str(holds[0]),
        "hn": str(holds[1]),
        "fk": str(fails[0]),
        "fn": str(fails[1]),
        "bits": f"{abs(rate.bits):.1f}",
        "corpus": Word(f"corpus.{rate.corpus}"),
    }


def overview(investigation: Investigation) -> tuple[Block, ...]:
    """How much there is, what it is evidence of, from when to when."""
    blocks: list[Block] = [
        Paragraph("overview.messages", _count(investigation, len(investigation.summaries)))
    ]
    published = [t for t in investigation.summaries if t.evidence is Evidence.PUBLICATION]
    if published:
        blocks.append(Paragraph("overview.publication", _count(investigation, len(published))))
    if timed := investigation.timed:
        zone = investigation.audience.time_zone
        blocks.append(
            Paragraph(
                "overview.seen",
                {
                    "first": utc(timed[0].instant),
                    "first_local": local(timed[0].instant, zone),
                    "last": utc(timed[-1].instant),
                    "last_local": local(timed[-1].instant, zone),
                },
            )
        )
    if investigation.skipped:
        blocks.append(Paragraph("overview.skipped", {"n": str(len(investigation.skipped))}))
    return tuple(blocks)


def description(investigation: Investigation) -> tuple[Block, ...]:
    """Whose mail it claims to be, and what the path says to that."""
    blocks: list[Block] = []
    if investigation.case_file.provider:
        provider = {"provider": Quoted(investigation.case_file.provider)}
        missed = [
            t
            for t in investigation.summaries
            if (f := t.finding("left_provider")) and f.outcome is Outcome.CONTRADICTS
        ]
        touched = [
            t
            for t in investigation.summaries
            if (f := t.finding("left_provider")) and f.message_key == "provider.touched"
        ]
        asserted = investigation.case_file.claim("author_domain")
        if asserted:
            blocks.append(
                Paragraph(
                    "description.author_asserted",
                    {"domain": Quoted(asserted.value), "source": Quoted(asserted.source)},
                )
            )
        if missed:
            blocks.append(
                Paragraph("description.missed", {**_count(investigation, len(missed)), **provider})
            )
        if touched:
            blocks.append(
                Paragraph(
                    "description.touched", {**_count(investigation, len(touched)), **provider}
                )
            )
    blocks.extend(_boundaries(investigation))
    blocks.append(_consistency(investigation))
    return tuple(blocks)


def _boundaries(investigation: Investigation) -> Iterator[Paragraph]:
    """For how many messages the trust boundary is known, assumed, or neither."""
    counts = Counter(t.basis for t in investigation.summaries)
    known, assumed = counts[Basis.SETTINGS], counts[Basis.ASSUMED]
    if known:
        yield Paragraph("description.boundary_known", _count(investigation, known))
    if assumed:
        yield Paragraph("description.boundary_assumed", _count(investigation, assumed))
    if not known and not assumed:
        yield Paragraph("description.boundary_unknown", _count(investigation, 0))


def _consistency(investigation: Investigation) -> Paragraph:
    """What the checks of the path contradict, by check and number of messages."""
    contradicted = [
        names
        for t in investigation.summaries
        if (
            names := {f.check for f in t.findings if f.outcome is Outcome.CONTRADICTS} & PATH_CHECKS
        )
    ]
    if not contradicted:
        return Paragraph("description.consistent", _count(investigation, 0))
    counts = Counter(name for names in contradicted for name in names)
    checks = Joined(
        tuple(
            Word("description.check_count", {"check": Quoted(name), "n": str(n)})
            for name, n in sorted(counts.items())
        )
    )
    return Paragraph(
        "description.contradicted", {**_count(investigation, len(contradicted)), "checks": checks}
    )


def verdicts(investigation: Investigation) -> tuple[Block, ...]:
    """How many messages got which answer, question by question."""
    counts = Counter(pair for t in investigation.summaries for pair in t.answers)
    rows = tuple(
        (Word(f"question.{q}"), Word(f"answer.{q}.{a}"), str(n))
        for (q, a), n in sorted(counts.items(), key=lambda pair: (pair[0][0], -pair[1], pair[0][1]))
    )
    return (
        (
            Paragraph("verdicts.how"),
            Table(("column.question", "column.answer", "column.messages"), rows),
        )
        if rows
        else ()
    )


def elements(investigation: Investigation) -> tuple[Block, ...]:
    """The distinctive elements: what is observed, then what is only asserted."""
    observed = tuple(_observed_elements(investigation))
    asserted = tuple(_asserted_elements(investigation))
    blocks: list[Block] = []
    if observed:
        blocks += [Paragraph("elements.observed"), Bullets(observed)]
    if asserted:
        blocks += [Paragraph("elements.asserted"), Bullets(asserted)]
    return tuple(blocks)


def _observed_elements(investigation: Investigation) -> Iterator[Paragraph]:
    readable = [t for t in investigation.summaries if t.message_id and t.helo]
    equal = [
        t
        for t in readable
        if (f := t.finding("helo_is_message_id_domain")) and f.message_key == "helo_id.equal"
    ]
    if equal:
        yield Paragraph("elements.helo_id", {"n": str(len(equal)), "total": str(len(readable))})
        if rate := base_rate("helo_is_message_id_domain", "equal"):
            yield Paragraph("elements.helo_id_rate", _strength(rate))
    unnamed = [t for t in investigation.summaries if t.finding("recipients_not_named")]
    writers = [t for t in investigation.summaries if t.first and t.first.mta == "Postfix"]
    if unnamed:
        yield Paragraph("elements.recipients", {"n": str(len(unnamed)), "total": str(len(writers))})
    dated = [t for t in investigation.summaries if (f := t.finding("queue_id_time")) and f.strength]
    agree = [
        t for t in dated if (f := t.finding("queue_id_time")) and f.outcome is Outcome.SUPPORTS
    ]
    if dated:
        yield Paragraph("elements.queue_ids", {"n": str(len(agree)), "total": str(len(dated))})


def _asserted_elements(investigation: Investigation) -> Iterator[Paragraph]:
    case_file = investigation.case_file
    for claim in case_file.asserted:
        if claim.key == "subject_is_local_part_of_author" and claim.value == "true":
            yield Paragraph("elements.subject", {"source": Quoted(claim.source)})
        elif claim.key in ("x_mailer", "x_mimeole"):
            yield Paragraph(
                f"elements.{claim.key}",
                {"value": Quoted(claim.value), "source": Quoted(claim.source)},
            )
    mailer, mimeole = case_file.claim("x_mailer"), case_file.claim("x_mimeole")
    if (
        mailer
        and mimeole
        and mailer.value.rsplit(" ", 1)[-1] == mimeole.value.rsplit(" ", 1)[-1].lstrip("V")
    ):
        yield Paragraph("elements.versions_agree")


PATH_COLUMNS = ("n", "utc", "local", "relay", "helo", "client", "name", "protocol", "queue_id")


def path_table(investigation: Investigation) -> tuple[Block, ...]:
    """Every first hop in the order of time."""
    ordered = [
        *investigation.timed,
        *(t for t in investigation.summaries if t.instant is None and t.first),
    ]
    if not ordered:
        return (Paragraph("path.none"),)
    numbers = {(t.uri, t.offset): str(i) for i, t in enumerate(investigation.summaries, 1)}
    rows = tuple(_path_row(investigation, numbers[t.uri, t.offset], t) for t in ordered[:MAX_ROWS])
    blocks: list[Block] = [
        Paragraph("path.how", {"zone": investigation.audience.time_zone}),
        Table(tuple(f"column.{c}" for c in PATH_COLUMNS), rows),
    ]
    if len(ordered) > MAX_ROWS:
        blocks.append(Paragraph("path.cut", {"shown": str(MAX_ROWS), "total": str(len(ordered))}))
    return tuple(blocks)


def _path_row(investigation: Investigation, number: str, t: MessageSummary) -> tuple[Value, ...]:
    hop = t.first
    if hop is None:
        return (number, *("–" for _ in PATH_COLUMNS[1:]))
    texts = (hop.by, hop.helo, hop.client_address, hop.client_name, hop.protocol, hop.queue_id)
    return (
        number,
        utc(t.instant),
        local(t.instant, investigation.audience.time_zone),
        *(Quoted(text) if text else "–" for text in texts),
    )


def recurrence(investigation: Investigation) -> tuple[Block, ...]:
    """The same relay and HELO in several messages: bursts and different origins."""
    blocks: list[Block] = [Paragraph("recurrence.rule")]
    blocks += [
        block
        for group in investigation.groups[:MAX_GROUPS]
        for block in _group(investigation, group)
    ]
    if len(investigation.groups) > MAX_GROUPS:
        blocks.append(
            Paragraph(
                "recurrence.cut",
                {"shown": str(MAX_GROUPS), "total": str(len(investigation.groups))},
            )
        )
    alone = len(investigation.summaries) - sum(len(g.members) for g in investigation.groups)
    if alone:
        blocks.append(Paragraph("recurrence.alone", _count(investigation, alone)))
    return tuple(blocks)


def _group(investigation: Investigation, group: Group) -> Iterator[Block]:
    names = {"relay": Quoted(group.relay), "helo": Quoted(group.helo)}
    yield Paragraph(
        "recurrence.group",
        {
            **names,
            **_count(investigation, len(group.members)),
            "first": utc(group.first_seen),
            "last": utc(group.last_seen),
            "id": Quoted(group.id),
        },
    )
    origins = group.client_addresses
    if len(origins) > 1:
        yield Paragraph(
            "recurrence.origins",
            {
                **names,
                "n": str(len(origins)),
                "origins": Joined(tuple(Quoted(o) for o in origins[:20])),
            },
        )
    bursts = group.bursts
    if len(bursts) > 1:
        gap = max(
            (after[0].instant or 0) - (before[-1].instant or 0)
            for before, after in pairwise(bursts)
        )
        yield Paragraph("recurrence.bursts", {**names, "n": str(len(bursts)), "gap": Duration(gap)})


def spool(investigation: Investigation) -> tuple[Block, ...]:
    """Queue files near each other: one mail spool."""
    blocks: list[Block] = [
        Paragraph(
            "spool.pair",
            {
                "relay": Quoted(pair.first.by),
                "first": Quoted(pair.first.queue_id),
                "second": Quoted(pair.second.queue_id),
                "first_inode": str(pair.first.inode),
                "second_inode": str(pair.second.inode),
                "distance": str(pair.distance),
                "time": Duration(pair.seconds),
            },
        )
        for pair in investigation.spools[:20]
    ]
    rate = base_rate("one_spool", "near")
    if blocks and rate:
        blocks.append(Paragraph("spool.rate", _strength(rate)))
    return tuple(blocks)


def submission(investigation: Investigation) -> tuple[Block, ...]:
    """Who says that somebody logged in."""
    with_hop = [t for t in investigation.summaries if t.first]
    said = [t for t in with_hop if t.first and t.first.authenticated]
    if not said:
        none = Paragraph("submission.none", {"total": str(len(with_hop))})
        return (none,) if with_hop else ()
    blocks: list[Block] = [
        Paragraph("submission.said", {"n": str(len(said)), "total": str(len(with_hop))})
    ]
    if len(said) < len(with_hop):
        blocks.append(Paragraph("submission.silent", {"n": str(len(with_hop) - len(said))}))
    return tuple(blocks)


def mailer(investigation: Investigation) -> tuple[Block, ...]:
    """Whether the named mail client made these messages."""
    blocks: list[Block] = []
    for finding, n in _distinct_mailers(investigation):
        values: dict[str, Value] = {name: Quoted(value) for name, value in finding.values}
        values["n"] = str(n)
        if "marks" in values:
            values["marks"] = Joined(
                tuple(
                    Word(f"mark.{mark}")
                    for mark in dict(finding.values)["marks"].split(",")
                    if mark
                )
            )
        blocks.append(Paragraph(f"bulletin.{finding.message_key}", values))
        if any(o.asserted for o in finding.observations):
            blocks.append(Paragraph("mailer.asserted_only"))
        if finding.strength:
            blocks.append(Paragraph("mailer.rate", _strength(finding.strength)))
    unread = [
        t
        for t in investigation.summaries
        if (f := t.finding("mailer_message_id")) and f.message_key.startswith("mailer.message_id_")
    ]
    if unread:
        blocks.append(Paragraph("mailer.unread", _count(investigation, len(unread))))
    return tuple(blocks)


def _distinct_mailers(investigation: Investigation) -> Iterator[tuple[Finding, int]]:
    """One finding for each program, marks and resemblance, with the number of
    messages."""
    kinds: dict[tuple[str, ...], list[Finding]] = {}
    for t in investigation.summaries:
        f = t.finding("mailer_message_id")
        if f and f.outcome is not Outcome.SILENT:
            values = dict(f.values)
            kinds.setdefault(
                (f.message_key, values["mailer"], values["marks"], values["looks_like"]), []
            ).append(f)
    for findings in kinds.values():
        yield findings[0], len(findings)


def first_trace(investigation: Investigation) -> tuple[Block, ...]:
    """The asserted first trace against the first hops."""
    trace, asserted = investigation.first_trace, investigation.case_file.claim("first_trace")
    if trace is None or asserted is None:
        return ()
    values: dict[str, Value] = {
        "written": Quoted(trace.written),
        "source": Quoted(asserted.source),
        "zone": investigation.audience.time_zone,
    }
    blocks: list[Block] = [Paragraph("trace.zoned" if trace.zoned else "trace.no_zone", values)]
    if (
        trace.offset_hours is not None
        and trace.nearest
        and trace.nearest.first
        and trace.after is not None
        and trace.chance is not None
    ):
        blocks.append(
            Paragraph(
                "trace.fit_after" if trace.after >= 0 else "trace.fit_before",
                {
                    **values,
                    "offset": f"{trace.offset_hours:+d}",
                    "distance": Duration(trace.after),
                    "relay": Quoted(trace.nearest.relay or "?"),
                    "time": utc(trace.nearest.instant),
                    "chance": f"{100 * trace.chance:.1f}",
                },
            )
        )
    if trace.local_before_first is not None and trace.local_before_first > 0 and not trace.zoned:
        blocks.append(
            Paragraph("trace.local", {**values, "distance": Duration(trace.local_before_first)})
        )
    return tuple(blocks)


def undecided(investigation: Investigation) -> tuple[Block, ...]:
    """What the evidence does not carry."""
    items = (
        [Paragraph("undecided.position")]
        if all(t.basis is Basis.UNKNOWN for t in investigation.summaries)
        else []
    )
    if investigation.first_trace and not investigation.first_trace.zoned:
        items.append(Paragraph("undecided.zone"))
    if investigation.case_file.provider:
        items.append(
            Paragraph("undecided.cause", {"provider": Quoted(investigation.case_file.provider)})
        )
    if any(t.first and not t.first.authenticated for t in investigation.summaries):
        items.append(Paragraph("undecided.submission"))
    return (Bullets(tuple(items)),) if items else ()


def damage(investigation: Investigation) -> tuple[Block, ...]:
    """What was repaired and what was lost, by number of messages."""
    repaired: dict[str, int] = {}
    lost: dict[str, int] = {}
    for t in investigation.summaries:
        for name in set(t.first.repairs) if t.first else ():
            repaired[name] = repaired.get(name, 0) + 1
        for name in [
            *(t.first.value_lost if t.first else ()),
            *(("message_id",) if t.message_id_state == "value_lost" else ()),
        ]:
            lost[name] = lost.get(name, 0) + 1
    items = [
        Paragraph("damage.repaired", {"what": Word(f"repair.{name}"), **_count(investigation, n)})
        for name, n in sorted(repaired.items())
    ]
    items += [
        Paragraph("damage.lost", {"what": Word(f"lost.{name}"), **_count(investigation, n)})
        for name, n in sorted(lost.items())
    ]
    return (Paragraph("damage.how"), Bullets(tuple(items))) if items else ()


def sources(investigation: Investigation) -> tuple[Block, ...]:
    """What was read: the digests of the messages, so that anybody can check. File names
    stay in the case: they may name people."""
    rows = tuple(
        (str(i), Quoted(t.sha256)) for i, t in enumerate(investigation.summaries[:MAX_ROWS], 1)
    )
    return (Paragraph("sources.how"), Table(("column.n", "column.sha256"), rows)) if rows else ()


BODY: tuple[tuple[str, Callable[[Investigation], tuple[Block, ...]]], ...] = (
    ("title.overview", overview),
    ("title.description", description),
    ("title.verdicts", verdicts),
    ("title.elements", elements),
    ("title.path", path_table),
    ("title.campaigns", campaigns),
    ("title.recurrence", recurrence),
    ("title.spool", spool),
    ("title.submission", submission),
    ("title.mailer", mailer),
    ("title.first_trace", first_trace),
    ("title.undecided", undecided),
    ("title.damage", damage),
    ("title.sources", sources),
)
