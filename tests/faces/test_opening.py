"""The opening: the answer first, in plain words, in lines that fit 80 columns, the same
facts in every language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import establish
from firsthop.judgement.examine import Examination, examine
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.publication.answer.opening import opening_of
from firsthop.publication.answer.whom_to_tell import whom_to_tell
from firsthop.publication.words import LANGUAGES
from firsthop.settings import OwnServers

Run = Callable[..., Result]
CASES = Path(__file__).parents[1] / "cases"
MICROSOFT = (CASES / "42-own-microsoft-365" / "input.eml").read_bytes()
ASSUMED = OwnServers(assume=True)


def judged(data: bytes, own: OwnServers = ASSUMED) -> Examination:
    facts = establish(read_mail(raw_mail(data, "mail.eml", "eml")), own)
    return examine(facts, CaseFile())


def test_the_first_line_answers(run: Run) -> None:
    first, second = run("examine", "-", stdin=MICROSOFT).stdout.splitlines()[:2]
    assert first.startswith("-, offset 0")
    assert second.startswith("NOT FROM BANCA.EXAMPLE.IT. DMARC fails")


def test_an_assumption_is_said_once_and_a_named_receiver_is_not_one(run: Run) -> None:
    assert run("examine", "-", stdin=MICROSOFT).stdout.count("(assumed:") == 1
    named = run("examine", "-", "--own", "microsoft365", stdin=MICROSOFT)
    assert "assumed" not in named.stdout
    assert "NOT FROM BANCA.EXAMPLE.IT" in named.stdout
    nobody = run("examine", "-", "--no-assume", stdin=MICROSOFT).stdout
    assert "NOT DECIDED. Nobody knows which of its lines to believe" in nobody


def test_a_host_of_a_receiver_says_what_else_belongs_to_it(run: Run) -> None:
    shown = run("examine", "-", "--own", ".outlook.com", stdin=MICROSOFT)
    assert "--own names a server of Microsoft 365" in shown.stderr
    assert "NOT FROM BANCA.EXAMPLE.IT" in shown.stdout
    assert run("examine", "-q", "-", "--own", ".outlook.com", stdin=MICROSOFT).stderr == ""


@pytest.mark.parametrize(
    "file", sorted(CASES.glob("*/input.eml")), ids=lambda file: file.parent.name
)
def test_it_fits_80_columns_and_is_short(run: Run, file: Path) -> None:
    shown = run("examine", "-", stdin=file.read_bytes()).stdout
    assert [line for line in shown.splitlines() if len(line) > 80 and " " in line.strip()] == []
    assert max(len(one.splitlines()) for one in shown.split("\n\n")) < 30


@pytest.mark.parametrize(
    "file", sorted(CASES.glob("*/input.eml")), ids=lambda file: file.parent.name
)
def test_every_language_tells_the_same_rows(file: Path) -> None:
    told = [
        opening_of(judged(file.read_bytes()), "Europe/Rome", language) for language in LANGUAGES
    ]
    assert len({len(one.rows) for one in told}) == 1
    assert all(one.headline and one.sentence for one in told)


def test_controls_are_shown_and_never_obeyed(run: Run) -> None:
    data = MICROSOFT.replace(b"From: Servizio", b"From: =?utf-8?q?=1B[31mred=0D=0Anext?=")
    shown = run("examine", "-", stdin=data).stdout
    assert "\x1b" not in shown
    assert "\\x1b[31mred" in shown


def test_whom_to_tell_names_the_hand_over_the_relay_with_its_queue_id_and_the_domain() -> None:
    found = {one.role: one for one in whom_to_tell(judged(MICROSOFT))}
    assert found["handover"].name == "203.0.113.9"
    assert (found["relay"].name, found["relay"].queue_id, found["relay"].logged_in) == (
        "relay.example.net",
        "9A8B7C6D5E",
        True,
    )
    assert found["relay"].about == "198.51.100.77"
    assert found["domain"].name == "banca.example.it"


def test_a_line_in_our_own_name_below_the_hand_over_is_nobody_to_ask() -> None:
    (folder,) = CASES.glob("59-*")
    names = [
        one.name
        for one in whom_to_tell(judged((folder / "input.eml").read_bytes()))
        if one.role == "relay"
    ]
    assert "mx.example.it" not in names
