"""Postfix tables, judged by `postmap` and by a running server."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import pytest

from firsthop.errors import EngineError
from firsthop.investigation.rule_engines.postfix import run
from firsthop.publication.exports.postfix.access import KEPT, NO_TIME, access_lists
from firsthop.publication.exports.postfix.header_checks import together
from firsthop.publication.exports.postfix.patterns import (
    ABSENT,
    ENCODED,
    ENVELOPE,
    NO_BODY,
    ONE_HEADER,
    RELATION,
    pattern_of,
    why_not,
)
from firsthop.publication.exports.postfix.writer import CLIENTS, HEADER_CHECKS, POSTFIX, SENDERS
from firsthop.publication.exports.rules.conditions import (
    AllOf,
    Compared,
    FieldAbsent,
    FieldMatches,
    FieldPresent,
    Pattern,
    TextMatches,
    Value,
)
from firsthop.publication.exports.source import ExportSource
from firsthop.system.program import installed, run_program
from tests.exports import heaps, judged
from tests.exports.judged import HOSTILE, UNWRITABLE
from tests.exports.postfix_server import running

ID_KEYS = (("id_domain", "kit-offers.biz"), ("id_affix", "aaaaaaaaaa*"))
MEMBER = judged.mail_with("x", "y.example").replace(
    b"Subject:", b"Message-ID:\r\n <aaaaaaaaaa01@kit-offers.biz>\r\nSubject:"
)


@pytest.fixture(autouse=True)
def _engine() -> None:
    judged.demand_engine("postfix", "postmap", "postfix")


def _of_the_open_internet() -> ExportSource:
    """The planted campaign at addresses that lists may hold, one of which handed mail
    over itself."""
    source, _ = judged.opened("planted")
    moved = []
    for n, one in enumerate(source.summaries):
        assert one.first is not None
        first = one.first._replace(client_address=f"93.184.{n % 4}.{n % 5 + 1}", client_name=None)
        moved.append(one._replace(first=first))
    members = (frozenset({("client_address", "93.184.0.1")}), *source.members)
    return replace(source, summaries=tuple(moved), members=members)


def _answer(table: str, path: Path, key: str) -> tuple[str, str]:
    """What `postmap` finds, and what it complains of."""
    work = Path(mkdtemp())
    (work / "main.cf").write_text("compatibility_level = 3.6\n")
    for written in (work / "main.cf", path):
        os.utime(written, (0, 0))  # Postfix waits for a file that may still be written
    program = installed("postmap", "postfix")
    ended = run_program((program, "-c", work, "-q", key, f"{table}:{path}"), seconds=20, cwd=work)
    return ended.output.decode().strip(), ended.errors.strip()


def test_one_header_finds_the_wave_by_its_program(tmp_path: Path) -> None:
    exported = judged.finds_members(POSTFIX, run, "2014", tmp_path / "x")
    assert exported.rules is not None
    assert [one.strength for one in exported.rules.rules] == ["hunt"]
    text = (tmp_path / "x" / HEADER_CHECKS).read_text()
    assert "No message is refused by these rules" in text
    assert "WARN firsthop_" in text
    assert "REJECT" not in "".join(line for line in text.splitlines() if line[0] != "#")


def test_two_views_of_one_header_refuse(tmp_path: Path) -> None:
    exported = judged.written(POSTFIX, judged.of_members(ID_KEYS), tmp_path / "x")
    assert exported.rules is not None
    assert exported.rules.rules[0].strength == "block"
    member, other = judged.answers(run, tmp_path / "x", [MEMBER, judged.PLAIN])
    assert {one.name for one in exported.rules.rules} == member
    assert not other


@pytest.mark.parametrize("host", ["provider.example", "gmail.com", "mail.sendgrid.net"])
def test_no_mail_is_refused_for_the_message_id_of_somebody_imitated(
    host: str, tmp_path: Path
) -> None:
    keys = (("id_domain", host), ID_KEYS[1])
    exported = judged.written(POSTFIX, judged.of_members(keys), tmp_path / "x")
    assert exported.rules is not None
    assert {one.strength for one in exported.rules.rules} <= {"hunt"}


def test_no_ham_is_refused(corpus_messages: Path, tmp_path: Path) -> None:
    ham = heaps.ham(corpus_messages)
    assert len(ham) >= 290
    judged.written(POSTFIX, judged.of_members(ID_KEYS), tmp_path / "x")
    assert not any(judged.answers(run, tmp_path / "x", ham))


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_stays_in_its_pattern(value: str, tmp_path: Path) -> None:
    source = judged.of_members([("mailer", value)])
    exported = judged.written(POSTFIX, source, tmp_path / "x")
    assert exported.rules is not None
    assert bool(exported.rules.rules) == value.isascii()
    first, second = judged.answers(run, tmp_path / "x", [judged.hostile_mail(value), judged.PLAIN])
    assert bool(first) == value.isascii()
    assert not second


@pytest.mark.parametrize("value", UNWRITABLE)
def test_what_cannot_be_written_is_left_out(value: str, tmp_path: Path) -> None:
    exported = judged.written(POSTFIX, judged.of_members([("mailer", value)]), tmp_path / "x")
    assert exported.rules is not None
    assert not exported.rules.rules
    assert not any(judged.answers(run, tmp_path / "x", [judged.PLAIN]))


@pytest.mark.parametrize("family", ["unsubscribe_domain", "boundary_affix"])
def test_classes_of_signs_hold_no_delimiter(family: str, tmp_path: Path) -> None:
    """Postfix ends a pattern at a slash, though it stands in a class."""
    source = judged.of_members([(family, "a/ REJECT /b*")])
    exported = judged.written(POSTFIX, source, tmp_path / "x")
    assert exported.rules is not None
    assert exported.rules.rules
    lines = (tmp_path / "x" / HEADER_CHECKS).read_text().splitlines()
    assert {line.count("/") for line in lines if not line.startswith("#")} == {2}
    assert not any(judged.answers(run, tmp_path / "x", [judged.PLAIN]))


SPOILED = {
    "a bad pattern": (b"/^", b"/^("),
    "no delimiter": (b"/ WARN", b" WARN"),
    "an unknown flag": (b"/ WARN", b"/q WARN"),
    "an if that nothing ends": (b"\n/^", b"\nif /x/\n/^"),
}


@pytest.mark.parametrize("kind", [*SPOILED, "a cut file"])
def test_spoiled_tables_are_refused(kind: str, tmp_path: Path) -> None:
    source, heap = judged.opened("2014")
    judged.written(POSTFIX, source, tmp_path / "x")
    old, new = SPOILED.get(kind, (b"", b""))
    with pytest.raises(EngineError, match="Postfix refuses the table"):
        judged.spoiled(
            run,
            tmp_path / "x",
            HEADER_CHECKS,
            lambda data: data.replace(old, new, 1) if old else data[: data.rindex(b" WARN")],
            heap.members[:1],
        )


def test_a_wrong_header_finds_nothing(tmp_path: Path) -> None:
    source, heap = judged.opened("2014")
    judged.written(POSTFIX, source, tmp_path / "x")
    (found,) = judged.spoiled(
        run,
        tmp_path / "x",
        HEADER_CHECKS,
        lambda data: data.replace(b"received", b"receivde"),
        heap.members[:1],
    )
    assert not found


def test_a_running_server_refuses_a_member_and_passes_ham(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("Postfix is started by root alone")
    source = _of_the_open_internet()
    keys = judged.of_members(ID_KEYS)
    exported = judged.written(
        POSTFIX,
        replace(source, members=(*keys.members, *source.members[:1]), other=keys.other),
        tmp_path / "x",
    )
    assert exported.rules is not None
    name = exported.rules.rules[0].name
    with running(tmp_path / "x") as server:
        assert f"5.7.1 {name}" in server.send(MEMBER)
        assert server.send(judged.PLAIN) == "250"
        assert "5.7.1" in server.send(judged.PLAIN, client="93.184.0.1")
        assert server.send(judged.PLAIN, client="93.184.1.2") == "250"
        said = server.log.read_text()
    assert "firsthop: ca-" in said
    assert "warning" not in said.replace("postfix-script", "").lower()


def test_clients_have_a_time(tmp_path: Path) -> None:
    source = _of_the_open_internet()
    judged.written(POSTFIX, source, tmp_path / "x")
    path = tmp_path / "x" / CLIENTS
    found, errors = _answer("cidr", path, "93.184.0.1")
    assert found == f"REJECT 5.7.1 firsthop: {source.campaign.id}"
    assert _answer("cidr", path, "93.184.1.2")[0] == f"WARN firsthop: {source.campaign.id}"
    assert _answer("cidr", path, "93.184.1.3")[0] != "REJECT"
    assert not errors
    lines = path.read_text().splitlines()
    entry = next(n for n, line in enumerate(lines) if line.startswith("93.184.0.1 "))
    assert lines[entry - 1].startswith("# seen 2025-03-")
    assert "to be removed after 2025-04-" in lines[entry - 1]


def test_what_is_over_is_a_comment() -> None:
    source = _of_the_open_internet()
    late = source.summaries[-1]
    assert late.first is not None
    assert late.first.stamp is not None
    assert late.instant is not None
    stamp = late.first.stamp._replace(instant=late.instant + 2 * KEPT)
    later = replace(
        source.investigation,
        summaries=(late._replace(first=late.first._replace(stamp=stamp)),),
    )
    lines = access_lists(replace(source, investigation=later)).clients
    assert lines
    assert all(line.startswith("#") for line in lines)
    assert lines[0].endswith(": over")


def test_without_a_time_nothing_is_listed() -> None:
    source = _of_the_open_internet()
    timeless = tuple(
        one._replace(first=one.first._replace(stamp=None) if one.first else None)
        for one in source.summaries
    )
    lists = access_lists(replace(source, summaries=timeless))
    assert not lists.clients
    assert NO_TIME in {gap.reason for gap in lists.gaps}


def test_every_refusal_of_a_list_is_a_gap() -> None:
    source, _ = judged.opened("planted")
    lists = access_lists(source)
    assert not lists.clients  # all in networks that are kept for documentation
    asked = {f"client_access: {s.first.client_address}" for s in source.summaries if s.first}
    assert asked <= {gap.what for gap in lists.gaps}


@pytest.mark.parametrize(("table", "name"), [("cidr", CLIENTS), ("texthash", SENDERS)])
def test_spoiled_lists_are_complained_of(table: str, name: str, tmp_path: Path) -> None:
    judged.written(POSTFIX, _of_the_open_internet(), tmp_path / "x")
    path = tmp_path / "x" / name
    assert not _answer(table, path, "192.0.2.1")[1]
    path.write_bytes(path.read_bytes() + b"93.184.300.1\n")
    assert "warning" in _answer(table, path, "192.0.2.1")[1]


def test_conditions_that_one_header_cannot_decide() -> None:
    subject = FieldMatches(("subject",), Pattern("a"))
    assert why_not(subject) is None
    assert why_not(FieldPresent(("x-a",))) is None
    assert why_not(FieldAbsent(("x-a",))) == ABSENT
    assert why_not(TextMatches(Pattern("a"))) == NO_BODY
    assert why_not(Compared(Value.SUBJECT, Value.AUTHOR)) == RELATION
    assert why_not(replace(subject, decoded=True)) == ENCODED
    assert why_not(replace(subject, names=("return-path",))) == ENVELOPE
    assert why_not(AllOf((subject, FieldPresent(("x-a",))))) == ONE_HEADER


def test_what_may_stand_in_one_clause() -> None:
    assert together(ID_KEYS)
    assert together([("helo", "a.example"), ("client_address", "192.0.2.1")])
    assert not together([("helo", "a.example"), ("relay", "b.example")])
    assert not together([("helo", "a.example"), ("first_helo", "a.example")])
    assert not together([("helo", "a.example"), ("id_domain", "a.example")])
    assert together([("relay", "b.example")])


def test_patterns_of_one_header() -> None:
    first = FieldMatches(("message-id",), Pattern("^ *<?a/b"))
    second = FieldMatches(("message-id",), Pattern("@x$", caseless=True))
    assert pattern_of([first, second]) == (
        r"^(?=(?i:message-id):.*?(?-i:(?<=^(?i:message-id):)\s*[\s]*<?a\x2fb))"
        r"(?=(?i:message-id):.*?(?:@x\s*$))"
    )
    assert pattern_of([FieldPresent(("x-a",))]) == "^(?i:x-a):"
