"""The schemas of the JSON: the objects of a line with the properties they give each,
and faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).resolve().parents[2]
TRACE, EXAMINE = "trace.schema.json", "examine.schema.json"
Told = dict[str, Any]


def read_schema(name: str) -> Told:
    schema: Told = json.loads((ROOT / "docs" / "reference" / name).read_text(encoding="utf-8"))
    return schema


CAMPAIGNS, WHY = "campaigns.schema.json", "why.schema.json"
HYPOTHESES, REPORT = "hypotheses.schema.json", "report.schema.json"
FILES = (TRACE, EXAMINE, CAMPAIGNS, WHY, HYPOTHESES, REPORT)
SCHEMAS = {name: read_schema(name) for name in FILES}
RESOURCES = [(name, DRAFT202012.create_resource(schema)) for name, schema in SCHEMAS.items()]
VALIDATORS = {
    name: Draft202012Validator(schema, registry=Registry().with_resources(RESOURCES))
    for name, schema in SCHEMAS.items()
}  # fmt: skip


class Form(NamedTuple):
    """A schema with the file and the definition it stands in."""

    file: str
    name: str
    schema: Told


def root(file: str) -> Form:
    return Form(file, file.partition(".")[0], SCHEMAS[file])


def forms(form: Form) -> Iterator[Form]:
    """The schemas that one refers to, and itself behind them."""
    for one in (form.schema, *form.schema.get("anyOf", ())):
        if "$ref" in one:
            file, _, name = one["$ref"].partition("#/$defs/")
            file = file or form.file
            yield from forms(Form(file, name, SCHEMAS[file]["$defs"][name]))
        yield form._replace(schema=one)


def properties(form: Form) -> dict[str, Form]:
    """The properties of an object by key, in their order."""
    told: dict[str, Form] = {}
    for found in forms(form):
        for key, schema in found.schema.get("properties", {}).items():
            told[key] = found._replace(schema=schema)
    return told


def objects(value: Any, form: Form) -> Iterator[tuple[Told, dict[str, Form]]]:
    """Every object in `value` with the properties that the schema gives it."""
    if isinstance(value, list):
        for found in forms(form):
            if "items" in found.schema:
                for one in value:
                    yield from objects(one, found._replace(schema=found.schema["items"]))
    if isinstance(value, dict):
        known = properties(form)
        yield value, known
        for key in known.keys() & value.keys():
            yield from objects(value[key], known[key])


def faults(value: Told | list[Told], file: str) -> list[str]:
    """What of one line is not as the schema says."""
    if error := best_match(VALIDATORS[file].iter_errors(value)):
        return [f"{error.json_path}: {error.message[:200]}"]
    told = objects(value, root(file))
    return [f"order: {list(one)}" for one, known in told if list(one) != in_order(one, known)]


def in_order(one: Told, known: dict[str, Form]) -> list[str]:
    return [key for key in known if key in one]
