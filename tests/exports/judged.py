"""What the tests of filter engines share: heaps that are opened for export, values that
try to break out of a file, and the engines' answers held against a plain reading."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import which
from tempfile import mkdtemp

from firsthop.campaign.signature.bitsets import Key
from firsthop.campaign.signature.cover import OtherMail
from firsthop.investigation.export import open_source
from firsthop.investigation.rule_engines.run import Run
from firsthop.publication.exports.exporter import Exported, Exporter
from firsthop.publication.exports.source import ExportSource
from tests.engines import lacking
from tests.exports import heaps
from tests.exports.reference import Seen, meets_rule

HOSTILE = (
    'a"b',
    "a'b",
    "a/ REJECT /b",
    "a\\b",
    "a\\\\Nb",
    "\\N${run{/bin/true}}\\N",
    "${address:x}",
    "$header_subject:",
    "}}{yes}{no}}",
    "a#b; discard; #",
    '"; discard; "',
    "[[a]]",
    "a[b-]c^d",
    "_HAVE_IPV6 HOME",
    "%{Subject} @b@",
    "(?i)x|y",
    "a/i DISCARD",
    "\u00e9t\u00e9 \u4e2d",
    "x" * 199,
)
UNWRITABLE = ("a\nb /^/ DISCARD", "a\0b", "a\rb", "\ud800", "x" * 300)


def demand_engine(name: str, *programs: str) -> None:
    """Skips a test whose engine is not on this machine; CI has all of them."""
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    missing = [one for one in programs if which(one, path=path) is None]
    if missing:
        lacking(name, f"not installed: {', '.join(missing)}")


@cache
def opened(name: str) -> tuple[ExportSource, heaps.Planted]:
    """The planted campaign, or the wave of 2014, as its mail's readers may see it."""
    heap = heaps.planted() if name == "planted" else heaps.wave_of_2014()
    case = heaps.investigated(Path(mkdtemp()) / name, heap)
    return open_source(case.folder, case.campaign, "RED").source, heap


def of_members(keys: Iterable[Key]) -> ExportSource:
    """A campaign whose messages all have these values, and other mail has none."""
    source, _ = opened("planted")
    other = OtherMail((frozenset({("zone", "60")}),) * 500, source.other.background)
    return replace(source, members=(frozenset(keys),) * 8, other=other)


def written(exporter: Exporter, source: ExportSource, folder: Path) -> Exported:
    """What a format writes, in a new folder."""
    exported = exporter.write(source)
    folder.mkdir()
    for name, data in exported.files.items():
        (folder / name).write_bytes(data)
    return exported


def answers(run: Run, folder: Path, messages: Sequence[bytes]) -> list[frozenset[str]]:
    """What an engine says, in a folder of its own."""
    return run(folder, messages, Path(mkdtemp()))


def agree(
    exported: Exported, answered: Sequence[frozenset[str]], messages: Sequence[bytes]
) -> dict[str, tuple[int, int]]:
    """By rule, how many messages the engine and how many the plain reading finds."""
    assert exported.rules is not None
    seen = [Seen(one) for one in messages]
    return {
        rule.name: (
            sum(rule.name in names for names in answered),
            sum(meets_rule(rule, one) for one in seen),
        )
        for rule in exported.rules.rules
    }


def finds_members(
    exporter: Exporter, run: Run, name: str, folder: Path, ham: Sequence[bytes] = ()
) -> Exported:
    """All rules of a heap's export find at least .95 of what they were measured to
    find; those that refuse mail find nothing else."""
    source, heap = opened(name)
    exported = written(exporter, source, folder)
    others = (*heap.decoys, *ham)
    every = (*heap.members, *others)
    answered = answers(run, folder, every)
    members = len(heap.members)
    assert exported.rules is not None
    for rule in exported.rules.rules:
        hit = [rule.name in names for names in answered]
        assert sum(hit[:members]) >= 0.95 * rule.measured.found[0], rule.name
        if rule.strength == "block":
            assert not any(hit[members:]), rule.name
    for engine, plain in agree(exported, answered, every).values():
        assert engine == plain
    return exported


def spoiled(
    run: Run, folder: Path, name: str, spoil: Callable[[bytes], bytes], messages: Sequence[bytes]
) -> list[frozenset[str]]:
    """What an engine says to a file that somebody spoiled."""
    data = (folder / name).read_bytes()
    changed = spoil(data)
    assert changed != data
    (folder / name).write_bytes(changed)
    try:
        return answers(run, folder, messages)
    finally:
        (folder / name).write_bytes(data)


def mail_with(mailer: str, helo: str) -> bytes:
    """A message with a mailer and a HELO."""
    return (
        f"Received: from {helo} (unknown [203.0.113.7])\r\n\tby mx.example.it with ESMTP;"
        " Mon, 03 Mar 2025 08:00:00 +0100\r\n"
        f"X-Mailer: {mailer}\r\nSubject: x\r\nFrom: a@b.example\r\n\r\nBuongiorno.\r\n"
    ).encode("utf-8", "surrogatepass")


PLAIN = mail_with("Evolution 3.46", "pc.example")


def hostile_keys(value: str) -> tuple[Key, Key]:
    """Two views, so that a rule may refuse mail for them."""
    return ("mailer", value), ("helo", "kit.example")


def hostile_mail(value: str) -> bytes:
    """A message that has both: in the name of a program `#` stands for a number."""
    return mail_with(value.replace("#", "7"), "kit.example")


def holds_against(
    exporter: Exporter, run: Run, value: str, folder: Path, *, asked: bool = True
) -> None:
    """A rule made of a hostile value finds the mail that has it and no other; or is
    not made, and that is told."""
    exported = written(exporter, of_members(hostile_keys(value)), folder)
    assert exported.rules is not None
    wanted = {rule.name for rule in exported.rules.rules if _uses(rule.clauses, "mailer")}
    assert bool(wanted) == asked
    first, second = answers(run, folder, [hostile_mail(value), PLAIN])
    assert wanted <= first
    assert not second


def _uses(clauses: Sequence[Sequence[object]], family: str) -> bool:
    return any(getattr(one, "family", None) == family for clause in clauses for one in clause)
