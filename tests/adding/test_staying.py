"""What a case holds stays when mail is added, from its own facts, or the addition is
refused; --replace replaces on purpose."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from firsthop.case.journal import Replaced
from firsthop.case.verify import verify
from firsthop.case_file import Asserted, CaseFile
from firsthop.errors import CaseError
from firsthop.evidence.dns.store import Answer, dns_store
from firsthop.investigation.investigate import investigate
from firsthop.settings import Settings, own_servers
from tests.adding.cases import added, contents, entries, shown

OWN = Settings(own_servers(["mx1.reader.example"]))


def test_what_a_case_holds_stays(mail: Path) -> None:
    case = added(mail / "case", "a", "b")
    assert contents(case) == contents(added(mail / "at once", "a+b"))
    assert [entry.inputs.messages for entry in entries(case)] == [10, 21]
    assert verify(case) == []


@pytest.mark.slow
def test_the_originals_may_be_gone(mail: Path) -> None:
    at_once = contents(added(mail / "at once", "a+b+c"))
    case = added(mail / "case", "c", "b")
    shutil.rmtree("b")
    shutil.rmtree("c")
    assert contents(added(case, "a")) == at_once


@pytest.mark.slow
def test_what_could_not_be_read_stays_told(mail: Path) -> None:
    case = added(mail / "case", "c", "b")
    skipped = [
        line for line in (case / "inputs.jsonl").read_text().splitlines() if "reason" in line
    ]
    assert [json.loads(line)["uri"] for line in skipped] == ["b/bare.eml", "c/empty.eml"]
    again = investigate(["b"], case)
    assert [one.uri for one in again.skipped] == ["b/bare.eml"]
    assert [one.uri for one in again.investigation.skipped] == ["b/bare.eml", "c/empty.eml"]
    Path("c/empty.eml").write_bytes(Path("a/00.eml").read_bytes())
    assert [one.uri for one in investigate(["c"], case).investigation.skipped] == ["b/bare.eml"]


@pytest.mark.slow
def test_facts_of_other_settings_cannot_stand_beside(mail: Path) -> None:
    case = added(mail / "case", "a", "b")
    before = contents(case)
    with pytest.raises(CaseError, match=r"other settings \(own servers\), and 10 of") as no:
        investigate(["b", "c"], case, settings=OWN)
    assert "(a/00.eml, a/03.eml, a/06.eml and 7 more)" in str(no.value)
    assert "--replace" in str(no.value)
    assert len(str(no.value).splitlines()) == 1
    assert contents(case) == before
    investigate(["b", "a", "c"], case, settings=OWN)
    assert contents(case) == contents(added(mail / "at once", "a+b+c", settings=OWN))


def test_what_is_no_longer_in_a_given_file_cannot_be_read_anew(mail: Path) -> None:
    case = added(mail / "case", "a")
    Path("a/00.eml").unlink()
    with pytest.raises(CaseError, match=r"1 of its messages were not given again \(a/00.eml\)"):
        investigate(["a"], case, settings=OWN)
    assert investigate(["a"], case).unchanged


@pytest.mark.slow
def test_facts_of_another_version_cannot_stay(mail: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firsthop.case.settings_file.tool_version", lambda: "0.0.1")
    case = added(mail / "case", "a")
    monkeypatch.undo()
    monkeypatch.chdir(mail)
    with pytest.raises(CaseError, match=r"other settings \(version\)"):
        investigate(["b"], case)
    assert contents(added(case, "a+b")) == contents(added(mail / "at once", "a+b"))


@pytest.mark.slow
def test_dns_answers_that_were_not_there_before(mail: Path) -> None:
    store = dns_store(
        [Answer("example.com", "TXT", ("v=spf1 -all",), "NOERROR", 1_400_000_000, "test")]
    )
    case = added(mail / "case", "a", store=store)
    with pytest.raises(CaseError, match="DNS answers"):
        investigate(["b"], added(mail / "other", "a"), store=store)
    assert contents(added(case, "b", store=store)) == contents(
        added(mail / "at once", "b+a", store=store)
    )


@pytest.mark.slow
def test_to_replace_is_said_and_noted(mail: Path) -> None:
    case = added(mail / "case", "a+c")
    manifest = entries(case)[-1].inputs.manifest
    result = investigate(["c", "b"], case, replace=True)
    assert manifest is not None
    assert result.replaced == entries(case)[-1].replaced == Replaced(10, 0, manifest)
    assert contents(case) == contents(added(mail / "at once", "b+c"))
    assert verify(case) == []
    assert investigate(["b", "c"], case, replace=True).unchanged
    assert [entry.replaced is None for entry in entries(case)] == [True, False]


@pytest.mark.slow
def test_the_case_file_of_a_case_stays(mail: Path) -> None:
    said = CaseFile(
        {"it": "Titolo", "en": "Title"},
        "An author",
        tlp="RED",
        published="2014-05-30",
        provider="Libero",
        provider_domains=("libero.it",),
        asserted=(Asserted("x_mailer", "Windows Live Mail", "a report"),),
    )
    case = investigate(["a"], mail / "case", case_file=said).investigation
    assert case.case_file == said
    result = investigate(["b"], mail / "case")
    assert result.investigation.case_file == said
    assert result.investigation.audience.tlp == "RED"
    assert contents(mail / "case") == contents(added(mail / "at once", "a+b", case_file=said))
    retitled = CaseFile("Other", provider=said.provider, provider_domains=said.provider_domains,
                        asserted=said.asserted)  # fmt: skip
    assert investigate(["c"], mail / "case", case_file=retitled).messages == 33
    with pytest.raises(CaseError, match="claims of the case file"):
        investigate(["c"], mail / "case", case_file=CaseFile("Other"))


@pytest.mark.slow
def test_a_marking_is_not_lifted_by_leaving_it_out(mail: Path) -> None:
    added(mail / "case", "a", settings=Settings(tlp="RED"))
    assert investigate(["b"], mail / "case").investigation.audience.tlp == "RED"
    said = investigate(["b"], mail / "case", settings=Settings(tlp="GREEN"))
    assert said.investigation.audience.tlp == "GREEN"


def said(run: Callable[[], Result]) -> str:
    return run().stdout.splitlines()[0]


@pytest.mark.slow
@pytest.mark.usefixtures("mail")
def test_the_command_says_what_became_of_the_case() -> None:
    assert shown("investigate", "a", "-o", "case").stdout.startswith("#") is False
    assert said(lambda: shown("investigate", "b", "-o", "case")) == "case: 11 messages added to 10"
    assert (
        said(lambda: shown("investigate", "a", "-o", "case"))
        == "case: nothing new, the case is as it was"
    )
    assert (
        said(lambda: shown("investigate", "a/00.eml", "-o", "case", "--replace"))
        == "case: 20 messages of the case replaced"
    )
    refused = shown("investigate", "b", "-o", "case", "--own", "mx1.reader.example")
    assert refused.exit_code == 2
