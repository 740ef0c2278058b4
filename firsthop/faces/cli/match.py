"""`firsthop match`: finds the mail of a campaign elsewhere, by its signature."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from firsthop.errors import CaseError, SettingsError
from firsthop.faces.cli.options import Request, of_reading
from firsthop.faces.cli.reading import Mail

if TYPE_CHECKING:
    from firsthop.campaign.signature.match import Match
    from firsthop.campaign.signature.signature import Signature

FORMS = ("any", "structural")


@click.command("match")
@click.argument("signature", type=click.Path(path_type=Path))
@click.option(
    "--campaign", metavar="ID", help="The campaign, where SIGNATURE is a case with several."
)
@click.option(
    "--form",
    type=click.Choice(FORMS),
    default="any",
    help="structural: without addresses, hosts and domains, so that it survives their rotation.",
)
@of_reading
def command(request: Request, signature: Path, campaign: str | None, form: str) -> int:
    """Find the messages in PATH... that match SIGNATURE: a case folder, or a file with
    one signature of its campaigns.json."""
    wanted = read_wanted(signature, campaign, form)
    with request.reading(prints_meanwhile=True) as reading:
        mail = Mail(request, reading)
        for found in _matches(wanted, mail, request):
            _write(found, request)
    return mail.exit_code


def _matches(wanted: Signature, mail: Mail, request: Request) -> Iterator[Match]:
    from firsthop.campaign.features import features_of
    from firsthop.campaign.signature.match import match

    return match(wanted, (features_of(facts, request.case_file) for facts in mail))


def read_wanted(path: Path, campaign: str | None, form: str) -> Signature:
    """The signature that is asked for. CaseError for a case without it, SettingsError
    for a file that is none."""
    from firsthop.campaign.signature.signatures import read_signature

    table = _of_case(path, campaign, form) if path.is_dir() else _of_file(path)
    try:
        return read_signature(table)
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{path}: no signature as campaigns.json holds it") from error


def _of_file(path: Path) -> dict[str, Any]:
    try:
        table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: no signature as campaigns.json holds it") from error
    return table


def _of_case(case: Path, campaign: str | None, form: str) -> dict[str, Any]:
    from firsthop.faces.cli.campaigns import read_campaigns

    known = [
        one
        for one in read_campaigns(case)
        if form in one["signature"] and campaign in (None, one["id"])
    ]
    if len(known) != 1:
        listed = ", ".join(one["id"] for one in known) or "none"
        raise CaseError(
            f"{case}: name one campaign with --campaign; those with a signature of the form "
            f"{form}: {listed}"
        )
    table: dict[str, Any] = known[0]["signature"][form]
    return table


def _write(found: Match, request: Request) -> None:
    by = [
        {"family": atom.family, "value": atom.value, "bits": round(atom.bits, 2)}
        for atom in found.by
    ]
    if request.as_json:
        from firsthop.publication.json.message import json_line

        told = {
            "uri": found.uri,
            "offset": found.offset,
            "message_id": found.message_id,
            "bits": round(found.bits, 2),
            "threshold": round(found.threshold, 2),
        }
        sys.stdout.write(json_line({**told, "by": by}) + "\n")
        return
    from firsthop.faces.cli.screen import Screen

    screen = Screen(request.no_color)
    screen.line(
        (found.uri, "bold"),
        f", offset {found.offset}: {found.bits:.1f} bits (threshold {found.threshold:.1f})",
    )
    for atom in by:
        screen.line(f"{atom['bits']:+.1f}  {atom['family']} = {atom['value']}", indent=4)
