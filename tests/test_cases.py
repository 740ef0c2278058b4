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
