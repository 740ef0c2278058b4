"""What is wrong with a MISP event, by PyMISP and the object templates that it ships.
PyMISP itself only warns of a relation that a template lacks: the comparison is made
here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pymisp
from pymisp import MISPEvent

Object = dict[str, Any]
_DATA = Path(pymisp.__file__).parent / "data"


@cache
def _template(name: str) -> Object:
    path = _DATA / "misp-objects" / "objects" / name / "definition.json"
    template: Object = json.loads(path.read_text(encoding="utf-8"))
    return template


@cache
def _types() -> Object:
    text = (_DATA / "describeTypes.json").read_text(encoding="utf-8")
    types: Object = json.loads(text)["result"]
    return types


def faults(text: str) -> list[str]:
    """All that is refused, or is not as a template has it."""
    event = MISPEvent(strict_validation=True)
    try:
        event.from_json(text)
    except Exception as error:  # noqa: BLE001 - whatever it raises is a fault of the text
        return [f"PyMISP: {error}"]
    written = json.loads(text)["Event"]
    objects = written["Object"]
    attributes = [*written["Attribute"], *(a for one in objects for a in one["Attribute"])]
    read = len(event.attributes) + sum(len(one.attributes) for one in event.objects)
    return [
        *(["PyMISP left an attribute out"] if read != len(attributes) else []),
        *(fault for one in attributes for fault in _of_attribute(one)),
        *(fault for one in objects for fault in _of_object(one)),
        *_of_ids([one["uuid"] for one in (written, *attributes, *objects)]),
    ]


def _of_attribute(one: Object) -> Iterator[str]:
    """PyMISP puts a category that fits in the place of one that does not."""
    if one["type"] not in _types()["category_type_mappings"].get(one["category"], ()):
        yield f"{one['type']} is no type of the category {one['category']}"
    if not str(one.get("value", "")).isprintable():
        yield f"a control character in {one['type']}"


def _of_object(one: Object) -> Iterator[str]:
    template = _template(one["name"])
    for name, ours in (("uuid", one["template_uuid"]), ("version", one["template_version"])):
        if str(template[name]) != str(ours):
            yield f"{one['name']}: template {name} {ours}"
    if one["meta-category"] != template["meta-category"]:
        yield f"{one['name']}: meta-category {one['meta-category']}"
    counts = Counter(each["object_relation"] for each in one["Attribute"])
    for each in one["Attribute"]:
        yield from _of_relation(each, template, counts[each["object_relation"]])
    if not set(template.get("required", ())) <= counts.keys():
        yield f"{one['name']} lacks a required relation"
    if not counts.keys() & set(template.get("requiredOneOf", counts)):
        yield f"{one['name']} has none of the relations of which it needs one"


def _of_relation(one: Object, template: Object, count: int) -> Iterator[str]:
    relation = one["object_relation"]
    known = template["attributes"].get(relation)
    if known is None:
        yield f"there is no relation {relation}"
        return
    if known["misp-attribute"] != one["type"]:
        yield f"{relation} is {known['misp-attribute']} and not {one['type']}"
    if one["category"] not in known.get("categories", [one["category"]]):
        yield f"{relation} is not of the category {one['category']}"
    if count > 1 and not known.get("multiple"):
        yield f"{relation} stands twice"


def _of_ids(ids: list[str]) -> Iterator[str]:
    for one in ids:
        try:
            UUID(one)
        except ValueError:
            yield f"{one} is no id"
    if len(set(ids)) != len(ids):
        yield "an id stands twice"
