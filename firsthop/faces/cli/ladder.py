"""A message as text: a heading of what it claims, then its hops newest first with the
trust boundary drawn between them."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.identity.identities import Claim, FieldState
from firsthop.evidence.path.path import Path, Step, Trust
from firsthop.evidence.path.trace_fields import TraceField
from firsthop.faces.cli.hop_lines import how, queue, sender, times
from firsthop.faces.cli.screen import Part, Screen
from firsthop.mail.message import Evidence, Source

EVIDENCE = {
    Evidence.MESSAGE: "",
    Evidence.ENCLOSED: "enclosed in a report",
    Evidence.PUBLICATION: "published text: evidence of a publication, not of the message",
}
SHOWN_TRACE_FIELDS = frozenset(("origin", "seal", "forwarding", "return_path"))
MARKS = {
    Trust.TRUSTED: ("✓ trusted", "green"),
    Trust.HANDOVER: ("▶ handover", "bold yellow"),
    Trust.CLAIMED: ("? claimed", "dim"),
}


def show_source(screen: Screen, source: Source) -> None:
    """Where the message stands, and what its container has to say."""
    screen.line((source.uri, "bold"), f", offset {source.offset} ({source.container})")
    for note in (
        EVIDENCE[source.evidence],
        *source.notes,
        f"enclosed in {source.enclosed_in}" if source.enclosed_in else "",
    ):
        if note:
            screen.line((note, "yellow"), indent=2)


def show_heading(screen: Screen, facts: MessageFacts) -> None:
    """What the message says of itself."""
    screen.labelled("From", _author(facts))
    screen.labelled("Subject", _said(facts.subject))
    screen.labelled("Message-ID", _said(facts.message_id))
    screen.labelled("Date", _said(facts.date_field))
    for (name, explanation), count in Counter(
        (defect.name, defect.explanation) for defect in facts.message.defects
    ).items():
        if name != "excerpt":  # said above
            screen.labelled(
                "defect",
                (name, "red"),
                f": {explanation}",
                f" ({count} times)" if count > 1 else "",
            )


def show_ladder(screen: Screen, path: Path, zone: ZoneInfo) -> None:
    """The hops, newest first."""
    screen.gap()
    if path.boundary.position is None:
        screen.rule(
            ("boundary unknown: " + path.boundary.reason.removeprefix("unknown: "), "yellow"),
            indent=2,
        )
    older = {step.position + 1: step for step in path.steps}
    for step in path.steps:
        _show_step(screen, step, older.get(step.position), zone)
        if step.position == path.boundary.position:
            screen.rule(
                (
                    "boundary: " + path.boundary.reason + "; what stands below is claimed",
                    "bold yellow",
                ),
                indent=2,
            )


def show_trace_fields(screen: Screen, trace_fields: tuple[TraceField, ...]) -> None:
    """What other fields tell of the path; the many notes of Exchange and the deliveries
    stand in the JSON only."""
    for trace_field in trace_fields:
        if trace_field.kind in SHOWN_TRACE_FIELDS:
            place = f"above hop {trace_field.above}" if trace_field.above else "below all hops"
            screen.labelled(
                trace_field.kind.replace("_", " "),
                trace_field.value,
                (f"  {trace_field.field.name}, {place}, {trace_field.trust}", "dim"),
                indent=2,
            )


def _show_step(screen: Screen, step: Step, older: Step | None, zone: ZoneInfo) -> None:
    hop = step.hop
    mta = " ".join(part for part in (hop.mta, hop.mta_version) if part)
    address = f" [{hop.by_address}]" if hop.by_address else ""
    screen.labelled(
        f"{step.position:>2}",
        MARKS[step.trust],
        "  by ",
        (hop.by or "(writer not named)", "bold"),
        address,
        f" ({mta})" if mta else "",
        width=4,
    )
    rows = {
        "from": sender(hop),
        "how": how(hop),
        "queue id": queue(hop),
        "time": times(hop.stamp, older, zone),
        **_reading(step),
    }
    for label, parts in rows.items():
        if parts:
            screen.labelled(label, *parts, indent=6, width=12)


def _reading(step: Step) -> dict[str, tuple[Part, ...]]:
    """What was repaired, eaten and left over."""
    hop = step.hop
    return {
        "repaired": ((", ".join(hop.repairs), "yellow"),) if hop.repairs else (),
        "value lost": ((", ".join(hop.value_lost), "yellow"),) if hop.value_lost else (),
        "unread": ((" | ".join(hop.unread), "magenta"),) if hop.unread else (),
        "notes": (", ".join(hop.notes),) if hop.notes else (),
        "line": (hop.raw,) if hop.kind == "unreadable" else (),
    }


def _said(claim: Claim) -> Part:
    """A value, or in which way there is none."""
    return (
        claim.value
        if claim.value is not None
        else (f"({str(claim.state).replace('_', ' ')})", "dim")
    )


def _author(facts: MessageFacts) -> Part:
    written = facts.from_field
    author = facts.author
    if author is None or written.state is not FieldState.PRESENT:
        return _said(written)
    published = facts.message.source.evidence is Evidence.PUBLICATION
    address = (
        f"<{author.address}>"
        if author.address
        else "(address: value lost)"
        if published
        else "(no address)"
    )
    return " ".join(part for part in (author.display_name, address) if part)
