"""The main job on the shipped example: what the evidence carries is in the bulletin, in
both languages, and nothing else is."""

import re
from pathlib import Path

import pytest

from benchmarks.campaigns.in_memory import cluster_in_memory
from benchmarks.campaigns.planted import Plan, write
from firsthop.campaign.archive import ARCHIVE, Archive
from firsthop.faces.cli.configuration import case_file_of
from firsthop.investigation.investigate import InvestigationResult, investigate
from firsthop.investigation.publish import publish
from firsthop.publication.json.message import json_text
from firsthop.publication.words import say
from tests.campaign.messages import campaign_objects

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "libero-2014"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, InvestigationResult]:
    case_file, file = case_file_of(None, [str(EXAMPLE)])
    out = tmp_path_factory.mktemp("case") / "libero"
    return out, investigate([EXAMPLE], out, case_file=case_file, case_file_path=file)


def text(case: tuple[Path, InvestigationResult], name: str) -> str:
    return (case[0] / name).read_text(encoding="utf-8")


def test_seven_messages_nothing_skipped(case: tuple[Path, InvestigationResult]) -> None:
    assert (case[1].messages, case[1].skipped) == (7, ())


@pytest.mark.parametrize(
    "fact",
    [
        "2014-05-17 12:59:37Z",
        "2014-05-17 14:59:37 CEST",
        "2014-05-30 02:40:53Z",
        "r3.kawaz.jp",
        "7cho-me.com",
        "85.65.59.147",
        "112.171.218.7",
        "178.88.90.195",
        "207351582",
        "207352208",
        "626",
        "Windows Live Mail",
        "UTC−7",
        "109.86.164.213",
        "RFC 3848",
        "TLP:AMBER",  # whatever the case asks for: it is not redacted
    ],
)
@pytest.mark.parametrize(
    "name", ["bulletin.it.md", "bulletin.en.md", "bulletin.it.html", "bulletin.en.html"]
)
def test_every_form_holds_the_facts(
    case: tuple[Path, InvestigationResult], name: str, fact: str
) -> None:
    assert fact in text(case, name)


def test_the_italian_sentences(case: tuple[Path, InvestigationResult]) -> None:
    bulletin = text(case, "bulletin.it.md")
    for sentence in (
        "In sei messaggi su sette il primo server dichiara che il client si era autenticato",
        "tre messaggi su sette",
        "da tre indirizzi client diversi",
        "Sono arrivati in due riprese",
        "in due messaggi attribuiti a questo programma il Message-ID è diverso",
        "cade 10 secondi dopo il primo salto",
        "Nessuna riga Received dei sette messaggi indica un server di `Libero`",
        "In entrambi i messaggi con un Message-ID leggibile",
        "è andato perso il testo del Message-ID",
    ):
        assert sentence in bulletin


def test_asserted_claims_are_marked(case: tuple[Path, InvestigationResult]) -> None:
    asserted = text(case, "bulletin.en.md").split("A source asserts", 1)[1].split("##", 1)[0]
    assert "16.4.3522.110" in asserted
    assert "no weight" in asserted


def test_no_word_of_a_careless_analyst(case: tuple[Path, InvestigationResult]) -> None:
    for name in ("bulletin.it.md", "bulletin.en.md"):
        assert not re.search(
            r"\b(?:hacked|infected|spoofed|hackerat\w*|infett\w*)\b",
            text(case, name),
            re.IGNORECASE,
        )


def test_the_same_bytes_again(case: tuple[Path, InvestigationResult], tmp_path: Path) -> None:
    case_file, file = case_file_of(None, [str(EXAMPLE)])
    investigate([EXAMPLE], tmp_path / "again", case_file=case_file, case_file_path=file)
    again = tmp_path / "again"
    names = sorted(str(p.relative_to(again)) for p in again.rglob("*") if p.is_file())
    assert names == sorted(str(p.relative_to(case[0])) for p in case[0].rglob("*") if p.is_file())
    for name in names:
        assert (again / name).read_bytes() == (case[0] / name).read_bytes(), name


def test_the_counts_in_memory_find_the_same(case: tuple[Path, InvestigationResult]) -> None:
    with Archive.read(case[0] / ARCHIVE) as archive:
        clustering = cluster_in_memory(archive.messages())
    told = campaign_objects(clustering, case[1].investigation.summaries)
    assert json_text(told) == text(case, "campaigns.json")


@pytest.mark.slow
def test_workers_leave_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firsthop.investigation.ingest.FEW", 3)
    monkeypatch.setattr("firsthop.investigation.ingest.CHUNK", 5)
    mails = [data for n in range(24) for data in write(Plan(f"mail-{n}", 2, kind=n % 2), 1)]
    (tmp_path / "mail").mkdir()
    for number, data in enumerate([*mails, b""]):
        (tmp_path / "mail" / f"{number:02}.eml").write_bytes(data)
    for jobs in (1, 3):
        outcome = investigate([tmp_path / "mail"], tmp_path / str(jobs), jobs=jobs)
        assert (outcome.messages, len(outcome.skipped)) == (48, 1)
    one, three = (
        {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for folder in (tmp_path / "1", tmp_path / "3")
    )
    assert one == three


def test_people_stand_in_the_header_excerpts_of_a_case_and_nowhere_else(tmp_path: Path) -> None:
    """The excerpts of the case's own bulletin are the bytes of the mail; in what goes
    out to everybody they are redacted like the rest."""
    (tmp_path / "mail.eml").write_text(
        "Received: from a.example (a.example [192.0.3.1]) by mx.example (Postfix) with ESMTP "
        "id AB12CD34EF for <victim@example.org>;"
        " Sat, 17 May 2014 21:59:37 +0900 (JST)\nFrom: Mario Rossi "
        "<mario.rossi@libero.it>\nTo: victim@example.org\nSubject: mario.rossi\n\nbody\n"
    )
    investigate([tmp_path / "mail.eml"], tmp_path / "case")
    publish(tmp_path / "case", tmp_path / "out", tlp="CLEAR")
    people = ("mario", "victim", "Rossi")
    for path in (tmp_path / "out").glob("bulletin.*"):
        assert not [one for one in people if one in path.read_text(encoding="utf-8")], path.name
    for path in (tmp_path / "case").glob("bulletin.*"):
        text = path.read_text(encoding="utf-8")
        language = path.name.split(".")[1]
        before, _, behind = text.partition(say(language, "title.excerpts"))
        listing, evidence, after = behind.partition(say(language, "title.sources"))
        assert evidence, path.name
        assert "Mario Rossi" in listing
        assert not [one for one in people if one in before + after], path.name


def test_a_boundary_that_is_assumed_is_said(tmp_path: Path) -> None:
    mail = ROOT / "tests" / "cases" / "42-own-microsoft-365" / "input.eml"
    investigate([mail], tmp_path / "case")
    told = (tmp_path / "case" / "bulletin.en.md").read_text(encoding="utf-8")
    assert "The writer of the topmost Received line is assumed" in told
    assert "not from the author's domain or provider" in told
