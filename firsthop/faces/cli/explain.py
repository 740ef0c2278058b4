"""`firsthop explain`: what a check looks for, why that means something, when it is
wrong, where it comes from, and the counts behind its strength."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import click

from firsthop.evidence.mailers.mailer import PROFILES
from firsthop.faces.cli.options import JSON, NO_COLOR
from firsthop.judgement.check import Check
from firsthop.judgement.checks import CHECKS, mailer_looks_like
from firsthop.judgement.finding import BaseRate
from firsthop.judgement.mailer_bounds import bounded
from firsthop.judgement.rates.base_rates import base_rates
from firsthop.judgement.rates.mailer_rates import RATES
from firsthop.judgement.verdicts.mailer import VIEWS
from firsthop.publication.words import say

if TYPE_CHECKING:
    from firsthop.faces.cli.screen import Screen

PARTS = {
    "question": "question",
    "looks_for": "looks for",
    "why": "why",
    "false_positives": "wrong when",
    "source": "source",
}
QUESTIONS = {
    "sender": "Did the message leave the claimed provider's servers?",
    "mailer": "Was it written by the program it names, and what does it look like?",
    "path": "Can its path be as its lines tell?",
}
NOT_COUNTED = "not counted: its findings are shown, and carry no weight by themselves"


class Count(NamedTuple):
    """One counted mark of a check."""

    program: str | None  # of a mailer check: whose mark it is
    mark: str
    rate: BaseRate


@click.command("explain")
@click.argument("check", required=False)
@JSON
@NO_COLOR
def command(check: str | None, as_json: bool, no_color: bool) -> int:
    """Explain a CHECK, with the counts behind its strength; without one, list them all
    by the question they help to answer."""
    chosen = [known for known in CHECKS if check in (None, known.name)]
    if not chosen:
        raise click.BadParameter(
            f"{check!r} is no check; known are {', '.join(known.name for known in CHECKS)}",
            param_hint="CHECK",
        )
    if as_json:
        _write_json(chosen)
    elif check is None:
        _list(chosen, no_color)
    else:
        _write_text(chosen[0], no_color)
    return 0


def counts(check: str) -> list[Count]:
    """The counts behind a check's strength: its own, or those of every program whose
    marks it looks for."""
    own = [Count(None, mark, rate) for mark, rate in base_rates(check).items()]
    known = [(key, mark, rate) for (key, mark), rate in RATES.items() if key in PROFILES]
    told = [(key, mark, rate) for key, mark, rate in known if mark in _marks(check, key)]
    return [
        *own,
        *(
            Count(PROFILES[k].name, mark, bounded(rate) if mark == "looks" else rate)
            for k, mark, rate in told
        ),
    ]


def _marks(check: str, program: str) -> Iterator[str]:
    """The marks of a program that a mailer check looks at, as the table of counts names
    them."""
    if check == mailer_looks_like.NAME:
        yield "looks"
    elif check in VIEWS:
        view = check.removeprefix("mailer_")
        yield f"meets.{view}"
        yield from (f"lacks.{mark.name}" for mark in PROFILES[program].marks[view])


def _write_json(checks: list[Check]) -> None:
    from firsthop.publication.json.message import json_line

    for check in checks:
        told = {"check": check.name} | {part: getattr(check, part) for part in PARTS}
        sys.stdout.write(
            json_line(told | {"base_rates": [_object(count) for count in counts(check.name)]})
            + "\n"
        )


def _object(count: Count) -> dict[str, object]:
    rate = count.rate
    told: dict[str, object] = {
        "program": count.program,
        "mark": count.mark,
        "corpus": say("en", f"corpus.{rate.corpus}"),
    }
    told |= {"holds": list(rate.holds), "fails": list(rate.fails)}
    return told | {
        "likelihood_ratio": float(f"{rate.likelihood_ratio:.6g}"),
        "bits": round(rate.bits, 3),
    }


def _list(checks: list[Check], no_color: bool) -> None:
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    width = max(len(check.name) for check in checks) + 2
    for number, question in enumerate(dict.fromkeys(check.question for check in checks)):
        if number:
            screen.gap()
        screen.line((f"{question}: {QUESTIONS.get(question, '')}", "bold"))
        for check in checks:
            if check.question == question:
                screen.labelled(check.name, check.looks_for, width=width)


def _write_text(check: Check, no_color: bool) -> None:
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    screen.line((check.name, "bold"))
    for part, label in PARTS.items():
        screen.labelled(label, getattr(check, part))
    counted = counts(check.name)
    screen.labelled(
        "counted",
        "bits of each mark: the log2 of how much more often it is seen where the hypothesis holds"
        if counted
        else NOT_COUNTED,
    )
    for corpus in dict.fromkeys(count.rate.corpus for count in counted):
        screen.line(f"on {say('en', f'corpus.{corpus}')}:", indent=4)
        for count in counted:
            if count.rate.corpus == corpus:
                _show(screen, count)


def _show(screen: Screen, count: Count) -> None:
    holds, fails = ("{:,} of {:,}".format(*pair) for pair in (count.rate.holds, count.rate.fails))
    mark = f"{count.program}: {count.mark}" if count.program else count.mark
    screen.labelled(f"{count.rate.bits:+.1f}", f"{mark}: {holds}, else {fails}", indent=6, width=7)
