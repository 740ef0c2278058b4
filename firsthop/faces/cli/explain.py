"""`firsthop explain`: what a check looks for, why that means something, when it is wrong, and where it comes from."""

from __future__ import annotations

import sys

import click

from firsthop.faces.cli.options import JSON, NO_COLOR
from firsthop.judgement.check import Check
from firsthop.judgement.checks import CHECKS

PARTS = {"question": "question", "looks_for": "looks for", "why": "why", "false_positives": "wrong when", "source": "source"}


@click.command("explain")
@click.argument("check", required=False)
@JSON
@NO_COLOR
def command(check: str | None, as_json: bool, no_color: bool) -> int:
    """Explain a CHECK; without one, list them all."""
    chosen = [known for known in CHECKS if check in (None, known.name)]
    if not chosen:
        raise click.BadParameter(f"{check!r} is no check; known are {', '.join(known.name for known in CHECKS)}", param_hint="CHECK")
    if as_json:
        _write_json(chosen)
    else:
        _write_text(chosen, in_full=check is not None, no_color=no_color)
    return 0


def _write_json(checks: list[Check]) -> None:
    from firsthop.publication.contract import json_line

    for check in checks:
        sys.stdout.write(json_line({"check": check.name} | {part: getattr(check, part) for part in PARTS}) + "\n")


def _write_text(checks: list[Check], *, in_full: bool, no_color: bool) -> None:
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    for check in checks:
        if not in_full:
            screen.labelled(check.name, check.looks_for, indent=0, width=max(len(known.name) for known in CHECKS) + 2)
            continue
        screen.line((check.name, "bold"))
        for part, label in PARTS.items():
            screen.labelled(label, getattr(check, part))
