"""The format `rspamd`, judged by Rspamd: configtest, then /checkv2 over members, decoys
and genuine mail."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from firsthop.campaign.features.relation import RELATIONS
from firsthop.errors import EngineError
from firsthop.investigation.rule_engines.rspamd import run
from firsthop.publication.exports.rspamd.asked import long_string
from firsthop.publication.exports.rspamd.rules import RSPAMD, SCORES_FILE
from firsthop.publication.exports.rules.translate import Untranslatable, condition_of
from tests.exports.heaps import ham
from tests.exports.judged import (
    HOSTILE,
    UNWRITABLE,
    demand_engine,
    hostile_keys,
    of_members,
    opened,
)
from tests.exports.one_run import GENUINE, OneRun, finds_what_it_means, one_run, write

RELATED = tuple(
    name
    for name, value in RELATIONS.items()
    if not isinstance(condition_of("relation", value), Untranslatable)
)


@pytest.fixture(scope="module")
def engine() -> None:
    """Rspamd, which CI has."""
    demand_engine("rspamd", "rspamd", "rspamadm")


@pytest.fixture(scope="module")
def asked(engine: None, corpus_messages: Path, tmp_path_factory: pytest.TempPathFactory) -> OneRun:
    """All rules over all mail, in one child."""
    genuine = ham(corpus_messages, GENUINE)
    return one_run(RSPAMD, run, tmp_path_factory.mktemp("rspamd"), genuine)


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


def test_the_worker_keeps_nothing_of_a_mail(asked: OneRun) -> None:
    assert asked.answers[-8:] == asked.answers[:8]
    assert any(asked.answers[:8])


@pytest.mark.parametrize("value", UNWRITABLE)
def test_what_cannot_be_written_is_in_no_rule(value: str) -> None:
    exported = RSPAMD.write(of_members(hostile_keys(value)))
    assert exported.rules is not None
    families = {e.family for rule in exported.rules.rules for c in rule.clauses for e in c}
    assert "mailer" not in families


def test_the_same_campaign_gives_the_same_bytes() -> None:
    source, _ = opened("planted")
    assert RSPAMD.write(source).files == RSPAMD.write(source).files


@pytest.mark.parametrize("text", ["", "]", "]]", "a]]b]=]c", "]==]", "[[", "]="])
def test_a_long_string_ends_where_it_was_to_end(text: str) -> None:
    written = long_string(text)
    opening = written[: written.index("[", 1) + 1]
    closing = opening.replace("[", "]")
    assert written == f"{opening}{text}{closing}"
    assert written.index(closing, len(opening)) == len(opening) + len(text)


def test_names_are_given_back(asked: OneRun) -> None:
    """Of all rules that met anything: they are those of the report."""
    known = {rule.name for tried in asked.tried for rule in tried.rules}
    assert set().union(*asked.answers) <= known


LUA, CONF = "*.lua", SCORES_FILE
SPOILS: dict[str, tuple[str, Callable[[str], str]]] = {
    "undefined function": (LUA, lambda text: text.replace("\n  compared(", "\n  compare(", 1)),
    "bad expression": (LUA, lambda text: re.sub(r"(\n  field\(.*)\]\], '", r"\1(]], '", text)),
    "unbalanced quote": (LUA, lambda text: text.replace("{name = '", "{name = ", 1)),
    "truncated file": (LUA, lambda text: text[: text.rindex("clauses")]),
    "unbalanced scores": (CONF, lambda text: text[: text.rindex("}")]),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_spoiled_rules_are_refused(engine: None, tmp_path: Path, spoil: str) -> None:
    write(RSPAMD, opened("wave")[0], tmp_path)
    name, change = SPOILS[spoil]
    (path,) = tmp_path.glob(name)
    text = path.read_text()
    path.write_text(change(text))
    assert path.read_text() != text
    with pytest.raises(EngineError, match="Rspamd refuses the rules: "):
        run(tmp_path, [b"Subject: x\n\nx\n"], tmp_path)


def test_rules_over_a_wrong_field_find_no_member(engine: None, tmp_path: Path) -> None:
    """They are in order, so that only members show it."""
    source, heap = opened("planted")
    rules = write(RSPAMD, source, tmp_path)
    (path,) = tmp_path.glob(LUA)
    text = path.read_text().replace("[[content-type]]", "[[x-content]]")
    path.write_text(text.replace("[[message-id]]", "[[x-id]]"))  # one for each clause
    answers = run(tmp_path, heap.members[:4], tmp_path)
    structural = next(rule for rule in rules if rule.form == "structural")
    assert not any(structural.name in names for names in answers)


def test_a_missing_engine_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr("firsthop.system.program.which", lambda *_, **__: None)
    with pytest.raises(EngineError, match="rspamd is not installed"):
        run(tmp_path, [], tmp_path)
