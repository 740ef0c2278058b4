"""The questions about causes, each with rival answers, from `tables/*.toml`.

    answers = ["provider", "user_pcs"]      in the order in which they are shown
    source = "..."                          whose list of answers it is
    prior = "..."                           why all answers are alike before the mail is
                                            looked at, or what [priors] rest on
    [priors]                                provider = 0.6, user_pcs = 0.4; may lack
    [[finding]]
    key = "logged_in"                       what is counted: k of n
    group = "submission"                    findings of one group are one witness
    source = "..."                          where the predictions come from
    ask = "relays"                          who can tell what is not known
    [finding.predicts]                      share: lowest, best guess, highest
    provider = [0.3, 0.6, 0.9]

In place of `predicts`, `no_weight` says why a finding weighs nothing here. `keyed =
true`: it weighs nothing where the mail was collected by the authors' domain.
Raises:     TableError for a table that breaks this form, or whose shares lie outside
            LOWEST and HIGHEST (likelihood.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from firsthop.errors import TableError
from firsthop.judgement.hypotheses.likelihood import HIGHEST, LOWEST
from firsthop.system.toml_tables import demand, package_tables

# in the order in which they are answered; each is a table
ORDER = ("transmission", "contacts", "one_provider", "account")
_KEYS = {"answers", "source", "prior", "priors", "finding"}
_FINDING_KEYS = {"key", "group", "source", "ask", "predicts", "no_weight", "keyed"}

Share = tuple[float, float, float]  # lowest, best guess, highest


@dataclass(frozen=True, slots=True)
class Prediction:
    """What each answer to a question predicts of one finding."""

    key: str
    group: str
    source: str
    ask: str | None  # None: nobody needs to be asked, it is counted from the mail
    shares: Mapping[str, Share]  # by answer; empty: it has no weight
    no_weight: str  # why it has none; "" where it has
    keyed: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its rival answers."""

    key: str
    answers: tuple[str, ...]
    source: str
    prior_source: str
    priors: Mapping[str, float]
    predictions: tuple[Prediction, ...]


@cache
def questions() -> tuple[Question, ...]:
    """All questions, in their order."""
    tables = dict(package_tables(__package__, "tables"))
    if set(tables) != set(ORDER):
        raise TableError(f"hypotheses/tables: {', '.join(sorted(tables))} are not {ORDER}")
    return tuple(read_question(key, tables[key]) for key in ORDER)


def read_question(key: str, table: dict[str, Any]) -> Question:
    """The question in a table."""
    where = f"hypotheses/tables/{key}.toml"
    demand(where, table, _KEYS, _KEYS - {"priors"})
    answers = tuple(table["answers"])
    priors = table.get("priors", dict.fromkeys(answers, 1 / len(answers)))
    if priors.keys() != set(answers):
        raise TableError(f"{where}: priors must name exactly the answers")
    if abs(sum(priors.values()) - 1) > 1e-9 or min(priors.values()) <= 0:
        raise TableError(f"{where}: the priors must be above 0 and add up to 1")
    found = tuple(_prediction(one, answers, where) for one in table["finding"])
    if len({one.key for one in found}) != len(found):
        raise TableError(f"{where}: a finding stands twice")
    return Question(key, answers, table["source"], table["prior"], priors, found)


def _prediction(entry: dict[str, Any], answers: tuple[str, ...], where: str) -> Prediction:
    where = f"{where}: finding {entry.get('key')!r}"
    demand(where, entry, _FINDING_KEYS, ("key", "group", "source"))
    if ("predicts" in entry) == ("no_weight" in entry):
        raise TableError(f"{where}: either predicts or no_weight")
    if not entry["source"].strip() or not entry.get("no_weight", "x").strip():
        raise TableError(f"{where}: a source or a reason is empty")
    shares = {answer: _share(share, where) for answer, share in entry.get("predicts", {}).items()}
    if shares and shares.keys() != set(answers):
        raise TableError(f"{where}: predicts must name exactly the answers")
    return Prediction(
        entry["key"],
        entry["group"],
        entry["source"],
        entry.get("ask"),
        shares,
        entry.get("no_weight", ""),
        entry.get("keyed", False),
    )


def _share(share: Any, where: str) -> Share:
    if not isinstance(share, list) or len(share) != 3:
        raise TableError(f"{where}: a prediction is lowest, best guess, highest")
    low, guess, high = map(float, share)
    if not LOWEST <= low <= guess <= high <= HIGHEST:
        raise TableError(f"{where}: {share} is not in order within {LOWEST} and {HIGHEST}")
    return low, guess, high
