"""`firsthop match`: finds the mail of a campaign elsewhere, by its signature, or by the
rules of an export in the engine that they were written for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firsthop.campaign.signature.forms import FORMS
from firsthop.errors import CaseError, SettingsError
from firsthop.faces.cli.case_folder import settled
from firsthop.faces.cli.named import names_in
from firsthop.faces.cli.options import Request, of_reading
from firsthop.faces.cli.reading import Mail
from firsthop.system.given_file import json_of, read_given

MAX_SIGNATURE_BYTES = 16 << 20

if TYPE_CHECKING:
    from firsthop.campaign.signature.match import Match
    from firsthop.campaign.signature.signature import Signature
    from firsthop.investigation.try_rules import Tried


class MatchCommand(click.Command):
    """With `--rules` there is no SIGNATURE: every argument is a PATH."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with the place of SIGNATURE taken where it is not given."""
        if any(one == "--rules" or one.startswith("--rules=") for one in args):
            args = [NO_SIGNATURE, *args]
        return super().parse_args(ctx, args)


NO_SIGNATURE = ""


@click.command("match", cls=MatchCommand)
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
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Instead of SIGNATURE: a folder that `firsthop export` wrote, whose rules are tried in "
    "--engine.",
)
@click.option(
    "--engine",
    metavar="NAME",
    help="With --rules: spamassassin, rspamd, postfix, sieve, exim, yara or sigma, as installed "
    "here.",
)
@of_reading
def command(
    request: Request,
    signature: Path,
    campaign: str | None,
    form: str,
    rules: Path | None,
    engine: str | None,
) -> int:
    """Find the messages in PATH... that match SIGNATURE: a case folder, or a file with
    one signature of its campaigns.json.

    With --rules DIR --engine NAME the rules of an export are run in that engine on this
    machine, and compared with what they are meant to find.
    """
    if (rules is None) is not (engine is None):
        raise SettingsError("match: --rules and --engine belong together")
    with request.reading(prints_meanwhile=True) as reading:
        mail = Mail(request, reading)
        if rules is not None and engine is not None:
            _try(rules, engine, mail, request)
        else:
            for one in _matches(read_wanted(signature, campaign, form), mail, request):
                _write(one, request)
    return mail.exit_code


def _try(rules: Path, engine: str, mail: Mail, request: Request) -> None:
    from firsthop.campaign.features import features_of
    from firsthop.investigation.try_rules import counts, try_rules

    pairs = ((data, features_of(facts, request.case_file)) for data, facts in mail.with_bytes())
    tried = []
    for one in try_rules(rules, engine, pairs):
        tried.append(one._replace(uri="", offset=0))
        if request.as_json:
            _write_json(one)
        elif one.engine is not one.meant:
            _write_difference(one, engine)
    if not request.as_json:
        for count in counts(rules, engine, tried):
            sys.stdout.write(
                f"{count.rule}: {engine} found {count.both + count.engine_only} messages; "
                f"{count.both + count.meant_only} are meant, {count.meant_only} of them not found, "
                f"{count.engine_only} more than meant\n"
            )


def _write_json(one: Tried) -> None:
    from firsthop.publication.json.message import json_line

    sys.stdout.write(json_line(one._asdict()) + "\n")


def _write_difference(one: Tried, engine: str) -> None:
    from firsthop.faces.cli.screen import Screen

    why = f"found by {engine}, not meant" if one.engine else f"meant, not found by {engine}"
    Screen(no_color=True).line((one.uri, ""), f", offset {one.offset}: {one.rule}: {why}")


def _matches(wanted: Signature, mail: Mail, request: Request) -> Iterator[Match]:
    from firsthop.campaign.features import features_of_all
    from firsthop.campaign.signature.match import match

    features = (features_of_all(some, request.case_file) for some in mail.together())
    return match(wanted, chain.from_iterable(features))


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
        names = names_in(case, clusters)
        listed = [f"{one.campaign} (“{names[one.campaign]}”)" for one in signatures]
        raise CaseError(
            f"{case}: name one campaign with --campaign; those with a signature of the form "
            f"{form}: {', '.join(listed) or 'none'}"
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
    if one.bits < one.threshold and one.pair:
        elements = " and ".join(f"{family} = {value}" for family, value in one.pair)
        screen.line(f"by a pair: {elements}", indent=4)
    for atom in one.by:
        screen.line(f"{round(atom.bits, 2):+.1f}  {atom.family} = {atom.value}", indent=4)
