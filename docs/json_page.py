"""The page of the JSON: its promises, an example, and one table an object, from the
schemas that json_schema.py makes of the descriptions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from docs.json_schema import DOCUMENTS, schema_of

Schema = dict[str, Any]

SAYS = """`firsthop trace --json` and `firsthop examine --json` print one object a message, one a
line. `trace` tells what a message shows; `examine` tells the same and, behind it, what vouches for
the message, findings and verdicts. `firsthop campaigns --json` prints all clusters of a case as one
list, which is its file `campaigns.json`; `firsthop why --json` prints one object. A case's file
`hypotheses.json` holds the causes, weighed, as one list; `report.json` of an export holds one
object. As JSON Schema (2020-12): [trace](trace.schema.json), [examine](examine.schema.json),
[campaigns](campaigns.schema.json), [why](why.schema.json), [hypotheses](hypotheses.schema.json),
[report](report.schema.json). They are closed: a key of a later
version is none of theirs. The facts of messages, findings and verdicts are in a case as
[Parquet columns](columns.md) too; one description gives both.

## Promises

- **Extended, never broken.** A later version may add keys, and words to a list of words. None goes,
  is renamed, or comes to mean something else. Ignore what you do not know.
- **Every key is there, in a fixed order.** Only `reason` and `rests_on` of a verdict depend on its
  question, and the forms of a cluster's `signature` on what was learned.
- **Absent is `null`**, and so is what was eaten: the text of `<...>` that a web page swallowed. The
  key of an eaten value stands in the `value_lost` of its object. Where the column *null means* is
  empty, a value is never null; a string that may be empty says when.
- **Times** that a mail writes are objects with the text, the instant in UTC, the offset as written,
  and how the text breaks its form. All other times are instants in UTC.
- **Numbers** are finite and fit 64 bits.
- **Text** is whole Unicode, printed in ASCII with escapes. Bytes that are no UTF-8 are shown as
  `\\xNN`, a lone surrogate as `\\udNNN`. Addresses are bare, without `<` and `>`.
- **Nothing that a mail holds** makes either command fail. Sentences are English, and may be worded
  otherwise in a later version: decide by words, not by sentences."""

EXAMPLE_SAYS = """## Example

The first message of the example, four of its keys:

    firsthop examine --json -q examples/libero-2014 | head -n 1 |
        jq '{message_id, hops, boundary, verdicts}'
"""
SHOWN = ("message_id", "hops", "boundary", "verdicts")


def json_page(note: str, line: str) -> str:
    """The page; `line` is what `examine --json` prints of the example's first
    message."""
    told = json.loads(line)
    shown = json.dumps({key: told[key] for key in SHOWN}, ensure_ascii=False, indent=2)
    schemas = [schema_of(document) for document in DOCUMENTS]
    known = {name: one for schema in reversed(schemas) for name, one in schema["$defs"].items()}
    trace, examine, campaigns, why, hypotheses, report = schemas
    parts = ["# JSON", "", note, "", SAYS, "", EXAMPLE_SAYS]
    parts += ["```json", shown, "```", "", "## Values", "", *_values(known)]
    parts += ["", "## Objects of `trace` and `examine`", *_objects(trace["$defs"], known)]
    parts += ["", "## Objects of `examine`", *_table("examine", examine, known)]
    parts += _objects(examine["$defs"], known)
    parts += ["", "## Objects of `campaigns`", *_objects(campaigns["$defs"], known)]
    parts += ["", "## Objects of `why`", *_objects(why["$defs"], known)]
    parts += ["", "## Objects of `hypotheses.json`", *_objects(hypotheses["$defs"], known)]
    parts += ["", "## Objects of `report.json`", *_objects(report["$defs"], known)]
    return "\n".join([*parts, ""])


def _values(known: dict[str, Schema]) -> Iterator[str]:
    """What is neither an object nor one of a few words."""
    yield from ("| value | what it is |", "|---|---|")
    for name, schema in known.items():
        if "properties" not in schema and "enum" not in schema:
            yield f"| {name} | {schema['description']} |"


def _objects(definitions: dict[str, Schema], known: dict[str, Schema]) -> Iterator[str]:
    for name, schema in definitions.items():
        if "properties" in schema:
            yield from _table(name, schema, known)


def _table(name: str, schema: Schema, known: dict[str, Schema]) -> Iterator[str]:
    """One object: a line for each of its keys."""
    yield from ("", f"### {name}", "", schema["description"], "")
    yield from ("| key | type | what it is | null means |", "|---|---|---|---|")
    for key, one in schema["properties"].items():
        yield f"| `{key}` | {_type(one, known)} | {one['description']} | {_null(one)} |"


def _null(schema: Schema) -> str:
    empty = (one["description"] for one in schema.get("anyOf", ()) if one.get("type") == "null")
    return next(empty, "")


def _type(schema: Schema, known: dict[str, Schema]) -> str:
    """A schema in a few words."""
    if "anyOf" in schema:
        told = [_type(one, known) for one in schema["anyOf"] if one.get("type") != "null"]
        return " or ".join(told)
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _named(name, known)
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if schema["type"] == "array":
        return f"list of {_type(schema['items'], known)}"
    if "properties" in schema:
        keys = " and ".join(f"`{key}`" for key in schema["properties"])
        values = {_type(one, known) for one in schema["properties"].values()}
        return f"object of {keys}, each {' or '.join(values)}"
    return str(schema["type"])


def _named(name: str, known: dict[str, Schema]) -> str:
    """A definition: its words, or the place where it is told."""
    if "enum" in known[name]:
        return _type(known[name], known)
    return f"[{name}](#{name if 'properties' in known[name] else 'values'})"
