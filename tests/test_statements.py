"""The part of the case file that causes are weighed by: every mistake is told in one
line that names file and key."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from firsthop.case_file import CaseFile, read_case_file
from firsthop.errors import SettingsError
from firsthop.statements import LONGEST, QUESTIONS, Statement

WHOLE = """
collected_by = "anything"
evidence_grade = "B2"
claimed_provider = { name = "Libero", domains = ["libero.it"], country = "it" }
[[statement]]
key = "foreign_logins"
value = [4, 5]
source = "the provider"
grade = "A2"
[[statement]]
key = "one_cut_off"
value = false
source = "us"
grade = "F6"
[priors.transmission]
abused_accounts = 0.4
[priors.account]
taken_over = 0.25
imitated = 0.75
"""


def read(text: str) -> CaseFile:
    return read_case_file(tomllib.loads(text), "case.toml")


def test_a_whole_case_file() -> None:
    told = read(WHOLE)
    assert told.statements == (
        Statement("foreign_logins", 4, 5, "the provider", "A2"),
        Statement("one_cut_off", 0, 1, "us", "F6"),
    )
    assert (told.collected_by, told.evidence_grade, told.provider_country) == (
        "anything",
        "B2",
        "IT",
    )
    priors = dict(told.priors)
    assert priors["transmission"] == pytest.approx((0.15, 0.15, 0.4, 0.15, 0.15))
    assert priors["account"] == (0.25, 0.75)
    assert all(sum(one) == pytest.approx(1) for one in priors.values())


def test_nothing_said_is_nothing() -> None:
    told = read("")
    assert (told.statements, told.priors, told.collected_by, told.evidence_grade) == (
        (),
        (),
        None,
        None,
    )


def statement(**changes: Any) -> dict[str, Any]:
    whole = {"key": "foreign_logins", "value": True, "source": "us", "grade": "B2"}
    return {"statement": [{**whole, **changes}]}


TWICE = {"statement": statement()["statement"] * 2}
AGAINST = {
    "statement": [
        *statement(key="recipients_are_contacts", value=[0, 9])["statement"],
        *statement(key="correspondents_only", value=[2, 9])["statement"],
    ]
}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"statement": {"key": "x"}}, "must be a list of tables"),
        ({"statement": [7]}, "exactly key, value, source and grade"),
        ({"statement": [{"key": "foreign_logins", "value": True}]}, "exactly key, value"),
        (statement(key="they_did_it"), "'they_did_it' is unknown"),
        (statement(key=["foreign_logins"]), "is unknown"),
        (statement(value=1), "two numbers such as"),
        (statement(value="true"), "two numbers such as"),
        (statement(value=[1.0, 2.0]), "two numbers such as"),
        (statement(value=[True, True]), "two numbers such as"),
        (statement(value=[5, 4]), "two numbers such as"),
        (statement(value=[-1, 4]), "two numbers such as"),
        (statement(value=[0, 0]), "two numbers such as"),
        (statement(value=[1, 10**30]), "two numbers such as"),
        (statement(value=[1, 2, 3]), "two numbers such as"),
        (statement(key="one_cut_off", value=[1, 2]), "must be true or false"),
        (statement(source=""), "source must be a text"),
        (statement(source=3), "source must be a text"),
        (statement(source="x" * (LONGEST + 1)), "source must be a text"),
        (statement(grade="B"), "a letter A to F and a digit"),
        (statement(grade="B2\n"), "a letter A to F and a digit"),
        (statement(grade=12), "a letter A to F and a digit"),
        (TWICE, "statement foreign_logins stands twice"),
        (AGAINST, "contradict each other"),
        ({"evidence_grade": "Z9"}, "evidence_grade must be a letter"),
        ({"collected_by": "us"}, "collected_by must be one of"),
        ({"collected_by": ["anything"]}, "collected_by must be one of"),
        ({"claimed_provider": {"country": "Italy"}}, "country must be two letters"),
        ({"priors": 3}, r"must be tables, \[priors.QUESTION\]"),
        ({"priors": {"culprit": {}}}, "priors.culprit is no question"),
        ({"priors": {"account": {}}}, "must name answers among"),
        ({"priors": {"account": {"nobody": 0.5}}}, "must name answers among"),
        ({"priors": {"account": {"imitated": 1.0}}}, "between 0.001 and 0.99"),
        ({"priors": {"account": {"imitated": 0}}}, "between 0.001 and 0.99"),
        ({"priors": {"account": {"imitated": True}}}, "between 0.001 and 0.99"),
        ({"priors": {"account": {"imitated": float("nan")}}}, "between 0.001 and 0.99"),
        ({"priors": {"account": {"imitated": 0.5, "taken_over": 0.6}}}, "add up to 1"),
        ({"priors": {"contacts": {"malware": 0.9, "harvested": 0.2}}}, "add up to 1"),
    ],
)
def test_a_mistake_is_one_line_that_names_file_and_key(table: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says) as raised:
        read_case_file(table, "case.toml")
    assert str(raised.value).startswith("case.toml: ")
    assert "\n" not in str(raised.value)


def test_questions_have_at_least_two_answers() -> None:
    assert all(len(set(answers)) == len(answers) > 1 for answers in QUESTIONS.values())
