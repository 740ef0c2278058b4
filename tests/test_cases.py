"""Shapes of mail that people reported in public, rebuilt small in `tests/cases`: the
right value of each, by the command line.

Each folder: input.* (with control.* where a harmless twin is told apart), args.txt
(options), recorded DNS where it is needed."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from firsthop.faces.cli import cli

CASES = Path(__file__).parent / "cases"
ANSWERS = ("authorised", "not_from_provider", "unauthenticated", "indirect", "insufficient")
Told = dict[str, Any]


def examine(monkeypatch: pytest.MonkeyPatch, file: str, *more: str) -> Told:
    """What `examine --json` says of a case's file, with the case's options."""
    folder = CASES / file.partition("/")[0]
    args = folder / "args.txt"
    options = shlex.split(args.read_text(encoding="utf-8")) if args.exists() else []
    monkeypatch.chdir(folder)
    name = file.partition("/")[2]
    shown = CliRunner().invoke(cli, ["examine", "--json", "-q", name, *options, *more])
    assert shown.exit_code == 0, shown.output
    told: Told = json.loads(shown.stdout.splitlines()[0])
    return told


def sender(told: Told) -> str:
    return next(str(v["answer"]) for v in told["verdicts"] if v["question"] == "sender")


def handover(told: Told) -> Told | None:
    return next((hop for hop in told["hops"] if hop["trust"] == "handover"), None)


@pytest.mark.parametrize(
    ("file", "answer"),
    [
        ("27-dkim-msg-rebuilt-body/control.eml", "authorised"),
        ("36-authserv-id-with-job-id/input.eml", "authorised"),
        ("36-authserv-id-with-job-id/control.eml", "authorised"),
        ("42-own-microsoft-365/input.eml", "not_from_provider"),
        ("44-forwarded-with-srs/input.eml", "indirect"),
        ("44-forwarded-with-srs/input-alias.eml", "indirect"),
        ("55-dkim-prepended-from/control.eml", "authorised"),
        ("57-dkim-l-tag-appended/input.eml", "authorised"),
    ],
)
def test_the_answer(monkeypatch: pytest.MonkeyPatch, file: str, answer: str) -> None:
    assert sender(examine(monkeypatch, file)) == answer


@pytest.mark.parametrize(
    "file",
    [
        "30-two-from-fields/input.eml",
        "30-two-from-fields/input-list.eml",
        "38-boundary-junk-helo/input.eml",
        "40-boundary-chasquid/input.eml",
        "51-boundary-docker-gateway/input.eml",
        "52-boundary-login-without-address/input.eml",
        "53-boundary-helo-comma/input.eml",
        "54-boundary-exim-long-helo/input.eml",
        "55-dkim-prepended-from/input.eml",
        "58-results-unsigned-arc/input.eml",
        "59-boundary-client-inside/input.eml",
        "60-received-spf-sentence/input.eml",
    ],
)
@pytest.mark.parametrize("more", [(), ("--no-assume",)])
def test_never_authorised(
    monkeypatch: pytest.MonkeyPatch, file: str, more: tuple[str, ...]
) -> None:
    told = examine(monkeypatch, file, *more)
    assert sender(told) in ANSWERS[1:]
    assert [
        r
        for r in told["authentication"]["results"]
        if r["inside"] and r["result"] == "pass" and r["method"] != "spf"
    ] == []


@pytest.mark.parametrize(
    ("file", "client", "helo"),
    [
        ("38-boundary-junk-helo/input.eml", "203.0.113.66", "domain.example [10.0.0.1]"),
        ("40-boundary-chasquid/input.eml", "203.0.113.66", "[10.0.0.1]"),
        ("40-boundary-chasquid/input-name.eml", "203.0.113.66", "mail.example.net"),
        ("42-own-microsoft-365/input.eml", "203.0.113.9", "relay.example.net"),
        ("51-boundary-docker-gateway/input.eml", "172.18.0.1", "dyn-9.isp.example.net"),
        ("52-boundary-login-without-address/input.eml", None, "laptop"),
        ("53-boundary-helo-comma/input.eml", "203.0.113.66", "a,id"),
        ("54-boundary-exim-long-helo/input.eml", "203.0.113.66", "a" * 600),
        ("59-boundary-client-inside/input.eml", "100.64.3.4", "pc"),
    ],
)
def test_the_hand_over(
    monkeypatch: pytest.MonkeyPatch, file: str, client: str | None, helo: str
) -> None:
    told = examine(monkeypatch, file)
    line = handover(told)
    assert line is not None
    assert (
        line["client_address"],
        line["helo"][:600].strip("a") if len(helo) > 500 else line["helo"],
    ) == (
        client,
        "" if len(helo) > 500 else helo,
    )
    below = [hop["trust"] for hop in told["hops"] if hop["position"] < line["position"]]
    assert set(below) <= {"claimed"}


def test_the_topmost_line_is_the_hand_over(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (38, 40, 51, 52, 53, 54, 59):
        (folder,) = CASES.glob(f"{number}-*")
        assert examine(monkeypatch, f"{folder.name}/input.eml")["hops"][0]["trust"] == "handover"


@pytest.mark.parametrize(
    ("file", "address", "name"),
    [
        ("30-two-from-fields/input.eml", "ana.verdi@evil.example", "Ana Verdi"),
        (
            "32-from-quoted-local-part/input.eml",
            '"Someone <someone@junk.example>"@mydomain.example',
            None,
        ),
        ("33-from-unquoted-comma/input.eml", "carlo@libero.it", "Rossi, Carlo"),
        ("34-from-8bit-bytes/input.eml", "carlo@libero.it", "Nicol\\xf2 Rossi"),
        ("56-from-source-route/input.eml", "a@evil.example", None),
    ],
)
def test_the_author(
    monkeypatch: pytest.MonkeyPatch, file: str, address: str, name: str | None
) -> None:
    told = examine(monkeypatch, file)
    assert (told["from"]["address"], told["from"]["display_name"]) == (address, name)


def test_a_body_that_a_reader_put_together_is_not_held_against_a_signature(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = examine(monkeypatch, "27-dkim-msg-rebuilt-body/input.msg")
    (signature,) = told["authentication"]["dkim"]
    assert (signature["outcome"], signature["reason"]) == ("not_checkable", "rebuilt_body")
    assert told["authentication"]["dmarc"]["result"] == "not_checkable"
    assert sender(told) != "not_from_provider"


def test_both_authors_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    told = examine(monkeypatch, "30-two-from-fields/input.eml")
    authors = [one["address"] for one in told["authorship"]["authors"]]
    assert authors == ["ana.verdi@evil.example", "carlo@libero.it"]
    assert "two_from_fields" in told["authorship"]["defects"]


def test_forms_of_results_of_exchange_online(monkeypatch: pytest.MonkeyPatch) -> None:
    told = examine(monkeypatch, "37-o365-results-forms/input.eml")["authentication"]["results"]
    by_writer = [(one["authserv_id"], one["method"], one["result"]) for one in told]
    assert by_writer[:4] == [
        ("mx.microsoft.com", m, r)
        for m, r in (("spf", "pass"), ("dmarc", "pass"), ("dkim", "pass"), ("arc", "none"))
    ]
    assert {m for _, m, _ in by_writer[4:]} >= {
        "spf",
        "dkim",
        "dmarc",
        "compauth",
        "dkim-atps",
        "arc",
    }


def test_the_sentence_of_received_spf_gives_no_domain_that_the_client_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = examine(monkeypatch, "60-received-spf-sentence/input.eml")["authentication"]["results"]
    assert [{p["name"]: p["value"] for p in one["properties"]}["domain"] for one in told] == [
        "evil.example"
    ]


CARLO = {
    "from": "carlo@libero.it",
    "subject": "Documento urgente",
    "message_id": "abc123@relay.example.net",
    "hops": [
        ("store.example.com", "192.0.2.25"),
        ("mx1.example.com", "203.0.113.9"),
        ("relay.example.net", "198.51.100.77"),
    ],
}
BANCA = {
    "from": "avvisi@banca.example.it",
    "subject": "Avviso",
    "message_id": "n1@banca.example.it",
}


def all_told(monkeypatch: pytest.MonkeyPatch, file: str) -> list[Told]:
    """What `examine --json` says of every message in a case's file."""
    folder = CASES / file.partition("/")[0]
    monkeypatch.chdir(folder)
    shown = CliRunner().invoke(cli, ["examine", "--json", "-q", file.partition("/")[2]])
    assert shown.exit_code == 0, shown.output
    return [json.loads(line) for line in shown.stdout.splitlines()]


def read_of(told: Told) -> Told:
    return {
        "from": told["from"]["address"],
        "subject": told["subject"],
        "message_id": told["message_id"]["value"].strip("<>"),
        "hops": [(hop["by"], hop["client_address"]) for hop in told["hops"]],
    }


@pytest.mark.parametrize(
    ("file", "defects"),
    [
        ("03-ms-banner/input.eml", ["line_without_colon"]),
        ("03-ms-banner/input-mid.eml", ["line_without_colon"]),
        ("04-blank-line-in-header/input.eml", ["header_gap"]),
        ("07-smtp-dialogue/input.eml", ["line_without_colon"]),
        ("07-smtp-dialogue/input-pop.txt", ["excerpt"]),
        ("12-ticket-wrapped-72/input.txt", ["excerpt"]),
    ],
)
def test_one_message_and_what_is_broken(
    monkeypatch: pytest.MonkeyPatch, file: str, defects: list[str]
) -> None:
    (told,) = all_told(monkeypatch, file)
    assert read_of(told) == CARLO
    assert sorted({defect["name"] for defect in told["defects"]}) == defects


@pytest.mark.parametrize(
    ("file", "defect"),
    [
        ("04-blank-line-in-header/input-report.eml", "header_gap"),
        ("06-no-header-end/input.eml", "no_header_end"),
        ("06-no-header-end/input-two-parts.eml", "no_header_end"),
        ("22-unindented-content-type/input.eml", "lost_fold"),
    ],
)
def test_the_reported_message_is_found(
    monkeypatch: pytest.MonkeyPatch, file: str, defect: str
) -> None:
    report, reported = all_told(monkeypatch, file)
    assert report["from"]["address"] == "ana@example.com"
    assert [one["name"] for one in report["defects"]] == [defect]
    assert read_of(reported) == CARLO


@pytest.mark.parametrize(
    "file", ["08-owa-value-on-next-line/input.txt", "10-o365-unindented/input.txt"]
)
def test_five_hops_of_a_copied_header(monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    (told,) = all_told(monkeypatch, file)
    read = read_of(told)
    assert {key: read[key] for key in BANCA} == BANCA
    assert len(read["hops"]) == 5
    assert read["hops"][3] == ("AM3PEPF0000A791.mail.protection.outlook.com", "203.0.113.9")
    assert [hop["stamp"]["utc"] for hop in told["hops"]][3] == "2024-03-05T09:00:13Z"
    assert all(hop["by"] and hop["client_address"] for hop in told["hops"])


def test_the_box_above_the_source_is_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = all_told(monkeypatch, "13-gmail-show-original/input.txt")
    read = read_of(told)
    assert {key: read[key] for key in BANCA} == BANCA
    assert len(read["hops"]) == 3
