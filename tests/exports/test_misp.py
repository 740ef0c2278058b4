"""The MISP event by PyMISP and its templates: what it holds, what is for detection, and
that it tags no more than the verdicts carry."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from firsthop.publication.exports.misp.event import MISP
from firsthop.publication.exports.source import ExportSource
from tests.exports.intelligence import (
    CLIENT,
    DIRECT,
    HOSTILE,
    OWN,
    RELAY,
    RELAY_ADDRESS,
    RELAYED,
    REPLY,
    hostile,
)
from tests.exports.misp_judge import faults

Event = dict[str, Any]


def text_of(source: ExportSource) -> str:
    ((_, data),) = MISP.write(source).files.items()
    return data.decode("ascii")


def event_of(source: ExportSource) -> Event:
    event: Event = json.loads(text_of(source))["Event"]
    return event


def tags_of(one: Event) -> set[str]:
    return {tag["name"] for tag in one.get("Tag", [])}


def test_pymisp_takes_the_event(full_source: ExportSource, clear_source: ExportSource) -> None:
    for source in (full_source, clear_source):
        assert faults(text_of(source)) == []
        event = event_of(source)
        assert len(event["Object"]) == DIRECT + RELAYED
        assert f"tlp:{source.tlp.lower()}" in tags_of(event)
        assert text_of(source) == text_of(source)
    relations = {a["object_relation"] for a in event_of(full_source)["Object"][0]["Attribute"]}
    assert {"from", "reply-to", "message-id", "received-header-ip"} <= relations
    told = {a["object_relation"] for o in event_of(clear_source)["Object"] for a in o["Attribute"]}
    assert not {"from", "reply-to"} & told


@pytest.mark.parametrize(
    ("how", "spoil"),
    [
        ("a relation of no template", lambda a: a.update(object_relation="sender")),
        ("a type that the relation has not", lambda a: a.update(type="text")),
        ("a category that the type has not", lambda a: a.update(category="Targeting data")),
        ("an id that is none", lambda a: a.update(uuid="1")),
        ("a value that is none", lambda a: a.pop("value")),
    ],
)
def test_a_spoiled_attribute_is_refused(
    full_source: ExportSource, how: str, spoil: Callable[[Event], None]
) -> None:
    told = json.loads(text_of(full_source))
    spoil(told["Event"]["Object"][0]["Attribute"][0])
    assert faults(json.dumps(told)), how


@pytest.mark.parametrize(
    ("how", "spoil"),
    [
        ("another version", lambda o: o.update(template_version="3")),
        ("a relation twice", lambda o: o["Attribute"].append(o["Attribute"][0])),
        ("none of the required", lambda o: o.update(Attribute=o["Attribute"][-1:])),
    ],
)
def test_a_spoiled_object_is_refused(
    full_source: ExportSource, how: str, spoil: Callable[[Event], None]
) -> None:
    told = json.loads(text_of(full_source))
    spoil(told["Event"]["Object"][0])
    assert faults(json.dumps(told)), how
    assert faults(text_of(full_source)[:-9])


def test_only_what_may_be_refused_is_for_detection(full_source: ExportSource) -> None:
    event = event_of(full_source)
    detected = {one["value"] for one in event["Attribute"] if one["to_ids"]}
    assert detected == {*(CLIENT.format(n) for n in range(1, DIRECT + 1)), REPLY}
    told = {one["value"]: one for one in event["Attribute"]}
    for value in (RELAY, RELAY_ADDRESS, "banca-vera.it"):
        assert not told[value]["to_ids"]
        assert told[value]["disable_correlation"]
    assert OWN not in detected
    assert not any(a["to_ids"] for one in event["Object"] for a in one["Attribute"])


def test_a_sender_is_called_forged_where_a_verdict_says_so(full_source: ExportSource) -> None:
    def answered(answer: str) -> ExportSource:
        changed = [one._replace(answers=(("sender", answer),)) for one in full_source.summaries]
        return replace(full_source, summaries=tuple(changed))

    forged = {'rsit:fraud="masquerade"', 'phishing:techniques="email-spoofing"'}
    assert forged <= tags_of(event_of(answered("not_from_provider")))
    source = answered("authorised")
    assert not forged & tags_of(event_of(source))
    assert any("masquerade" in gap.what for gap in MISP.write(source).gaps)


def test_causes_carry_their_word_and_nothing_else(full_source: ExportSource) -> None:
    causes = [one for one in event_of(full_source)["Attribute"] if one["category"] == "Other"]
    assert causes
    for one in causes:
        names = {tag.partition("=")[0] for tag in tags_of(one)}
        assert len(names) <= 1
        for sentence in re.split(r"(?<=[.?])\s", one["value"]):
            assert not ("likely" in sentence and "onfidence" in sentence)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_value_breaks_out_of_the_event(full_source: ExportSource, text: str) -> None:
    assert faults(text_of(hostile(full_source, text))) == []
