"""The causes in publications: likelihood in words and never in one sentence with
confidence, no bare score, statements marked as the analyst's, JSON as its schema
says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from firsthop.faces.cli.configuration import case_file_of
from firsthop.investigation.investigate import InvestigationResult, investigate
from firsthop.publication.words import LANGUAGES, WORDS, say
from tests.publication.schemas import HYPOTHESES, VALIDATORS, faults, in_order, objects, root

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "libero-2014"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, InvestigationResult]:
    told, file = case_file_of(None, [str(EXAMPLE)])
    out = tmp_path_factory.mktemp("case") / "libero"
    return out, investigate([EXAMPLE], out, case_file=told, case_file_path=file)


def section(case: tuple[Path, InvestigationResult], language: str) -> str:
    text = (case[0] / f"bulletin.{language}.md").read_text(encoding="utf-8")
    return text.split(f"## {say(language, 'title.hypotheses')}\n", 1)[1].split("\n## ", 1)[0]


def test_the_sentences_of_2014(case: tuple[Path, InvestigationResult]) -> None:
    english, italian = section(case, "en"), section(case, "it")
    for sentence in (
        "It is likely that the messages were sent through abused accounts on other people's",
        "The evidence does not decide it.",
        "A forged name is as likely after malware as after a breach.",
        "Mail with the same marks under other names could then not come into the case",
        "yes, as the analyst states (`Yarix bulletin, 30 May 2014`)",
        "It hangs on one finding, namely whether the path names servers of the provider.",
        "The operators of the relays: which account logged in",
    ):
        assert sentence in english
    for sentence in (
        "È probabile che i messaggi siano stati spediti con account abusati su relay di",
        "Gli elementi disponibili non permettono di decidere.",
        "sì, secondo l'analista",
    ):
        assert sentence in italian


@pytest.mark.parametrize("language", LANGUAGES)
def test_likelihood_and_confidence_stand_in_different_sentences(language: str) -> None:
    likely = {say(language, key) for key in WORDS[language] if ".likelihood." in key}
    unsure = {"en": "onfidence", "it": "fiducia"}
    for key, text in WORDS[language].items():
        if not key.startswith("hypotheses."):
            continue
        for sentence in re.split(r"(?<=[.?!]) ", str(text)):
            speaks = unsure.get(language, "\0") in sentence
            assert not (speaks and any(word in sentence for word in likely)), key
    assert all(f"hypotheses.outcome.{w}" in WORDS[language] for w in WORDS_OF_LIKELIHOOD)


WORDS_OF_LIKELIHOOD = (
    "almost_no_chance very_unlikely unlikely roughly_even likely very_likely almost_certain".split()
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_probability_stands_in_a_sentence(
    case: tuple[Path, InvestigationResult], language: str
) -> None:
    lines = [line for line in section(case, language).splitlines() if not line.startswith("|")]
    assert not re.search(r"\d+ ?%|\d[.,]\d|\bbits?\b", "\n".join(lines))


def test_the_opening_says_what_is_decided(case: tuple[Path, InvestigationResult]) -> None:
    opening = case[1].lines("en")[0]
    assert opening.count("It is ") == 2
    assert "It is likely that the messages were sent through abused accounts" in opening


def test_the_json_is_as_its_schema_says(case: tuple[Path, InvestigationResult]) -> None:
    told: list[dict[str, Any]] = json.loads(
        (case[0] / "hypotheses.json").read_text(encoding="utf-8")
    )
    assert [one["question"] for one in told] == [
        "transmission",
        "contacts",
        "one_provider",
        "account",
    ]
    assert faults(told, HYPOTHESES) == []
    assert told[0]["decided"] == "abused_accounts"
    assert told[1]["decided"] is None
    for one in told:
        assert sum(a["probability"] for a in one["answers"]) == pytest.approx(1, abs=0.005)
    stated = [f for one in told for f in one["findings"] if f["stated_by"]]
    assert [(f["finding"], f["k"], f["n"]) for f in stated] == [("recipients_are_contacts", 1, 1)]
    count = len(list(objects(told, root(HYPOTHESES))))
    assert count > 60
    for number in range(0, count, 7):
        again = json.loads(json.dumps(told))
        one, known = list(objects(again, root(HYPOTHESES)))[number]
        if known:
            assert list(one) == in_order(one, known)
            one["forgotten"] = 1
            assert not VALIDATORS[HYPOTHESES].is_valid(again)


def test_a_heap_without_a_provider_says_so(tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text("From: a@example.org\n\nhello\n")
    investigate([tmp_path / "mail.eml"], tmp_path / "case")
    assert json.loads((tmp_path / "case" / "hypotheses.json").read_text()) == []
    text = (tmp_path / "case" / "bulletin.en.md").read_text(encoding="utf-8")
    assert "none stands out here" in text
