"""What the tests of filter formats share: files of an export in a folder, hostile
values as elements of a campaign, and what a rule must find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from firsthop.campaign.background import Background, Source
from firsthop.campaign.signature.cover import OtherMail
from firsthop.publication.exports.exporter import Exported
from firsthop.publication.exports.exporters import EXPORTERS
from firsthop.publication.exports.source import ExportSource
from tests.exports.heaps import Planted

HOSTILE = (
    "a\"b'c`d",
    "it''s $(rm -rf ~) ${x} %{y} @a @'b",
    "/* x */ // y # z -- w ]] }} )) > ;",
    "back\\slash \\n \\x41 \\\" \\' \\",
    '" or true or "',
    "' | take 1 //",
    "/ nocase condition: true } rule x { condition: true } //",
    "{$a} [b] (c) ^d$ e|f* g+ h?",
    "- key: value\n  other: |",
    "line\r\nX-Injected: yes",
    "nul\x00byte \x1b[31m",
    "è ñ ü ß 漢字 \U0001f600 \u202e",
    "\udc80 alone",
    "z" * 199,
)
FAMILIES = (
    "mailer",
    "boundary_affix",
    "author_address",
    "author_domain",
    "display_name",
    "subject_template",
    "passage",
    "url_domain",
    "extra_field",
    "client_address",
    "id_domain",
    "dkim_key",
)


_OTHER = OtherMail(
    (frozenset({("zone", "60")}),) * 8, Background((Source("b", "b", 10_000, 100, {}),))
)


def hostile_source(source: ExportSource, family: str, value: str) -> ExportSource:
    """A campaign whose one element is a value that wants to act."""
    return replace(
        source,
        members=(frozenset({(family, value)}),) * 12,
        other=_OTHER,
        hidden=((family, value),),
        places=(),
    )


def families_of(value: str) -> tuple[str, ...]:
    """Some of the families for a hostile value: all families have their turn."""
    first = HOSTILE.index(value) * 5
    return tuple(FAMILIES[(first + n) % len(FAMILIES)] for n in range(4))


def written(name: str, source: ExportSource, folder: Path) -> Exported:
    """A format's files in a new folder."""
    exported = EXPORTERS[name].write(source)
    folder.mkdir()
    for file, data in exported.files.items():
        (folder / file).write_bytes(data)
    return exported


def demand_finds(exported: Exported, heap: Planted, met: Sequence[frozenset[str]]) -> None:
    """What every filter must show: members as often as was measured, no decoy and no
    genuine mail for a rule that mail may be refused for. `met` are the names of the
    rules met by members, decoys and genuine mail, in this order."""
    assert exported.rules is not None
    assert exported.rules.rules, "no rule: nothing is shown"
    own, other = met[: len(heap.members)], met[len(heap.members) :]
    for rule in exported.rules.rules:
        found = sum(rule.name in names for names in own)
        assert found >= 0.95 * rule.measured.found[0], rule.name
        false = sum(rule.name in names for names in other)
        assert false == 0 or rule.strength == "hunt", rule.name
