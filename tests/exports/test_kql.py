"""The format `kql`, run by duckdb-kql over tables like those of Microsoft 365 Defender
that are filled from the mail here. Microsoft's own service is not asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import duckdb
import duckdb_kql
import pytest

from firsthop.evidence.facts import establish
from firsthop.mail.header import read_message
from firsthop.mail.message import Source
from firsthop.publication.exports.kql import _why_not, _why_not_key, export, quoted
from firsthop.publication.exports.rules.conditions import Compared, Value
from firsthop.publication.exports.source import ExportSource
from firsthop.settings import OwnServers
from tests.exports.filters import HOSTILE, demand_finds, families_of, hostile_source, written
from tests.exports.heaps import planted, wave_of_2014

COLUMNS = (
    "NetworkMessageId InternetMessageId SenderFromAddress SenderFromDomain SenderDisplayName "
    "SenderMailFromAddress SenderIPv4 Subject"
).split()
REFUSED = (duckdb_kql.KqlError, duckdb.Error)


def _rows(number: int, data: bytes) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    facts = establish(
        read_message(data, Source("-", "eml", 0, sha256(data).hexdigest())), OwnServers()
    )
    author, handover = facts.author, facts.sender_part.handover
    envelope = facts.message.first("return-path")
    row = (
        str(number),
        f"<{facts.message_id.value}>" if facts.message_id.value else "",
        (author.address or "") if author else "",
        (author.domain or "") if author else "",
        (author.display_name or "") if author else "",
        envelope.value.strip("<>") if envelope else "",
        (handover.hop.client_address or "") if handover else "",
        facts.subject.value or "",
    )
    return row, [(str(number), link) for link in facts.content.links]


def _tables(mail: Sequence[bytes]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE EmailEvents ({', '.join(f'{c} TEXT' for c in COLUMNS)})")
    connection.execute("CREATE TABLE EmailUrlInfo (NetworkMessageId TEXT, Url TEXT)")
    rows = [_rows(number, data) for number, data in enumerate(mail)]
    if rows:
        signs = ", ".join("?" * len(COLUMNS))
        connection.executemany(
            f"INSERT INTO EmailEvents VALUES ({signs})", [row for row, _ in rows]
        )
    if links := [one for _, several in rows for one in several]:
        connection.executemany("INSERT INTO EmailUrlInfo VALUES (?, ?)", links)
    return connection


def _met(folder: Path, mail: Sequence[bytes]) -> list[frozenset[str]]:
    met: list[set[str]] = [set() for _ in mail]
    tables = _tables(mail)
    for file in sorted(folder.glob("*.kql")):
        for row in duckdb_kql.kql(tables, file.read_text(encoding="ascii")).fetchall():
            met[int(row[0])].add(file.stem)
    return [frozenset(one) for one in met]


@pytest.mark.parametrize("wave", [False, True], ids=["planted", "wave"])
def test_members_are_found_and_genuine_mail_is_not(
    wave: bool,
    planted_source: ExportSource,
    wave_source: ExportSource,
    genuine: Sequence[bytes],
    tmp_path: Path,
) -> None:
    heap, source = (wave_of_2014(), wave_source) if wave else (planted(), planted_source)
    exported = written("kql", source, tmp_path / "kql")
    mail = [*heap.members, *heap.decoys, *genuine]
    demand_finds(exported, heap, _met(tmp_path / "kql", mail))
    assert export(source).files == exported.files


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_stays_a_value(
    value: str, planted_source: ExportSource, tmp_path: Path
) -> None:
    for family in families_of(value):
        folder = tmp_path / family
        written("kql", hostile_source(planted_source, family, value), folder)
        assert _met(folder, [b"Subject: nothing\r\n\r\nof it\r\n"]) == [frozenset()]


@pytest.mark.parametrize("value", [one for one in HOSTILE if one.isprintable() and one.isascii()])
def test_a_hostile_value_is_still_found(
    value: str, planted_source: ExportSource, tmp_path: Path
) -> None:
    folder = tmp_path / "kql"
    written("kql", hostile_source(planted_source, "envelope_domain", value), folder)
    mail = [f"Return-Path: <x@{value}>\r\n\r\n".encode(), b"Return-Path: <x@other>\r\n\r\n"]
    met, other = _met(folder, mail)
    assert not other
    assert met or len(value) >= 64


def test_only_what_columns_hold_is_asked() -> None:
    assert _why_not(Compared(Value.HELO, Value.ID_HOST))
    assert _why_not(Compared(Value.ID_HOST, Value.AUTHOR_DOMAIN, True, True))
    assert _why_not(Compared(Value.ID_HOST, Value.AUTHOR_DOMAIN)) is None
    assert _why_not_key(("client_address", "192.0.2.1")) is None
    assert _why_not_key(("client_address", "2001:db8::1"))
    assert _why_not_key(("first_address", "192.0.2.1"))


def test_the_address_of_the_client_is_a_column(
    planted_source: ExportSource, tmp_path: Path
) -> None:
    for family, value in (("client_address", "198.51.100.7"), ("client_network", "198.51.100")):
        folder = tmp_path / family
        written("kql", hostile_source(planted_source, family, value), folder)
        near, far = (
            f"Received: from a.example (a.example [{address}])\r\n"
            "\tby mx.example.it (Postfix) with ESMTP id 1; Sat, 17 May 2014 21:59:37 +0900\r\n"
            "From: a@b.example\r\n\r\n".encode()
            for address in ("198.51.100.7", "203.0.113.7")
        )
        assert [bool(one) for one in _met(folder, [near, far])] == [True, False]


SPOILED = {
    "unknown column": "EmailEvents | where XMailer == 'a'",
    "unknown table": "EmailEvent | where Subject == 'a'",
    "unknown name": "EmailEvents | where NetworkMessageId in (Links1)",
    "unbalanced quote": "EmailEvents | where Subject == @'a",
    "bad regex": "EmailEvents | where Subject matches regex @'a('",
    "truncated": "EmailEvents | where Subject matches",
    "wrong word": "EmailEvents | wher Subject == 'a'",
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_spoiled_queries_are_refused(spoiled: str) -> None:
    with pytest.raises(REFUSED):
        duckdb_kql.kql(_tables([]), SPOILED[spoiled]).fetchall()


def test_a_verbatim_string_ends_at_its_own_quote() -> None:
    assert quoted("a'b\\") == "@'a''b\\'"
    assert re.fullmatch(r"@'([^']|'')*'", quoted("' | take 1 //'"))
