"""`firsthop pack`: the evidence of a case, sealed in one file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firsthop.faces.cli.failures import complain
from firsthop.faces.cli.noted import NOTED, time_to_note
from firsthop.faces.cli.options import JSON, NO_COLOR

if TYPE_CHECKING:
    from firsthop.investigation.pack import Packed

NAMED = 20  # files not found that standard error names; the JSON names all


@click.command("pack")
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    metavar="PACK",
    help="The file to write, a new one: a zip archive.",
)
@click.option(
    "--sign",
    "key",
    type=click.Path(path_type=Path),
    metavar="KEY",
    help="Sign with this SSH key, by ssh-keygen. One with a passphrase has to be in the agent.",
)
@click.option(
    "--timestamp-request",
    "request",
    type=click.Path(path_type=Path),
    metavar="FILE.tsq",
    help="Write a request (RFC 3161) that you can send to a time-stamping authority.",
)
@click.option(
    "--timestamp",
    "stamp",
    type=click.Path(path_type=Path),
    metavar="FILE.tsr",
    help="Put in the authority's answer. It has to stamp SHA256SUMS of this very pack.",
)
@click.option(
    "--inputs",
    "base",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where relative paths of the given mail begin. By default the folder you are in.",
)
@NOTED
@JSON
@NO_COLOR
def command(  # noqa: PLR0913, PLR0917 - each is an option
    case: Path,
    out: Path,
    key: Path | None,
    request: Path | None,
    stamp: Path | None,
    base: Path | None,
    noted: str | None,
    as_json: bool,
    no_color: bool,
) -> int:
    """Seal the evidence of the folder CASE in one file: the mail as it was given, the
    case with its journal, SHA256SUMS of all, and how to check it without this program.

    A pack holds personal data: it is for the police or the provider, not to be
    published. The key of the pseudonyms is never in it. A case that verify finds
    changed, and mail that is no longer what was given, is refused. Nothing is sent
    anywhere, and no file is written over. The same case gives the same bytes.

    Exit code 0: packed. 1: packed, without files that were not found; each is named.
    2: nothing was packed.
    """
    from firsthop.investigation.pack import Asked, pack

    packed = pack(case, out, Asked(key, stamp, request, base, time_to_note(noted)))
    if as_json:
        _write_json(packed, out)
    else:
        _write_text(packed, out, no_color)
    return 1 if _complained(packed) else 0


def _complained(packed: Packed) -> bool:
    """Names what is not in the pack; whether there is anything."""
    for name in packed.missing[:NAMED]:
        complain(f"{name}: not found, and not in the pack (--inputs says where paths begin)")
    if (more := len(packed.missing) - NAMED) > 0:
        complain(f"{more:,} more files were not found (--json names all)")
    if packed.unlisted:
        complain(
            f"{packed.unlisted:,} messages came by standard input: their originals are not in the "
            f"pack"
        )
    return bool(packed.missing or packed.unlisted)


def _write_json(packed: Packed, out: Path) -> None:
    from firsthop.publication.json.message import json_line

    told = {"pack": str(out), **packed._asdict(), "missing": list(packed.missing)}
    sys.stdout.write(json_line(told) + "\n")


def _write_text(packed: Packed, out: Path, no_color: bool) -> None:
    from firsthop.faces.cli.screen import Screen

    screen = Screen(no_color)
    screen.line(
        (f"{out}: {packed.files:,} files", "green"), f", {packed.originals:,} of them as given"
    )
    screen.line(f"SHA-256 of SHA256SUMS: {packed.sums}")
    screen.line(f"last digest of its journal: {packed.last_digest}")
    screen.line("tell both to the receiver by another way than the pack")
    screen.line(
        "signed"
        if packed.signed
        else "not signed: whoever can rewrite the pack can rewrite its digests too"
    )
    if packed.stamped:
        screen.line(
            f"stamped {packed.stamped}, as the authority says; its signature was not checked"
        )
