"""What the analyst states about a case beyond its mail, and which answers are held
likelier before the mail is looked at: the part of the case file that causes are weighed
by.

    collected_by = "author_domain"          or "anything": how the mail came to the case
    evidence_grade = "B2"                   of excerpts and mail, in the Admiralty code
    [[statement]]                           key (one of STATEMENTS), source, grade, and
                                            value: true, false, or [5, 7] for 5 of 7
    [priors.transmission]                   abused_accounts = 0.4: what is not named
                                            shares the rest evenly

A statement is the analyst's and is marked so wherever it appears.
Raises:     SettingsError, one line, for what breaks this form or contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firsthop.errors import SettingsError
from firsthop.system.given_file import shown
from firsthop.system.given_line import steers
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

# each with what is counted, and of how many
STATEMENTS = {
    "relays_confirm_logins": "relays whose log shows the login, of those asked",
    "relays_are_open": "relays that send for anybody, by mail or by a web script, of those tried",
    "malware_found": "users' PCs with malware that steals contacts or sends, of those examined",
    "recipients_are_contacts": (
        "recipients known to the forged author, from the address book or by mail, of those compared"
    ),
    "correspondents_only": (
        "recipients once written to who never stood in an address book, of those compared"
    ),
    "one_cut_off": "whether the contacts of all victims end on one day",
    "victims_without_pc": (
        "victims whose account is unused, or used by webmail or a Mac alone, of those asked"
    ),
    "foreign_logins": (
        "accounts with logins from where their user never was, of those whose history was looked at"
    ),
    "canary_at_provider": "canary addresses that got the mail, of those at the provider alone",
    "canary_at_third_party": (
        "canary addresses that got the mail, of those given to a third party alone"
    ),
    "canary_on_pc": "canary addresses that got the mail, of those on one PC alone",
    "provider_confirms_breach": "whether the provider says that it was broken into",
    "other_domains_reported": (
        "collectors that see the same marks under other authors' domains, of those asked"
    ),
    "copies_in_sent_folder": (
        "authors' accounts with a copy of the mail among the sent ones, of those looked at"
    ),
}
QUESTIONS = {
    "transmission": ("provider", "user_pcs", "abused_accounts", "open_relays", "bulk_sender"),
    "contacts": (
        "malware",
        "provider_breach",
        "phished_accounts",
        "third_party",
        "recipients_side",
        "harvested",
    ),
    "one_provider": ("one_provider", "several_providers"),
    "account": ("taken_over", "imitated"),
}  # fmt: skip
COLLECTED_BY = ("author_domain", "anything")
GRADE = compiled(r"[A-F][1-6]")
YES_OR_NO = {"one_cut_off", "provider_confirms_breach"}
MOST = 10**9  # of anything that is counted
LONGEST = 300  # characters of a source
LEAST_PRIOR, MOST_PRIOR = 0.001, 0.99  # nothing is excluded or certain beforehand


class Statement(NamedTuple):
    """One statement of the analyst: k of n."""

    key: str
    k: int
    n: int
    source: str
    grade: str  # Admiralty code


def read_statements(entries: Any, where: str) -> tuple[Statement, ...]:
    """The statements of a case file."""
    if not isinstance(entries, list):
        raise SettingsError(f"{where}: statement must be a list of tables, [[statement]]")
    statements = tuple(_statement(entry, where) for entry in entries)
    by_key: dict[str, Statement] = {}
    for one in statements:
        if one.key in by_key:
            raise SettingsError(f"{where}: statement {one.key} stands twice: say it once")
        by_key[one.key] = one
    known, only = by_key.get("recipients_are_contacts"), by_key.get("correspondents_only")
    if known and only and not known.k and only.k:
        raise SettingsError(
            f"{where}: statements contradict each other: recipients_are_contacts is 0 of "
            f"{known.n}, and correspondents_only is {only.k} of {only.n}"
        )
    return statements


def _statement(entry: Any, where: str) -> Statement:
    if not isinstance(entry, dict) or entry.keys() != {"key", "value", "source", "grade"}:
        raise SettingsError(f"{where}: a statement needs exactly key, value, source and grade")
    key, source = entry["key"], entry["source"]
    if not isinstance(key, str) or key not in STATEMENTS:
        raise SettingsError(
            f"{where}: statement key {shown(key)} is unknown; known are {', '.join(STATEMENTS)}"
        )
    if not isinstance(source, str) or not 0 < len(source.strip()) <= LONGEST or steers(source):
        raise SettingsError(
            f"{where}: statement {key}: source must be a text of {LONGEST} characters at most"
        )
    k, n = _count(entry["value"], key, where)
    return Statement(key, k, n, source, grade(entry["grade"], f"{where}: statement {key}: grade"))


def table_of(statement: Statement) -> dict[str, Any]:
    """The statement with the keys of a case file."""
    told = bool(statement.k) if statement.key in YES_OR_NO else [statement.k, statement.n]
    return {
        "key": statement.key,
        "value": told,
        "source": statement.source,
        "grade": statement.grade,
    }


def _count(value: Any, key: str, where: str) -> tuple[int, int]:
    if isinstance(value, bool):
        return int(value), 1
    if key in YES_OR_NO:
        raise SettingsError(f"{where}: statement {key}: value must be true or false")
    counts = isinstance(value, list) and len(value) == 2 and all(type(one) is int for one in value)
    if not counts or not 0 <= value[0] <= value[1] <= MOST or not value[1]:
        raise SettingsError(
            f"{where}: statement {key}: value must be true, false, or two numbers such as [5, 7] "
            f"for 5 of 7"
        )
    return value[0], value[1]


def grade(value: Any, where: str) -> str:
    """A grade of the Admiralty code."""
    if not isinstance(value, str) or not GRADE.fullmatch(value):
        raise SettingsError(f"{where} must be a letter A to F and a digit 1 to 6, such as B2")
    return value


def collected_by(table: Mapping[str, Any], where: str) -> str | None:
    """How the mail came to the case; None: it is not said."""
    value = table.get("collected_by")
    if value is not None and value not in COLLECTED_BY:
        raise SettingsError(f"{where}: collected_by must be one of {', '.join(COLLECTED_BY)}")
    return value


def read_priors(table: Any, where: str) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """The priors of a case file: by question, in the order of its answers."""
    if not isinstance(table, dict):
        raise SettingsError(f"{where}: priors must be tables, [priors.QUESTION]")
    return tuple((key, _priors(key, named, where)) for key, named in table.items())


def priors_table(priors: tuple[tuple[str, tuple[float, ...]], ...]) -> dict[str, Any]:
    """The priors with the keys of a case file."""
    return {
        question: dict(zip(QUESTIONS[question], values, strict=True)) for question, values in priors
    }


def _priors(question: str, named: Any, where: str) -> tuple[float, ...]:
    where = f"{where}: priors.{question}"
    if question not in QUESTIONS:
        raise SettingsError(f"{where} is no question; known are {', '.join(QUESTIONS)}")
    answers = QUESTIONS[question]
    if not isinstance(named, dict) or not named or named.keys() - set(answers):
        raise SettingsError(f"{where} must name answers among {', '.join(answers)}")
    if any(
        isinstance(one, bool)
        or not isinstance(one, int | float)
        or not LEAST_PRIOR <= one <= MOST_PRIOR
        for one in named.values()
    ):
        raise SettingsError(f"{where}: a prior must lie between {LEAST_PRIOR} and {MOST_PRIOR}")
    rest, others = 1 - sum(named.values()), len(answers) - len(named)
    if (others and rest / others < LEAST_PRIOR) or (not others and abs(rest) > 1e-6):
        raise SettingsError(f"{where}: the priors must add up to 1, with a rest for the others")
    return tuple(float(named.get(answer, rest / others if others else 0)) for answer in answers)
