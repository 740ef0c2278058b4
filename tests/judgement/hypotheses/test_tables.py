"""The tables of questions: every share is bounded and has its source, every answer and
every finding is named where it has to be, and a broken table says where."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from firsthop import statements
from firsthop.errors import TableError
from firsthop.judgement.hypotheses.likelihood import HIGHEST, LOWEST
from firsthop.judgement.hypotheses.question import Question, questions, read_question
from firsthop.publication.words import LANGUAGES, WORDS
from tests.judgement.hypotheses.cases import every_question


@pytest.mark.parametrize("question", every_question(), ids=lambda one: one.key)
def test_shares_are_bounded_and_have_a_source(question: Question) -> None:
    assert sum(question.priors.values()) == pytest.approx(1)
    for one in question.predictions:
        assert len(one.source) > 40, one.key
        assert bool(one.shares) != bool(one.no_weight), one.key
        for low, guess, high in one.shares.values():
            assert LOWEST <= low <= guess <= high <= HIGHEST, one.key
        if one.shares:
            guesses = [share[1] for share in one.shares.values()]
            assert max(guesses) - min(guesses) >= 0.2, f"{one.key} tells no answers apart"


def test_the_case_file_knows_the_same_answers_and_what_only_people_can_tell() -> None:
    assert {one.key: one.answers for one in questions()} == statements.QUESTIONS
    told = {
        one.key
        for question in questions()
        for one in question.predictions
        if one.ask and not one.ask.startswith("operator_")
    }
    for key in told - statements.STATEMENTS.keys():
        pytest.fail(f"{key}: who can state it has no key in firsthop/statements.py")
    assert statements.STATEMENTS.keys() - told == set(), "statements that no table weighs"


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_its_words(language: str) -> None:
    wanted = set()
    for question in questions():
        wanted |= {f"question.{question.key}"}
        wanted |= {f"answer.{question.key}.{answer}" for answer in question.answers}
        wanted |= {f"short.{question.key}.{answer}" for answer in question.answers}
        for one in question.predictions:
            wanted |= {f"finding.{one.key}"} | ({f"ask.{one.ask}"} if one.ask else set())
            wanted |= {f"no_weight.{one.key}"} if one.no_weight else set()
            wanted |= {f"keyed.{question.key}"} if one.keyed else set()
    groups = ("question", "answer", "short", "finding", "ask", "no_weight", "keyed")
    there = {
        key.removeprefix("hypotheses.")
        for key in WORDS[language]
        if key.startswith(tuple(f"hypotheses.{group}." for group in groups))
    }
    for key in sorted(wanted - there):
        pytest.fail(f"words/{language}.toml lacks hypotheses.{key}")
    assert there - wanted == set(), f"words/{language}.toml: nobody asks for these"


TABLE: dict[str, Any] = {
    "answers": ["a", "b"],
    "source": "somebody",
    "prior": "even",
    "finding": [
        {
            "key": "f",
            "group": "g",
            "source": "somebody else",
            "predicts": {"a": [0.1, 0.2, 0.3], "b": [0.5, 0.6, 0.7]},
        }
    ],
}


def with_finding(**changes: Any) -> dict[str, Any]:
    table = deepcopy(TABLE)
    table["finding"][0] |= changes
    return table


def test_a_whole_table_is_read() -> None:
    assert read_question("q", TABLE).priors == {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (with_finding(predicts={"a": [0.1, 0.2, 0.3]}), "exactly the answers"),
        (with_finding(predicts={"a": [0.1, 0.2, 0.3], "b": [0.5, 0.6, 0.99]}), "0.02 and 0.98"),
        (with_finding(predicts={"a": [0.1, 0.2, 0.3], "b": [0.7, 0.6, 0.8]}), "not in order"),
        (with_finding(predicts={"a": [0.1, 0.2], "b": [0.7, 0.6]}), "lowest, best guess"),
        (with_finding(no_weight="none"), "either predicts or no_weight"),
        (with_finding(source=" "), "is empty"),
        (with_finding(shares={}), "unknown key 'shares'"),
        (TABLE | {"finding": TABLE["finding"] * 2}, "stands twice"),
        (TABLE | {"priors": {"a": 0.5, "b": 0.6}}, "add up to 1"),
        (TABLE | {"priors": {"a": 1.0, "b": 0.0}}, "above 0"),
        (TABLE | {"priors": {"a": 1.0}}, "exactly the answers"),
        ({key: value for key, value in TABLE.items() if key != "source"}, "'source' is missing"),
    ],
)
def test_a_broken_table_names_its_fault(table: dict[str, Any], says: str) -> None:
    with pytest.raises(TableError, match=f"hypotheses/tables/q.toml.*{says}"):
        read_question("q", table)
