"""`firsthop match`: finds the mail of a campaign elsewhere, by its signature."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firsthop.campaign.signature.forms import FORMS
from firsthop.errors import CaseError, SettingsError
from firsthop.faces.cli.case_folder import settled
from firsthop.faces.cli.options import Request, of_reading
from firsthop.faces.cli.reading import Mail
from firsthop.system.given_file import json_of, read_given

MAX_SIGNATURE_BYTES = 16 << 20

if TYPE_CHECKING:
    from firsthop.campaign.signature.match import Match
    from firsthop.campaign.signature.signature import Signature


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
        for one in _matches(wanted, mail, request):
            _write(one, request)
    return mail.exit_code


def _matches(wanted: Signature, mail: Mail, request: Request) -> Iterator[Match]:
    from firsthop.campaign.features import features_of
    from firsthop.campaign.signature.match import match

    return match(wanted, (features_of(facts, request.case_file) for facts in mail))


def read_wanted(path: Path, campaign: str | None, form: str) -> Signature:
    """The signature that is asked for. CaseError for a case without it, SettingsError
    for a file that is none."""
    return _of_case(settled(path), campaign, form) if path.is_dir() else _of_file(path)


def _of_file(path: Path) -> Signature:
    from firsthop.publication.json.campaigns import read_signature

    try:
        return read_signature(json_of(read_given(path, MAX_SIGNATURE_BYTES)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SettingsError(f"{path}: no signature as campaigns.json holds it") from error


def _of_case(case: Path, campaign: str | None, form: str) -> Signature:
    from firsthop.campaign.explain.case import current_name
    from firsthop.publication.json.campaigns import read_campaigns

    clusters = read_campaigns(case)
    if campaign is not None and campaign not in {full.campaign.id for full in clusters}:
        campaign = current_name(case, campaign)
    signatures = [
        signature
        for full in clusters
        if campaign in (None, full.campaign.id) and (signature := full.campaign.signature(form))
    ]
    if len(signatures) != 1:
        listed = ", ".join(signature.campaign for signature in signatures) or "none"
        raise CaseError(
            f"{case}: name one campaign with --campaign; those with a signature of the form "
            f"{form}: {listed}"
        )
    return signatures[0]


def _write(one: Match, request: Request) -> None:
    if request.as_json:
        from firsthop.publication.json.explanations import match_object
        from firsthop.publication.json.message import json_line

        sys.stdout.write(json_line(match_object(one)) + "\n")
        return
    from firsthop.faces.cli.screen import Screen

    screen = Screen(request.no_color)
    screen.line(
        (one.uri, "bold"),
        f", offset {one.offset}: {one.bits:.1f} bits (threshold {one.threshold:.1f})",
    )
    for atom in one.by:
        screen.line(f"{round(atom.bits, 2):+.1f}  {atom.family} = {atom.value}", indent=4)
