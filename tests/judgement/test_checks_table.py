"""Every check says what it is: name, reason, false positives, source; its words exist
in every language; its strengths come from counts."""

import ast
import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

import benchmarks.base_rates as counting
import benchmarks.mailers as counting_mailers
import firsthop
import firsthop.judgement.checks as package
from firsthop.judgement.check import Check
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.finding import BaseRate
from firsthop.judgement.rates import base_rates
from firsthop.publication.words import LANGUAGES, WORDS, placeholders, say

ROOT = Path(__file__).parents[2]
FOLDER = Path(package.__file__).parent
FILES = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
# their keys are made in mailer_views.py (test_mailer_words.py)
SAID_BY_VIEWS = {"mailer_boundary", "mailer_fields", "mailer_order"}
TESTS = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted(Path(__file__).parent.rglob("test_*.py"))
    if path != Path(__file__)
)
KEY = re.compile(r"[a-z_]+\.[a-z_*]+")


@cache
def tree_of(name: str) -> ast.Module:
    """The syntax tree of a check's file."""
    return ast.parse((FOLDER / f"{name}.py").read_bytes())


def text_of(node: ast.AST) -> str:
    """A text as it stands in the code; what is put into it is a `*`."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) for part in node.values)
    return "*"


def keys_of(name: str) -> set[str]:
    """The message keys in a check's code: its texts of the form `section.name`."""
    nodes = list(ast.walk(tree_of(name)))
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    texts = (
        text_of(node)
        for node in nodes
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in parts
    )
    return {text for text in texts if KEY.fullmatch(text)}


def any_key(key: str, words: Collection[str]) -> bool:
    """Whether the words have a key, or one of the form of a key with a `*` in it."""
    form = re.compile(re.escape(key).replace(r"\*", "[a-z_0-9]+"))
    return key in words or ("*" in key and any(form.fullmatch(one) for one in words))


def assigned(name: str, node: ast.expr) -> ast.expr:
    """What a name stands for, where the check's file binds it once; else the node."""
    bound = [
        one.value
        for one in ast.walk(tree_of(name))
        if isinstance(one, ast.Assign)
        and isinstance(node, ast.Name)
        and any(isinstance(target, ast.Name) and target.id == node.id for target in one.targets)
    ]
    return bound[0] if len(bound) == 1 else node


def values_of(name: str) -> Iterator[tuple[str, set[str]]]:
    """The keys of findings with the names of their values, where both stand in the call
    that makes the finding."""
    for node in ast.walk(tree_of(name)):
        if not isinstance(node, ast.Call):
            continue
        maker = getattr(node.func, "id", "")
        place = {"Finding": 3, "silent": 1}.get(maker)
        if place is None or len(node.args) <= place or any(k.arg is None for k in node.keywords):
            continue
        key = text_of(node.args[place])
        if maker == "silent":
            yield key, {keyword.arg or "" for keyword in node.keywords}
        elif len(node.args) <= place + 1:
            yield key, set()
        elif isinstance(values := assigned(name, node.args[place + 1]), ast.Tuple):
            pairs = [pair for pair in values.elts if isinstance(pair, ast.Tuple) and pair.elts]
            if len(pairs) == len(values.elts):
                yield key, {text_of(pair.elts[0]) for pair in pairs}


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_a_check_explains_itself(check: Check) -> None:
    assert check.question in ("sender", "mailer", "path")
    assert all(
        len(text) > 20 for text in (check.looks_for, check.why, check.false_positives, check.source)
    )


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_check_is_listed(name: str) -> None:
    listed = {check.look.__module__.rpartition(".")[2]: check for check in CHECKS}
    assert name in listed, (
        f"checks/{name}.py is not in CHECKS (checks/__init__.py): the check does not exist"
    )
    assert listed[name].name == name, f"checks/{name}.py: its NAME is {listed[name].name!r}"


def test_no_two_checks_have_one_name() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_check_has_a_test(name: str) -> None:
    """Somewhere in this folder the check is asked for by its name, or by the words of
    its findings."""
    asked = {f'"{name}"', f" {name}.", f" {name},", *(f'"{key}' for key in keys_of(name))}
    assert any(one in TESTS for one in asked), (
        f"no test of {name}: write tests/judgement/checks/test_{name}.py"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(FILES))
def test_what_a_check_says_has_words(name: str, language: str) -> None:
    """Every message key that a check's code holds: without its sentence, the first
    message that gives the finding ends `examine` with an error."""
    keys = keys_of(name)
    assert keys or name in SAID_BY_VIEWS, (
        f'checks/{name}.py: no message key of the form "section.name" stands in it'
    )
    lacking = sorted(key for key in keys if not any_key(key, WORDS[language]))
    assert lacking == [], f"publication/words/{language}.toml lacks them"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(FILES))
def test_a_sentence_leaves_open_only_what_the_check_fills_in(name: str, language: str) -> None:
    for key, given in values_of(name):
        text = WORDS[language].get(key, "")
        forms = text.values() if isinstance(text, dict) else [text]
        unfilled = set().union(*map(placeholders, forms)) - given
        assert unfilled == set(), f"words/{language}.toml {key}: checks/{name}.py gives no value"


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_a_check_is_counted_or_says_why_not(check: Check) -> None:
    counted = bool(base_rates.base_rates(check.name)) or check.question == "mailer"
    assert counted or check.not_counted, (
        f"{check.name} has no base rate: count it (benchmarks/base_rates.py), or say in "
        f"`not_counted` of its Check why there is none"
    )
    assert not (counted and check.not_counted), f"{check.name} is counted: not_counted goes"


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_mark_that_a_check_weighs_is_counted(name: str) -> None:
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "base_rate":
            mark = node.args[1]
            if isinstance(mark, ast.Constant):
                assert mark.value in base_rates.base_rates(name), (
                    f"checks/{name}.py weighs {mark.value!r}, which base_rates.toml does not hold"
                )


def test_counts_are_written_where_they_are_read() -> None:
    folder = Path(base_rates.__file__).parent
    assert counting.TABLE == folder / "base_rates.toml"
    assert counting_mailers.TABLE == folder / "mailer_rates.toml"


def test_all_findings_of_the_cases_can_be_said() -> None:
    """In every language, with the values that the checks gave."""
    said = set()
    for path in [*(ROOT / "tests" / "cases").rglob("*.eml"), ROOT / "examples" / "libero-2014"]:
        for message in firsthop.read([path]):
            if isinstance(message, firsthop.Skipped):
                continue
            for finding in firsthop.examine(firsthop.trace(message)).findings:
                said.add(finding.check)
                for language in LANGUAGES:
                    assert say(language, finding.message_key, dict(finding.values))
    assert len(said) > 10


def test_counts_are_possible() -> None:
    for marks in base_rates._TABLE.values():
        for entry in marks.values():
            for k, n in (entry["holds"], entry["fails"]):
                assert 0 <= k <= n
                assert n > 0
            for language in LANGUAGES:
                assert f"corpus.{entry['corpus']}" in WORDS[language]


def test_a_count_of_zero_gives_no_certainty() -> None:
    rate = BaseRate("x", (0, 19), (25, 25))
    assert rate.likelihood_ratio == pytest.approx((0.5 / 20) / (25.5 / 26))
    assert rate.bits == pytest.approx(-5.293, abs=1e-3)


def test_an_uncounted_mark_has_no_strength() -> None:
    assert base_rates.base_rate("hops_meet", "never counted") is None
