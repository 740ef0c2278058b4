"""The descriptions: none can forget what its class has, and the JSON and the Parquet
that are made of one say the same of every message of the corpora."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from firsthop.case.parquet.columns import TABLES
from firsthop.evidence.bulk.read import read_batch
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.schema.columns import table
from firsthop.evidence.schema.hop import HOP, HOPS
from firsthop.evidence.schema.hop_parts import MTA
from firsthop.evidence.schema.vocabulary import TEXT, Attribute, Record
from firsthop.evidence.timestamp import LAST_INSTANT, utc_text
from firsthop.mail.sources.raw import raw_mail
from firsthop.publication.json.message import trace_object
from firsthop.publication.json.writer import writer
from firsthop.settings import OwnServers


class Pair(NamedTuple):
    one: str
    other: str


ONE = Attribute("one", TEXT, "The one.")


def test_a_forgotten_field_cannot_be_imported() -> None:
    with pytest.raises(TypeError, match="the schema of pair says nothing of other"):
        Record("pair", "A pair.", (ONE,), covers={"": Pair})
    Record("pair", "A pair.", (ONE,), covers={"": Pair}, apart={"other": "it is the same"})


def test_a_new_field_of_a_hop_cannot_be_forgotten() -> None:
    longer = NamedTuple("Longer", [*((name, Any) for name in Hop._fields), ("new", Any)])  # type: ignore[misc]
    with pytest.raises(TypeError, match=r"nothing of hop\.new"):
        Record(HOP.name, HOP.sentence, HOP.attributes, covers={**HOP.covers, "hop": longer})
    shorter = tuple(one for one in HOP.attributes if one.name != "via")
    with pytest.raises(TypeError, match=r"nothing of hop\.via"):
        Record(HOP.name, HOP.sentence, shorter, covers=HOP.covers)


def test_what_a_record_within_a_record_leaves_out_is_found() -> None:
    less = Record(MTA.name, MTA.sentence, MTA.attributes[:1])
    changed = tuple(one if one.kind is not MTA else mta(less) for one in HOP.attributes)
    with pytest.raises(TypeError, match=r"nothing of hop\.mta_version"):
        Record(HOP.name, HOP.sentence, changed, covers=HOP.covers)


def mta(record: Record) -> Attribute:
    return Attribute("mta", record, "The writer's software.", "None.", of="hop", row="")


def test_a_key_or_a_column_twice_cannot_be_imported() -> None:
    with pytest.raises(TypeError, match="a key stands twice"):
        Record("pair", "A pair.", (ONE, ONE))
    twice = Record("pair", "A pair.", (ONE, ONE._replace(name="two", column="one")))
    with pytest.raises(TypeError, match="a column stands twice"):
        table("pairs", twice, Pair)


def test_a_column_that_no_row_has_cannot_be_imported() -> None:
    with pytest.raises(TypeError, match="a row has no three"):
        table("pairs", Record("pair", "A pair.", (Attribute("three", TEXT, "A third."),)), Pair)


def test_every_column_is_described() -> None:
    for one in TABLES:
        assert one.sentence.endswith(".")
        for column in one.columns:
            assert column.sentence.endswith("."), column.name
            assert not column.null or column.null.endswith("."), column.name


def test_the_columns_that_the_json_had_alone_are_there() -> None:
    assert {"via", "orcpt"} <= HOPS.types.keys()


def test_a_key_of_another_word_is_left_out() -> None:
    attributes = (ONE, Attribute("other", TEXT, "The other.", when=("one", "a")))
    write = writer(Record("pair", "A pair.", attributes, covers={"": Pair}))
    assert write(Pair("a", "b")) == {"one": "a", "other": "b"}
    assert write(Pair("b", "b")) == {"one": "b"}


def flat(hop: dict[str, Any]) -> dict[str, Any]:
    """A hop of the JSON by the names of the columns, so far as both tell the same."""
    told = {k: v for k, v in hop.items() if k not in ("by", "mta", "tls", "span", "stamp")}
    decoded = told.pop("queue_id_decoded") or dict.fromkeys(
        ("scheme", "time", "microseconds", "inode", "pid", "possible")
    )
    stamp = hop["stamp"] or dict.fromkeys(("raw", "utc", "zone_name")) | {"defects": []}
    told |= {f"queue_id_{name}": value for name, value in decoded.items()}
    told |= {f"stamp_{name}": stamp[name] for name in ("raw", "zone_name", "defects")}
    return told | {
        "by_host": hop["by"],
        "stamp": stamp["utc"],
        "tls": hop["tls"] is not None,
        "tls_version": (hop["tls"] or {}).get("version"),
        "tls_cipher": (hop["tls"] or {}).get("cipher"),
        "mta": (hop["mta"] or {}).get("name"),
        "mta_version": (hop["mta"] or {}).get("version"),
        "span_start": hop["span"][0],
        "span_stop": hop["span"][1],
    }


def written(name: str, value: Any) -> Any:
    """A column's value as the JSON writes it."""
    is_time = HOPS.types[name].startswith("TIMESTAMP") and value is not None
    return utc_text(value) if is_time else value


def rows(columns: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for values in zip(*columns.values(), strict=True):
        yield {name: written(name, one) for name, one in zip(columns, values, strict=True)}


def hops_of(facts: MessageFacts) -> list[dict[str, Any]]:
    return [flat(hop) for hop in trace_object(facts)["hops"]]


def test_json_and_parquet_say_the_same_of_the_corpora(corpus_messages: Path) -> None:
    files = sorted(file for file in corpus_messages.glob("*/*/*") if file.is_file())
    compared = 0
    for start in range(0, len(files), 500):
        mails = [raw_mail(file.read_bytes(), file.name, "eml") for file in files[start:][:500]]
        batch = read_batch(mails, OwnServers(assume=True))
        told = [hop for number in range(len(mails)) for hop in hops_of(batch.facts(number))]
        for hop, row in zip(told, rows(batch.hops), strict=True):
            # a time before 1970 is text in the JSON and no value of a column
            same = {**hop, "stamp": row["stamp"]} if _too_early(hop["stamp"]) else hop
            # and a version without the name of its software has no place in the JSON
            same |= {"mta_version": row["mta_version"]} if hop["mta"] is None else {}
            assert same == {name: row[name] for name in hop}
            compared += 1
    assert compared > 30_000


def _too_early(utc: str | None) -> bool:
    return utc is not None and not utc_text(0) <= utc <= utc_text(LAST_INSTANT)
