"""What vouches for a message's author, as text: what was checked here with the day of
its DNS, then what receivers wrote and whether that is believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from firsthop.evidence.authentication.arc.verify import ArcResult, ChainStatus
from firsthop.evidence.authentication.check import Authentication
from firsthop.evidence.authentication.dkim.verify import BodyHash, DkimResult
from firsthop.evidence.authentication.results import AuthenticationResult
from firsthop.evidence.dns.store import day
from firsthop.faces.cli.screen import Part, Screen

STYLES = {"pass": "green", "fail": "red", "softfail": "red", "permerror": "red"}
FORGED = "forged_authserv_id"
BODIES = {
    BodyHash.MATCHES: "the body is the one that was signed",
    BodyHash.DIFFERS: "",
    BodyHash.NOT_CHECKED: "",
}
LABEL = 8
AT_MOST = 5  # writers that are named
UNDECIDED = "not known whether to believe it"
OUTSIDE = "not believed: written outside the boundary"


def show_vouched(screen: Screen, authentication: Authentication) -> None:
    """The block."""
    screen.gap()
    screen.labelled(
        "vouched for",
        (
            f"judged at {day(authentication.judged_at)}"
            if authentication.judged_at is not None
            else "the message has no date",
            "dim",
        ),
    )
    _row(
        screen,
        "SPF",
        authentication.spf.result,
        authentication.spf.reason,
        authentication.spf.as_of,
    )
    for one in authentication.dkim:
        _row(screen, "DKIM", str(one.outcome), _signature(one), one.as_of)
    if not authentication.dkim:
        _row(screen, "DKIM", "none", "the message carries no signature", None)
    if authentication.dmarc is not None:
        _row(
            screen,
            "DMARC",
            authentication.dmarc.result,
            authentication.dmarc.explanation,
            authentication.dmarc.as_of,
        )
    if authentication.arc.status is not ChainStatus.NONE:
        _row(
            screen,
            "ARC",
            str(authentication.arc.status),
            _chain(authentication.arc),
            authentication.arc.as_of,
        )
    _show_results(screen, authentication.results)


def _row(screen: Screen, label: str, result: str, explanation: str, as_of: int | None) -> None:
    dns = f" (DNS of {day(as_of)})" if as_of is not None else ""
    screen.labelled(
        label,
        (result.replace("_", " "), STYLES.get(result, "")),
        f": {explanation}{dns}" if explanation else dns,
        indent=4,
        width=LABEL,
    )


def _signature(one: DkimResult) -> str:
    """What a signature is, and why it counts or not."""
    said = "; ".join(
        part
        for part in (
            one.explanation,
            BODIES[one.body] if one.outcome != "pass" else "",
            _notes(one),
        )
        if part
    )
    return f"d={one.signature.domain or '?'}: {said}"


def _notes(one: DkimResult) -> str:
    """The notes that say more than `says`: half of all honest mail leaves some field
    unsigned."""
    return ", ".join(note for note in one.notes if not note.startswith("unsigned:"))


def _chain(arc: ArcResult) -> str:
    age = (
        f"; the oldest message signature that still holds is {arc.oldest_pass}"
        if arc.oldest_pass
        else ""
    )
    return f"{arc.explanation}{age}"


def _show_results(screen: Screen, results: Iterable[AuthenticationResult]) -> None:
    """One row for each field that is believed or forged; of the others no more than who
    is named as their writers."""
    others: dict[str, list[str]] = {}
    for told in _by_field(results):
        first = told[0]
        if any(FORGED in one.defects for one in told):
            _show_field(screen, told, ("forged: only the sender can have written it", "red"))
        elif first.inside:
            _show_field(screen, told, ("believed", "green"))
        else:
            others.setdefault(UNDECIDED if first.inside is None else OUTSIDE, []).append(
                first.authserv_id or "(not named)"
            )
    for what, writers in others.items():
        screen.labelled("wrote", _counted(writers), (f" ({what})", "dim"), indent=4, width=LABEL)


def _counted(writers: list[str]) -> str:
    names = list(dict.fromkeys(writers))
    more = f" and {len(names) - AT_MOST} more" if len(names) > AT_MOST else ""
    return (
        f"{len(writers)} result field{'s' if len(writers) > 1 else ''}, in the name of "
        f"{', '.join(names[:AT_MOST])}{more}"
    )


def _by_field(results: Iterable[AuthenticationResult]) -> Iterator[list[AuthenticationResult]]:
    """The results that tell something, together with those of the same field."""
    for _, told in groupby(
        (one for one in results if one.result),
        key=lambda one: one.field.span if one.field else one.span,
    ):
        yield list(told)


def _show_field(screen: Screen, told: list[AuthenticationResult], place: Part) -> None:
    field = told[0].field.name if told[0].field else "?"
    writer = told[0].authserv_id or "(writer not named)"
    screen.labelled(
        "wrote",
        f"{writer}: {', '.join(_result(one) for one in told)} ({field}, ",
        place,
        ")",
        indent=4,
        width=LABEL,
    )


def _result(one: AuthenticationResult) -> str:
    about = next(
        (
            f" {name}={value}"
            for name, value in one.properties
            if name.partition(".")[0] in ("header", "smtp", "envelope-from", "domain")
        ),
        "",
    )
    return f"{one.method}={one.result}{about}" if one.method else f"{one.result}"
