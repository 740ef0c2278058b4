"""JSON Schemas (2020-12) from the descriptions of the records: what the program writes
its JSON by, so that neither can say anything else.

They are closed, every key is required and described, and what null means stands beside
it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from firsthop.campaign.schema.cluster import CLUSTER
from firsthop.campaign.schema.why import WHY
from firsthop.evidence.schema.message import MESSAGE
from firsthop.evidence.schema.vocabulary import (
    COUNT,
    Attribute,
    Choice,
    Form,
    Kind,
    Listed,
    Mapped,
    Record,
    Scalar,
)
from firsthop.judgement.hypotheses.schema import HYPOTHESIS
from firsthop.judgement.schema import EXAMINE
from firsthop.publication.exports.report import REPORT_RECORD

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
WIDTH = 88  # of a line that holds a whole list or object
_TYPES = {
    Form.BOOLEAN: "boolean",
    Form.SMALL: "integer",
    Form.NUMBER: "integer",
    Form.UNBOUNDED: "integer",
    Form.REAL: "number",
}


class Document(NamedTuple):
    """One schema with its file."""

    file: str
    command: str
    sentence: str
    record: Record
    many: bool = False  # one JSON text holds a list of them


TRACE = Document(
    "trace.schema.json",
    "firsthop trace --json",
    "One line of `firsthop trace --json`: what one message shows of its path and its identities.",
    MESSAGE,
)
DOCUMENTS = (
    TRACE,
    Document("examine.schema.json", "firsthop examine --json", EXAMINE.sentence, EXAMINE),
    Document(
        "campaigns.schema.json",
        "firsthop campaigns --json",
        "What `firsthop campaigns --json` prints, and the file `campaigns.json` of a case: all "
        "clusters of two messages or more, operations, then campaigns, then waves.",
        CLUSTER,
        many=True,
    ),
    Document("why.schema.json", "firsthop why --json", WHY.sentence, WHY),
    Document(
        "hypotheses.schema.json",
        "firsthop investigate",
        "The file `hypotheses.json` of a case: the questions about causes, weighed; empty where no "
        "provider stands out whose users the messages claim to come from.",
        HYPOTHESIS,
        many=True,
    ),
    Document(
        "report.schema.json",
        "firsthop export",
        "The file `report.json` of an export: for each format what was written, what its rules "
        "were measured to find, and what it cannot say.",
        REPORT_RECORD,
    ),
)


def schema_of(document: Document) -> Schema:
    """The schema of one document."""
    record = document.record
    known = {one.name: one for one in named(MESSAGE)} if record.extends else {}
    own = [one for one in named(record) if one.name not in known and one is not record]
    refer = _Reference({name: f"{TRACE.file}#/$defs/{name}" for name in known})
    told: Schema = {"$schema": DRAFT, "title": document.command, "description": document.sentence}
    if record.extends:
        told["$ref"] = refer(record.extends.name)
        told |= {key: part for key, part in refer.record(record).items() if key != "description"}
        told |= {"unevaluatedProperties": False}
    elif document.many:
        own = [record, *own]
        told |= {"type": "array", "items": {"$ref": refer(record.name)}}
    else:
        own = [record, *own]
        told |= {"$ref": refer(record.name), "unevaluatedProperties": False}
    closed = {one.name for one in own} - ({record.name} if document is TRACE else set())
    definitions = {one.name: refer.definition(one, one.name in closed) for one in own}
    return told | {"$defs": definitions}


def named(record: Record) -> list[Record | Scalar]:
    """The records and kinds that have a name, each once, in the order in which they
    come up; kinds behind the records."""
    found: dict[str, Record | Scalar] = {}

    def walk(kind: Kind) -> None:
        for one in _within(kind):
            if isinstance(one, Record | Scalar) and one.name and one.name not in found:
                found[one.name] = one
            elif isinstance(one, Record | Scalar):
                continue
            walk(one)

    found[record.name] = record
    walk(record)
    return sorted(found.values(), key=lambda one: isinstance(one, Scalar))


def _within(kind: Kind) -> Iterator[Kind]:
    """The kinds that one is made of."""
    if isinstance(kind, Record):
        yield from (one.kind for one in kind.told())
    elif isinstance(kind, Listed | Mapped):
        yield kind.of
    elif isinstance(kind, Choice):
        yield from kind.kinds.values()
    elif kind.form is Form.PAIR:
        yield COUNT


class _Reference:
    """Schemas of kinds; those of `elsewhere` stand in another file."""

    def __init__(self, elsewhere: dict[str, str]) -> None:
        self._elsewhere = elsewhere

    def __call__(self, name: str) -> str:
        return self._elsewhere.get(name, f"#/$defs/{name}")

    def definition(self, kind: Record | Scalar, closed: bool) -> Schema:
        """The schema of a kind that has a name."""
        if isinstance(kind, Scalar):
            return {"description": kind.sentence, **self.scalar(kind)}
        told = self.record(kind)
        if closed:
            told["additionalProperties"] = False
        return told

    def record(self, record: Record) -> Schema:
        """The schema of a record, open."""
        keys = record.told()
        return {
            "description": record.sentence,
            "type": "object",
            "required": [one.name for one in keys if not one.when],
            "properties": {one.name: self.property(one) for one in keys},
            **self.conditions(keys),
        }

    def property(self, one: Attribute) -> Schema:
        """The schema of one key."""
        schema = self.kind(one.kind)
        if not one.null:
            return {"description": one.sentence, **schema}
        null = {"type": "null", "description": one.null}
        return {"description": one.sentence, "anyOf": [schema, null]}

    def kind(self, kind: Kind) -> Schema:
        """The schema of the values of a kind."""
        if isinstance(kind, Listed):
            return {"type": "array", "items": self.kind(kind.of)}
        if isinstance(kind, Choice):
            return {"anyOf": [self.kind(one) for one in kind.kinds.values()]}
        if isinstance(kind, Mapped):
            keys = {key: {"description": text, **self.kind(kind.of)} for key, text in kind.keys}
            return {"type": "object", "properties": keys, "additionalProperties": False}
        if kind.name:
            return {"$ref": self(kind.name)}
        assert isinstance(kind, Scalar)  # noqa: S101 - a record has a name
        return self.scalar(kind)

    def scalar(self, kind: Scalar) -> Schema:
        """The schema of single values, told in full."""
        if kind.words:
            return {"enum": list(kind.words)}
        if kind.form is Form.PAIR:
            return {"type": "array", "items": self.kind(COUNT), "minItems": 2, "maxItems": 2}
        bounds = {
            "pattern": kind.pattern or None,
            "minimum": kind.low,
            "maximum": kind.high,
            "exclusiveMinimum": kind.above,
        }
        told = {name: bound for name, bound in bounds.items() if bound is not None}
        return {"type": _TYPES.get(kind.form, "string"), **told}

    def conditions(self, keys: tuple[Attribute, ...]) -> Schema:
        """What depends on the word of another key: keys that are there or not, and
        words of its own."""
        depending = [one for one in keys if one.when]
        choices = [(one.name, one.kind) for one in keys if isinstance(one.kind, Choice)]
        if not depending or depending[0].when is None:
            return {}
        by, word = depending[0].when
        chosen = {
            other: {name: self.kind(kind.kinds[other]) for name, kind in choices}
            for other in choices[0][1].kinds
        }
        (otherwise,) = chosen.keys() - {word}
        never = {one.name: False for one in depending}
        return {
            "if": {"properties": {by: {"const": word}}},
            "then": {"required": [one.name for one in depending], "properties": chosen[word]},
            "else": {"properties": chosen[otherwise] | never},
        }


def schema_text(schema: Schema) -> str:
    """A schema as text: what fits into a line stands in one."""
    return _text(schema, "") + "\n"


def _text(value: Any, indent: str) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or (len(indent) + len(flat) < WIDTH and _small(value)):
        return flat
    inner = indent + "  "
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + _text(one, inner) for one in value) + f"\n{indent}]"
    parts = (f"{inner}{json.dumps(key)}: {_text(one, inner)}" for key, one in value.items())
    return "{\n" + ",\n".join(parts) + f"\n{indent}}}"


def _small(value: Any) -> bool:
    """A list of words, or an object of one key."""
    return isinstance(value, list) or len(value) < 2
