"""The statements of `engine/sql`: one query a file, in SQL that DuckDB, Sail and Spark
read alike.

Form:       `-- words ...`, `-- reads: TABLE, ...`, `-- with: NAME = VALUE, ...`
            (parameters with their defaults), `-- order: COLUMN, ...` (of its rows),
            then one SELECT. `:name` is a parameter. It becomes a literal of the text,
            so that all engines run the same text.
Portable:   no DIV, //, QUALIFY, semi or anti joins, unnest, lists or lambdas; sums are
            cast (their types differ), doubles are written 1E0, sets are BIGINT.
Raises:     ValueError for a name, parameter or value that the statement does not have:
            the program's own fault.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import resources
from math import isfinite
from typing import NamedTuple

from firsthop.campaign.engine.protocol import TABLES, Parameter

_HEADING = re.compile(r"^-- (reads|with|order): (.+)$", re.MULTILINE)
_COMMENT = re.compile(r"^--.*\n", re.MULTILINE)
_PARAMETER = re.compile(r":([a-z_]+)")
_WORD = re.compile(r"[A-Za-z0-9_.@ -]*")


class Statement(NamedTuple):
    """One statement."""

    name: str
    text: str  # without its comments
    reads: tuple[str, ...]
    defaults: dict[str, Parameter]
    order: tuple[str, ...]

    def render(self, parameters: dict[str, Parameter]) -> str:
        """The text with its parameters as literals."""
        values = self.defaults | parameters
        return _PARAMETER.sub(lambda match: literal(values[match[1]]), self.text)


@cache
def statements() -> dict[str, Statement]:
    """All statements by name."""
    folder = resources.files(__package__).joinpath("sql")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return {
        name[:-4]: parse(name[:-4], folder.joinpath(name).read_text(encoding="utf-8"))
        for name in names
    }


def parse(name: str, source: str) -> Statement:
    """A statement from the text of its file."""
    headings = dict(_HEADING.findall(source))
    pairs = (entry.split(" = ") for entry in _listed(headings.get("with", "")))
    defaults = {key: ast.literal_eval(value) for key, value in pairs}
    return Statement(
        name,
        _COMMENT.sub("", source).strip(),
        _listed(headings["reads"]),
        defaults,
        _listed(headings["order"]),
    )


def parameters_of(name: str) -> frozenset[str]:
    """The parameters of a statement and of all that it reads."""
    one = statements()[name]
    return frozenset(one.defaults).union(
        *(parameters_of(read) for read in one.reads if read not in TABLES)
    )


def literal(value: Parameter) -> str:
    """A value as a literal that every engine reads alike."""
    if isinstance(value, bool):
        raise ValueError(f"{value!r} is neither a number nor a word")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and isfinite(value):
        mantissa, _, exponent = repr(value).partition("e")
        return f"{mantissa}E{int(exponent or 0)}"
    if isinstance(value, float) or not _WORD.fullmatch(value):
        raise ValueError(f"{value!r} is neither a number nor a word")
    return f"'{value}'"


def _listed(text: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in text.split(",")) if text else ()
