"""The page of the JSON: its promises, an example, and one table an object, from the
schemas.

What a key is stands in docs/reference/*.schema.json alone, and tests hold real output
against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parent / "reference"
FILES = ("trace.schema.json", "examine.schema.json")
Schema = dict[str, Any]

SAYS = """`firsthop trace --json` and `firsthop examine --json` print one object a message, one a
line. `trace` tells what a message shows; `examine` tells the same and, behind it, what vouches for
the message, findings and verdicts. As JSON Schema (2020-12): [trace](trace.schema.json) and
[examine](examine.schema.json). They are closed: a key of a later version is none of theirs.

## Promises

- **Extended, never broken.** A later version may add keys, and words to a list of words. None goes,
  is renamed, or comes to mean something else. Ignore what you do not know.
- **Every key is there, in a fixed order.** Only `reason` and `rests_on` of a verdict depend on its
  question.
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
    trace, examine = (json.loads((REFERENCE / file).read_text(encoding="utf-8")) for file in FILES)
    known = {**trace["$defs"], **examine["$defs"]}
    parts = ["# JSON of `trace` and `examine`", "", note, "", SAYS, "", EXAMPLE_SAYS]
    parts += ["```json", shown, "```", "", "## Values", "", *_values(known)]
    parts += ["", "## Objects of both", *_objects(trace["$defs"], known)]
    parts += ["", "## Objects of `examine`", *_table("examine", examine, known)]
    return "\n".join([*parts, *_objects(examine["$defs"], known), ""])


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
    return str(schema["type"])


def _named(name: str, known: dict[str, Schema]) -> str:
    """A definition: its words, or the place where it is told."""
    if "enum" in known[name]:
        return _type(known[name], known)
    return f"[{name}](#{name if 'properties' in known[name] else 'values'})"
