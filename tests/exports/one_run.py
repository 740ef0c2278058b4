"""All that an engine is tried with, in one start of it: the planted campaign, the wave
of 2014, rules made of hostile values, and rules made of relations, each rule over all
mail; the same mail first and last, for an engine that keeps something of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from firsthop.campaign.background import Background
from firsthop.campaign.features.relation import RELATIONS
from firsthop.campaign.signature.bitsets import Key
from firsthop.investigation.rule_engines.run import Run
from firsthop.publication.exports.exporter import Exporter
from firsthop.publication.exports.rules.rule import Rule
from firsthop.publication.exports.source import ExportSource
from tests.exports.judged import HOSTILE, hostile_keys, hostile_mail, of_members, opened
from tests.exports.reference import Seen, meets_rule

GENUINE = 60
PROGRAM = "Relator"  # of the mail that relations are tried with


class Tried(NamedTuple):
    """One export of the run."""

    label: str
    rules: tuple[Rule, ...]
    members: range  # places of the mail that it is made of


class OneRun(NamedTuple):
    """The run."""

    tried: tuple[Tried, ...]
    messages: tuple[bytes, ...]
    written: range  # places of the mail that was written for tests
    answers: tuple[frozenset[str], ...]

    def called(self, label: str) -> Tried:
        """The export of that label."""
        return next(one for one in self.tried if one.label == label)

    def hits(self, rule: Rule) -> set[int]:
        """The places of the messages that a rule met."""
        return {n for n, names in enumerate(self.answers) if rule.name in names}

    def meant(self, rule: Rule) -> set[int]:
        """The places of the written messages that a plain reading finds."""
        return {n for n in self.written if meets_rule(rule, _seen(self.messages[n]))}


_seen = cache(Seen)


def uses(rule: Rule, family: str) -> bool:
    """Whether a clause of a rule asks for a feature of that family."""
    return any(one.family == family for clause in rule.clauses for one in clause)


def renamed(source: ExportSource, n: int) -> ExportSource:
    """The same campaign under another id, for a file and rules of its own."""
    campaign = replace(source.campaign, id=f"ca-{n:012x}")
    return replace(source, full=source.full._replace(campaign=campaign))


def finds_what_it_means(run: OneRun, label: str, family: str) -> None:
    """The rules of an export find the written mail that a plain reading finds, its own
    members among it; and there is one that asks for `family`."""
    tried = run.called(label)
    telling = [rule for rule in tried.rules if uses(rule, family)]
    assert telling
    for rule in tried.rules:
        found = run.hits(rule) & set(run.written)
        assert found == run.meant(rule), rule
        assert set(tried.members) <= found
    for rule in telling:
        assert 0 < len(run.hits(rule) & set(run.written)) < len(run.written)


def write(exporter: Exporter, source: ExportSource, folder: Path) -> tuple[Rule, ...]:
    """Adds a campaign's files to those in `folder`."""
    exported = exporter.write(source)
    for name, data in exported.files.items():
        with (folder / name).open("ab") as file:
            file.write(data)
    return exported.rules.rules if exported.rules else ()


def one_run(exporter: Exporter, run: Run, folder: Path, genuine: Sequence[bytes]) -> OneRun:
    """Exports all into `folder`/rules, and asks the engine once."""
    (rules := folder / "rules").mkdir()
    (work := folder / "work").mkdir()
    tried: list[Tried] = []
    messages: list[bytes] = []
    for n, (label, source, mail, members) in enumerate(_campaigns()):
        place = range(len(messages), len(messages) + members)
        tried.append(Tried(label, write(exporter, renamed(source, n), rules), place))
        messages += mail
    written = range(len(messages))
    messages += [*genuine, *messages[:8]]
    return OneRun(tuple(tried), tuple(messages), written, tuple(run(rules, messages, work)))


def _campaigns() -> Iterator[tuple[str, ExportSource, Sequence[bytes], int]]:
    """Label, campaign, its mail and decoys, how many of these are its own."""
    for heap in ("planted", "wave"):
        source, mail = opened(heap)
        yield heap, source, (*mail.members, *mail.decoys), len(mail.members)
    for value in HOSTILE:
        yield value, of_members(hostile_keys(value)), [hostile_mail(value)], 1
    for name, value in RELATIONS.items():
        if name != "foreign_helo":
            keys: tuple[Key, ...] = (("relation", value), ("mailer", PROGRAM))
            yield value, _not_counted(of_members(keys)), list(_related(name)), 0


def _not_counted(source: ExportSource) -> ExportSource:
    """A campaign without what is known of mail elsewhere, where some relations are
    common."""
    return replace(source, other=source.other._replace(background=Background(())))


_FIELDS = {
    "from": "Gina Villa <gina.villa@mail.example.com>",
    "to": "Ugo <ugo.serra@posta.example>",
    "subject": "listino",
    "message-id": "<0815@id.example>",
    "received": "from helo.example (unknown [203.0.113.9])\r\n\tby mx.example with ESMTP; "
    "Mon, 3 Mar 2025 08:00:00 +0100",
    "x-mailer": PROGRAM,
}
_SAID = {
    "subject_is_author": ({"subject": "Gina.Villa"}, {"subject": "gina.vill"}),
    "subject_is_recipient": ({"subject": "ugo.serra"}, {"subject": "ugo.serra due"}),
    "name_is_author": (
        {"from": '"gina.villa" <gina.villa@mail.example.com>'},
        {"from": "gina.villa@mail.example.com"},
    ),
    "author_is_recipient": (
        {"to": '"Ugo, il" <ugo@posta.example>,\r\n <gina.villa@mail.example.com>'},
        {"to": "<xgina.villa@mail.example.com>"},
    ),
    "helo_is_author": (
        {"received": _FIELDS["received"].replace("helo.example", "out.example.com")},
        {"received": _FIELDS["received"].replace("helo.example", "example.com.example")},
    ),
    "helo_is_not_author": (),
    "reply_is_not_author": (
        {"reply-to": "<a@other.example>"},
        {"reply-to": "<a@www.example.com>"},
    ),
    "id_is_helo": ({"message-id": "<0815@helo.example>"}, {"message-id": "<0@xhelo.example>"}),
    "id_is_author": (
        {"message-id": "<0815@mail.example.com>"},
        {"message-id": "<0815@example.com>"},
    ),
    "author_has_no_domain": ({"from": "Gina <gina@posta>"}, {"from": "<gina@posta.example>"}),
    "helo_ends_nowhere": (
        {"received": _FIELDS["received"].replace("helo.example", "pc.qwrtz")},
        {"received": _FIELDS["received"].replace("helo.example", "pc.example.com")},
    ),
    "link_names_user": (),  # what stands in no field
}


def _related(name: str) -> Iterator[bytes]:
    """Mail that has a relation, and mail that is near it; fields in both orders."""
    for said in ({}, *_SAID[name]):
        fields = [*({**_FIELDS, **said}).items()]
        for ordered in (fields, fields[::-1]):
            yield ("".join(f"{k}: {v}\r\n" for k, v in ordered) + "\r\nCiao.\r\n").encode()
