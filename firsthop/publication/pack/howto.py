"""How to check a pack, in every language: with what every system has, without this
program. It is the same whether the pack is signed and stamped or not: its digest stands
in SHA256SUMS, which is what is signed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from firsthop.publication.pack.ssh_signature import NAMESPACE
from firsthop.publication.words import say

WIDTH = 76
_SIGNER = "analyst"
CHECK = "sha256sum -c SHA256SUMS"
LAST_LINE = "tail -n 1 case/journal.jsonl | tr -d '\\n' | sha256sum"
SIGNATURE = (
    f"ssh-keygen -Y verify -f allowed_signers -I {_SIGNER} -n {NAMESPACE} "
    f"-s SHA256SUMS.sig < SHA256SUMS"
)
STAMP = "openssl ts -verify -in SHA256SUMS.tsr -data SHA256SUMS -CAfile authority.pem"


class About(NamedTuple):
    """What a pack says of itself."""

    version: str
    tlp: str
    messages: int
    originals: int  # in the pack
    missing: int
    digest: str  # of the journal's last line


def howto(about: About, language: str) -> str:
    """The text of the file."""
    values = {name: str(value) for name, value in about._asdict().items()}
    parts = [say(language, "pack.title"), *_parts(values, language)]
    return "\n\n".join(parts) + "\n"


def _parts(values: dict[str, str], language: str) -> Iterator[str]:
    for key, command in (
        ("personal", None),
        ("about", None),
        ("missing", None),
        ("check", CHECK),
        ("check_windows", None),
        ("signature", SIGNATURE),
        ("stamp", STAMP),
        ("journal", LAST_LINE),
        ("proves", None),
        ("proves_not", None),
    ):
        if key == "missing" and values["missing"] == "0":
            continue
        yield textwrap.fill(say(language, f"pack.{key}", values), WIDTH, break_on_hyphens=False)
        if command is not None:
            yield f"    {command}"
