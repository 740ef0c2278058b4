"""The JSON of `trace --json` and `examine --json`, one object a message: a contract
that is extended and never broken.

Its keys, what each is and what its null means: docs/reference/json.md, from the schemas
beside it, which tests hold against real output.

Forms:      a value that is absent is null; one whose text was eaten is null too, and
            its key stands under "value_lost" of the same object. Addresses are bare.
            Times that a mail writes are objects with text, instant and offset, all
            others RFC 3339 text in UTC.
Promises:   keys in a fixed order; strings hold whole Unicode characters (a lone
            surrogate is shown as \\udNNN); numbers are finite and fit 64 bits.
Never:      raises for what a mail holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.schema.message import MESSAGE
from firsthop.evidence.schema.vocabulary import Record
from firsthop.judgement.examine import Examination
from firsthop.judgement.schema import EXAMINE
from firsthop.publication.json.indented import indented
from firsthop.publication.json.line_writer import indented_writer, line_writer
from firsthop.publication.json.values import Object
from firsthop.publication.json.writer import writer
from firsthop.system.kept_expressions import compiled

# An escaped surrogate without its partner; what only looks like one costs a second
# writing. It begins with a text, which is looked for by itself.
_HIGH, _LOW = r"\\ud[89ab][0-9a-f]{2}", r"\\ud[c-f][0-9a-f]{2}"
_LONE = compiled(rf"\\ud(?:[89ab][0-9a-f]{{2}}(?!{_LOW})|[c-f][0-9a-f]{{2}}(?<!{_HIGH}{_LOW}))")


_ITEM = "\n "  # with it a line of a list's item begins
_one_line = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode
_trace, _trace_line = writer(MESSAGE), line_writer(MESSAGE)
_examine, _examine_line = writer(EXAMINE), line_writer(EXAMINE)


def trace_object(facts: MessageFacts) -> Object:
    """What `trace --json` says of one message."""
    return _trace(facts)


def examine_object(examination: Examination) -> Object:
    """What `examine --json` says of one message: the same, with what vouches for it,
    findings and verdicts. Sentences are English."""
    return _examine(examination)


def trace_line(facts: MessageFacts) -> str:
    """`trace_object` as `json_line` writes it, in less time."""
    line = _trace_line(facts)
    return json_line(_trace(facts)) if _holds_lone_surrogate(line) else line


def examine_line(examination: Examination) -> str:
    """`examine_object` as `json_line` writes it, in less time."""
    line = _examine_line(examination)
    return json_line(_examine(examination)) if _holds_lone_surrogate(line) else line


def json_line(value: Any) -> str:
    """`value` as one line of strict JSON, in ASCII: nothing in it can steer a terminal
    or break on an encoding."""
    return _strict(value, _one_line)


def json_text(value: Any) -> str:
    """`value` as strict JSON over several lines, in ASCII, for a file."""
    return _strict(value, indented) + "\n"


def json_texts(items: Iterable[str]) -> Iterator[str]:
    """A list as `json_text` writes it, piece by piece, of items as `item_text` writes
    each."""
    end = "["
    for text in items:
        yield f"{end}{_ITEM}{text}"
        end = ","
    yield "[]\n" if end == "[" else "\n]\n"


def item_text(value: Any) -> str:
    """`value` as strict JSON in ASCII, an item of `json_texts`."""
    return _strict(value, partial(indented, line=_ITEM))


def item_writer(record: Record) -> Callable[[Any], str]:
    """What writes the objects of a record as `item_text` does, in less time."""
    write, write_text = writer(record), indented_writer(record, _ITEM)

    def item(told: Any) -> str:
        text = write_text(told)
        return item_text(write(told)) if _holds_lone_surrogate(text) else text

    return item


def _strict(value: Any, dumps: Callable[[Any], str]) -> str:
    text = dumps(value)
    return dumps(_whole(value)) if _holds_lone_surrogate(text) else text


def _holds_lone_surrogate(text: str) -> bool:
    return "\\ud" in text and _LONE.search(text) is not None


def _whole(value: Any) -> Any:
    """`value` with each lone surrogate shown as text: a decoded word of a mail can hold
    one, no UTF-8 can."""
    if isinstance(value, str):
        return (
            value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
        )
    if isinstance(value, dict):
        return {key: _whole(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_whole(one) for one in value]
    return value
