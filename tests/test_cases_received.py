"""Received lines of programs that people reported, and headers whose lines stand
oddly: the right values of `tests/cases`, by the command line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from firsthop.faces.cli import cli
from tests.test_cases import CASES, Told, examine, sender


def hops(monkeypatch: pytest.MonkeyPatch, file: str) -> list[Told]:
    told: list[Told] = examine(monkeypatch, file)["hops"]
    return told


def test_a_private_relay_is_not_gmail(monkeypatch: pytest.MonkeyPatch) -> None:
    top, gateway, first = hops(monkeypatch, "46-received-eyou-gateway/input.eml")
    assert (first["by"], first["client_address"], first["mta"]) == (
        "10.200.5.141",
        "115.192.123.19",
        None,
    )
    assert (gateway["mta"]["name"], gateway["kind"]) == ("eYou", "filter")
    assert top["client_address"] == "222.190.113.19"


def test_lines_of_many_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    told = hops(monkeypatch, "47-received-assorted/input.eml")
    assert [hop["client_address"] for hop in told] == [
        "91.40.10.20",
        "fe80::d943:55cc:ec54:4033",
        "203.0.113.9",
        *[None] * 5,
        "203.0.113.66",
        "209.85.223.169",
        "109.246.16.16",
    ]
    assert [hop["queue_id"] for hop in told] == [
        "h7-v6sm40",
        "15.20.1",
        "1nqqB6-000B8x-By",
        "filter0948p1iad2-19514-5EEA473C-34",
        "S230171AbhFJIbY",
        None,
        "AC14A4ED7",
        None,
        "43ySkp6wpdz4RFQs",
        None,
        "3760A10696FA",
    ]
    assert all(hop["stamp"]["utc"] for hop in told)
    assert told[-1]["reverse_path"] == "user@domain.example"
    assert "Gmail" not in [hop["mta"] and hop["mta"]["name"] for hop in told]


def test_lines_of_gateways(monkeypatch: pytest.MonkeyPatch) -> None:
    told = hops(monkeypatch, "48-gateways-assorted/input.eml")
    assert [hop["client_address"] for hop in told] == ["198.51.100.7"] * 3 + ["203.0.113.9"] * 11
    assert all(hop["by"] and hop["stamp"]["utc"] and hop["unread"] == [] for hop in told)
    assert [n for n, hop in enumerate(told, 1) if hop["queue_id"] is None] == [4, 5]
    with_tls = [n for n, hop in enumerate(told, 1) if hop["tls"]]
    assert [n for n in (1, 2, 4, 7, 10, 11, 12) if n not in with_tls] == []
    assert told[9]["mta"]["name"] == "Stalwart"


def test_a_header_in_another_order(monkeypatch: pytest.MonkeyPatch) -> None:
    told = examine(monkeypatch, "49-reordered-header/input.eml")
    assert [hop["by"] for hop in told["hops"]] == [
        "store.example.com",
        "mx1.example.com",
        "relay.example.net",
    ]
    strong = [f for f in told["findings"] if f["strength"] and abs(f["strength"]["bits"]) >= 3]
    assert "header_block_gap" not in [f["check"] for f in strong]


@pytest.mark.parametrize("file", ["input", "input-bom.eml"])
def test_a_folded_subject_and_odd_names(monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    told = examine(monkeypatch, f"50-folded-subject-and-odd-names/{file}")
    assert (told["from"]["address"], told["subject"]) == ("carlo@libero.it", "Documento urgente")
    assert told["message_id"]["value"] == "abc123@relay.example.net"
    assert [(hop["by"], hop["client_address"]) for hop in told["hops"]] == [
        ("store.example.com", "192.0.2.25"),
        ("mx1.example.com", "203.0.113.9"),
        ("relay.example.net", "198.51.100.77"),
    ]


def test_a_long_return_path_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = examine(monkeypatch, "robustness-return-path/input.eml")
    assert sender(told) in ("insufficient", "unauthenticated")
    text = (CASES / "robustness-return-path" / "input.eml").read_text()
    heap = tmp_path / "mail"
    heap.mkdir()
    (heap / "a.eml").write_text(text.replace("-bounces+", "-bounces+" * 50))  # 100 kB
    start = time.process_time()
    shown = CliRunner().invoke(cli, ["investigate", "-q", str(heap), "-o", str(tmp_path / "case")])
    assert shown.exit_code == 0, shown.output
    assert time.process_time() - start < 10
