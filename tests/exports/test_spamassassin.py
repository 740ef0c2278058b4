"""The format `spamassassin`, judged by SpamAssassin: --lint, then spamd with one child
over members, decoys and genuine mail."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from firsthop.campaign.features.relation import RELATIONS
from firsthop.errors import EngineError
from firsthop.investigation.rule_engines.spamassassin import run
from firsthop.publication.exports.rules.conditions import Compared, FieldPresent, Value
from firsthop.publication.exports.spamassassin.asked import OWN_FIELD, why_not
from firsthop.publication.exports.spamassassin.relations import REGISTRABLE, UNEQUAL
from firsthop.publication.exports.spamassassin.rules import (
    SPAMASSASSIN,
    name_in_report,
    rule_name,
)
from tests.exports.heaps import ham
from tests.exports.judged import (
    HOSTILE,
    UNWRITABLE,
    demand_engine,
    hostile_keys,
    of_members,
    opened,
)
from tests.exports.one_run import GENUINE, OneRun, finds_what_it_means, one_run, uses, write

RELATED = (  # those that one field tells, or that a back-reference can say
    *("subject_is_author", "subject_is_recipient", "name_is_author"),
    *("author_is_recipient", "id_is_helo", "id_is_author", "author_has_no_domain"),
)


@pytest.fixture(scope="module")
def engine() -> None:
    """SpamAssassin, which CI has."""
    demand_engine("spamassassin", "spamassassin", "spamd")


@pytest.fixture(scope="module")
def asked(engine: None, corpus_messages: Path, tmp_path_factory: pytest.TempPathFactory) -> OneRun:
    """All rules over all mail, in one child."""
    genuine = ham(corpus_messages, GENUINE)
    return one_run(SPAMASSASSIN, run, tmp_path_factory.mktemp("spamassassin"), genuine)


@pytest.mark.parametrize("heap", ["planted", "wave"])
def test_members_are_found_and_nothing_else_is_refused(asked: OneRun, heap: str) -> None:
    tried = asked.called(heap)
    assert {rule.strength for rule in tried.rules} >= {"block"}
    for rule in tried.rules:
        hits = asked.hits(rule)
        assert len(hits & set(tried.members)) >= 0.95 * rule.measured.found[0]
        again = {len(asked.messages) - 8 + n for n in range(8)}
        if rule.strength == "block":
            forged = {n for one in asked.tried for n in one.members}  # of one form, both
            assert hits <= {*forged, *again}


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_finds_its_mail(asked: OneRun, value: str) -> None:
    finds_what_it_means(asked, value, "mailer")


@pytest.mark.parametrize("name", RELATED)
def test_a_relation_finds_the_mail_that_has_it(asked: OneRun, name: str) -> None:
    finds_what_it_means(asked, RELATIONS[name], "relation")


@pytest.mark.parametrize("name", sorted(set(RELATIONS) - {*RELATED, "foreign_helo"}))
def test_a_relation_of_registrable_domains_is_in_no_rule(asked: OneRun, name: str) -> None:
    assert not any(uses(rule, "relation") for rule in asked.called(RELATIONS[name]).rules)


def test_the_child_keeps_nothing_of_a_mail(asked: OneRun) -> None:
    assert asked.answers[-8:] == asked.answers[:8]
    assert any(asked.answers[:8])


@pytest.mark.parametrize("value", UNWRITABLE)
def test_what_cannot_be_written_is_in_no_rule(value: str) -> None:
    exported = SPAMASSASSIN.write(of_members(hostile_keys(value)))
    assert exported.rules is not None
    families = {e.family for rule in exported.rules.rules for c in rule.clauses for e in c}
    assert "mailer" not in families


def test_the_same_campaign_gives_the_same_bytes() -> None:
    source, _ = opened("planted")
    assert SPAMASSASSIN.write(source).files == SPAMASSASSIN.write(source).files


def test_what_rules_cannot_compare_is_said() -> None:
    domains = (Value.HELO, Value.AUTHOR_DOMAIN)
    assert why_not(Compared(*domains, True, True)) == REGISTRABLE
    assert why_not(Compared(*domains, False)) == UNEQUAL
    assert why_not(FieldPresent(("x-spam-level",))) == OWN_FIELD
    assert why_not(Compared(Value.ID_HOST, Value.HELO)) is None


def test_captures_of_spamassassin_are_never_used() -> None:
    source, _ = opened("wave")
    assert all(b"%{" not in data for data in SPAMASSASSIN.write(source).files.values())


def test_names_are_given_back() -> None:
    for form in ("block_any", "block_structural", "hunt_any"):
        name = f"firsthop_ca_3181081fb47e_{form}"
        assert name_in_report(rule_name(name)) == name
        assert len(rule_name(name)) <= 40  # of which --lint warns


SPOILS: dict[str, Callable[[str], str]] = {
    "undefined rule": lambda text: re.sub(r"(?m)^header __\w+_1 .*\n", "", text),
    "bad expression": lambda text: re.sub(r"(?m)^(header .*)/(i?m)$", r"\1(/\2", text, count=1),
    "unbalanced sign": lambda text: re.sub(r"(?m)^(header .*)/i?m$", r"\1", text, count=1),
    "truncated file": lambda text: text[: text.index("\nmeta ") + 20],
    "wrong keyword": lambda text: text.replace("\nheader ", "\nheadr ", 1),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_spoiled_rules_are_refused(engine: None, tmp_path: Path, spoil: str) -> None:
    write(SPAMASSASSIN, opened("wave")[0], tmp_path)
    (path,) = tmp_path.glob("*.cf")
    text = path.read_text()
    path.write_text(SPOILS[spoil](text))
    assert path.read_text() != text
    with pytest.raises(EngineError, match="SpamAssassin refuses the rules: "):
        run(tmp_path, [b"Subject: x\n\nx\n"], tmp_path)


def test_rules_over_a_wrong_field_find_no_member(engine: None, tmp_path: Path) -> None:
    """They are in order, so that only members show it."""
    source, heap = opened("planted")
    rules = write(SPAMASSASSIN, source, tmp_path)
    (path,) = tmp_path.glob("*.cf")
    text = path.read_text().replace(" content-type =~ ", " x-content =~ ")
    path.write_text(text.replace(" message-id =~ ", " x-id =~ "))  # one for each clause
    answers = run(tmp_path, heap.members[:4], tmp_path)
    structural = next(rule for rule in rules if rule.form == "structural")
    assert not any(structural.name in names for names in answers)


def test_a_missing_engine_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr("firsthop.system.program.which", lambda *_, **__: None)
    with pytest.raises(EngineError, match="spamd is not installed"):
        run(tmp_path, [], tmp_path)
