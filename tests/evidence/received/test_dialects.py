"""The dialect tables: every example is recognised by its own table alone and read as it
says, and nothing of it is left unread."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest

from firsthop.errors import TableError
from firsthop.evidence.received import dialects
from firsthop.evidence.received.clauses import read_clauses
from firsthop.evidence.received.dialects import CAPTURES, COMMON_TABLE, DIALECTS, Dialect
from firsthop.evidence.received.hop import KINDS, Hop
from firsthop.evidence.received.line import read_received
from firsthop.evidence.received.phrases import Pattern

EXAMPLES = [(d, example) for d in DIALECTS.values() for example in d.examples]


def line_id(value: Any) -> str:
    return value.key if isinstance(value, Dialect) else str(value["line"])[:40]


def text(value: Any) -> str:
    """A value as a table may write it: absent is empty, truth is a word."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_every_table_is_loaded() -> None:
    files = {
        f.name.removesuffix(".toml")
        for f in resources.files("firsthop.evidence.received").joinpath("dialects").iterdir()
        if f.name.endswith(".toml")
    }
    assert set(DIALECTS) == files - {"common"}
    assert {
        "postfix",
        "exim",
        "sendmail",
        "qmail",
        "exchange",
        "gmail",
        "yahoo",
        "aol",
        "proofpoint",
        "italiaonline",
    } <= set(DIALECTS)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda d: d.key)
def test_a_table_has_source_example_and_a_way_to_be_known(dialect: Dialect) -> None:
    table = f"dialects/{dialect.key}.toml"
    assert len(dialect.source) > 20, f"{table}: source says where the form is defined"
    assert dialect.examples, f"{table} has no [[example]]: a real line, and what it says"
    assert dialect.recognisers, f"{table} has no [[recognise]]: nothing is ever read by it"


@pytest.mark.parametrize(("dialect", "example"), EXAMPLES, ids=line_id)
def test_an_example_is_claimed_by_its_own_table_alone(
    dialect: Dialect, example: dict[str, Any]
) -> None:
    claimants = dialects.claimants(read_clauses(example["line"]))
    assert dialect.key in claimants, f"dialects/{dialect.key}.toml does not know its own example"
    assert claimants == [dialect.key], "another dialect claims the example: narrow one of them"
    assert read_received(example["line"]).dialect == dialect.key


@pytest.mark.parametrize(("dialect", "example"), EXAMPLES, ids=line_id)
def test_an_example_reads_as_it_says_and_leaves_nothing(
    dialect: Dialect, example: dict[str, Any]
) -> None:
    hop = read_received(example["line"])
    assert set(example["expect"]) <= set(Hop._fields)
    got = {name: text(getattr(hop, name)) for name in example["expect"]}
    assert got == {name: text(value) for name, value in example["expect"].items()}
    assert hop.unread == ()
    assert hop.kind in KINDS


@pytest.mark.parametrize("dialect", [COMMON_TABLE, *DIALECTS.values()], ids=lambda d: d.key)
def test_captures_are_fields_of_a_hop(dialect: Dialect) -> None:
    for pattern in (*dialect.comments, *dialect.values):
        assert set(pattern.expression.names()) <= CAPTURES <= set(Hop._fields)
        assert dict(pattern.says).get("kind", "smtp") in KINDS


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({}, "'source' is missing"),
        ({"source": "x", "colour": 1}, "unknown key 'colour'"),
        ({"source": "x", "from_word": "y"}, "from_word"),
        ({"source": "x", "comment": [{"pattern": "(?P<colour>.)"}]}, "unknown key 'colour'"),
        (
            {"source": "x", "value": [{"pattern": "x", "set": {"colour": 1}}]},
            "unknown key 'colour'",
        ),
        ({"source": "x", "recognise": [{}]}, "at least one pattern"),
        ({"source": "x", "recognise": [{"by": "x", "colour": 1}]}, "unknown key 'colour'"),
    ],
)
def test_a_broken_table_is_named(table: dict[str, Any], says: str) -> None:
    with pytest.raises(TableError, match=r"dialects/broken\.toml") as error:
        _all_of(dialects._dialect("broken", table))
    assert says in str(error.value)


def _all_of(dialect: Dialect) -> tuple[Pattern, ...]:
    return dialect.comments + dialect.values


def test_a_broken_expression_is_named_when_it_is_asked() -> None:
    broken = dialects._dialect("broken", {"source": "x", "comment": [{"pattern": "("}]})
    with pytest.raises(TableError, match=r"dialects/broken\.toml comment: '\('"):
        broken.comments[0].read("x")
