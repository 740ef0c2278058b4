"""Tables, JSON lines and plain lists of a campaign: what stands in them, what never
does, and that nothing in a mail breaks out of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import jsonschema
import pytest

from docs.json_schema import Document, schema_of
from firsthop.publication.exports import observed as module
from firsthop.publication.exports.blocklist import BLOCKLIST
from firsthop.publication.exports.csv import CSV, HOSTS, INDICATORS, MEMBERS
from firsthop.publication.exports.forms import is_host, is_mailbox, is_plain_address
from firsthop.publication.exports.jsonl import EXPORTED_MESSAGE, JSONL
from firsthop.publication.exports.observed import BLOCK, HUNT, NEVER, observed
from firsthop.publication.exports.source import ExportSource
from tests.exports.intelligence import (
    CLIENT,
    DIRECT,
    HOSTILE,
    OWN,
    RELAY,
    RELAY_ADDRESS,
    RELAYED,
    REPLY,
    hostile,
)


def test_each_thing_has_the_part_it_plays(full_source: ExportSource) -> None:
    told = {(one.family, one.value): one for one in observed(full_source)}
    for n in range(1, DIRECT + 1):
        assert told["client_address", CLIENT.format(n)].use == BLOCK
    assert told["client_address", RELAY_ADDRESS].part.name == "relay"
    assert told["client_address", RELAY_ADDRESS].use == NEVER
    assert told["relay", RELAY].use == NEVER
    assert told["relay", RELAY].messages == RELAYED
    assert told["first_address", CLIENT.format(DIRECT + 1)].use == HUNT
    assert told["author_domain", "banca-vera.it"].use == NEVER
    assert told["reply_address", REPLY].use == BLOCK


def test_an_address_that_relays_once_is_a_relay_always(full_source: ExportSource) -> None:
    relayed = full_source.summaries[0]._replace(
        first=full_source.summaries[0].first._replace(client_address="85.65.59.99")  # type: ignore[union-attr]
    )
    changed = replace(full_source, summaries=(relayed, *full_source.summaries[1:]))
    address = next(v for f, v in full_source.members[0] if f == "client_address")
    told = {one.value: one for one in observed(changed) if one.family == "client_address"}
    assert told[address].use == NEVER


def _lines(data: bytes) -> list[str]:
    return [one for one in data.decode("ascii").splitlines() if not one.startswith("#")]


def _head(data: bytes) -> str:
    return "\n".join(one for one in data.decode("ascii").splitlines() if one.startswith("#"))


def test_lists_hold_clients_and_never_servers_of_others(full_source: ExportSource) -> None:
    written = BLOCKLIST.write(full_source)
    addresses = _lines(written.files["block_addresses.txt"])
    assert sorted(addresses) == sorted(CLIENT.format(n) for n in range(1, DIRECT + 1))
    assert _lines(written.files["block_reply_mailboxes.txt"]) == [REPLY]
    listed = {one for data in written.files.values() for one in _lines(data)}
    assert listed.isdisjoint({RELAY, RELAY_ADDRESS, OWN, "banca-vera.it"})
    head = _head(written.files["block_addresses.txt"])
    assert full_source.campaign.id in head
    assert "TLP:RED" in head
    assert "Valid until 2025-06-11T" in head
    assert RELAY in head
    assert any(RELAY in gap.what and gap.reason.startswith("in no list") for gap in written.gaps)


def test_a_list_for_everybody_holds_no_mailbox(clear_source: ExportSource) -> None:
    written = BLOCKLIST.write(clear_source)
    assert "block_reply_mailboxes.txt" not in written.files
    assert any(gap.what == "block_reply_mailboxes.txt" for gap in written.gaps)
    assert all(b"@" not in data for data in written.files.values())


@pytest.mark.parametrize("text", HOSTILE)
def test_no_value_breaks_out_of_a_list(
    full_source: ExportSource, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where nothing else refuses it."""
    monkeypatch.setattr(module, "why_never", lambda *_: None)
    written = BLOCKLIST.write(hostile(full_source, text))
    for data in written.files.values():
        for line in _lines(data):
            assert is_plain_address(line) or is_host(line) or is_mailbox(line), line
    # where nothing may be listed nothing is written, and it is told
    assert not written.files
    assert any("not plainly" in gap.reason for gap in written.gaps)


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


def test_tables_hold_everything_once(full_source: ExportSource) -> None:
    files = CSV.write(full_source).files
    assert _rows(files["members.csv"])[0] == list(MEMBERS)
    assert len(_rows(files["members.csv"])) == 1 + DIRECT + RELAYED
    assert _rows(files["hosts.csv"])[0] == list(HOSTS)
    head, *rows = _rows(files["indicators.csv"])
    assert head == list(INDICATORS)
    told = [(row[0], row[1]) for row in rows]
    assert len(set(told)) == len(told)
    uses = {(row[1], row[3]) for row in rows}
    assert (RELAY, "never") in uses
    assert (CLIENT.format(1), "block") in uses


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(full_source: ExportSource, text: str) -> None:
    for name, data in CSV.write(hostile(full_source, text)).files.items():
        for delimiter in ",;\t":
            head, *rows = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter)
            if delimiter == ",":
                assert rows, name
                assert {len(row) for row in rows} == {len(head)}
            for cell in (cell for row in rows for cell in row):
                assert not cell.lstrip().startswith(tuple("=+-@|%\t\r\n")), (name, cell)
                assert cell.isprintable() or not cell


def test_a_formula_is_a_formula_to_this_test() -> None:
    """The check above can fail."""
    assert "=1+1".lstrip().startswith(tuple("=+-@|%\t\r\n"))
    assert not "a\x1b".isprintable()


def _objects(data: bytes) -> Iterator[dict[str, object]]:
    def refused(name: str) -> object:
        raise ValueError(name)

    for line in data.decode("ascii").split("\n")[:-1]:
        yield json.loads(line, parse_constant=refused)


@pytest.mark.parametrize("text", ["", *HOSTILE])
def test_json_lines_follow_their_schema(full_source: ExportSource, text: str) -> None:
    source = hostile(full_source, text) if text else full_source
    told = list(_objects(JSONL.write(source).files["messages.jsonl"]))
    assert len(told) == DIRECT + RELAYED
    validator = jsonschema.Draft202012Validator(schema_of(Document("", "", "", EXPORTED_MESSAGE)))
    for one in told:
        assert not list(validator.iter_errors(one))
    spoiled = {**told[0], "hops": "many"}
    assert list(validator.iter_errors(spoiled))


def test_json_lines_hide_what_the_level_hides(
    full_source: ExportSource, clear_source: ExportSource
) -> None:
    (full, *_), (clear, *_) = (
        list(_objects(JSONL.write(one).files["messages.jsonl"]))
        for one in (full_source, clear_source)
    )
    assert str(full["author_address"]).endswith("@banca-vera.it")
    assert clear["author_address"] is None
    assert re.search(
        r"values of author_address|values of reply", str(JSONL.write(clear_source).gaps)
    )


def test_the_same_campaign_gives_the_same_bytes(full_source: ExportSource) -> None:
    for one in (CSV, JSONL, BLOCKLIST):
        assert one.write(full_source).files == one.write(full_source).files
