"""The dialects of Received lines as tables: `dialects/*.toml`, one a mail server, and
`common.toml` for the comments that many share.

A table says how its lines are recognised (patterns on single clauses, never on the
line), what the word behind "from" means, and which comments and values it knows; its
examples are its test. Loading is the only thing done here besides finding the dialect
of a line.

    mta = "Postfix"                      name of the software, for Hop.mta (may be left
                                         out)
    source = "..."                       where the form is known from
    from_word = "helo"                   helo | client_name | both | verified (both
                                         where a comment says so): what the bare word
                                         behind "from" is, unless a comment names the
                                         HELO
    name_verified = true                 whether client_name was checked against the
                                         address
    client = ["<helo> (<name> [<address>])"]   how the client is laid out before "by"
                                               (layouts.py); left out: as in common.toml
    doubtful = '...'                     what of it two of these layouts read
                                         differently, though all words are plain
    [[recognise]]                        alternatives; in each, every pattern must be
                                         found in its part
    by_comment = '^Postfix'              parts: see PARTS; whatever SETTABLE names may
                                         be set beside them
    [[comment]]                          comments of the dialect, tried before the
                                         common ones
    in = "from"                          which clause (left out: any)
    pattern = '...'                      must match the whole comment, without its
                                         parentheses; groups are names of CAPTURES
    set = { authenticated = true }       what the comment says by being there
    unclaimed = true                     tried last, and only where no table named the
                                         software (common.toml alone has such)
    [[value]]                            the same for the words of a clause
    alone = true                         tried only where the clause has no comment
    [[example]]
    line = '...'
    expect = { helo = "...", ... }

A pattern without captures and without `set` says: known, and it carries nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from firsthop.errors import TableError
from firsthop.evidence.received.clauses import CLAUSES, Clauses, tokens
from firsthop.evidence.received.layouts import Layout, layout
from firsthop.evidence.received.phrases import Pattern, Phrases
from firsthop.system.expression import Expression
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.toml_tables import demand, package_tables

PARTS = (
    "head",
    "from",
    "from_comment",
    "by",
    "by_comment",
    "via",
    "with",
    "with_comment",
    "id",
    "id_comment",
    "for",
    "tail",
)
# few distinct values in a heap: their patterns are tried once a value
MEMO_PARTS = ("head", "by", "by_comment", "via", "with", "with_comment")
ASKED_OFTEN = ("id", "from", "from_comment")  # nearly every line has texts of its own there
CAPTURES = frozenset(
    "helo client_name client_address client_port by by_address mta mta_version via protocol "
    "auth_mechanism auth_identity tls_version tls_cipher "
    "queue_id reverse_path forward_path orcpt ident".split()
)
SETTABLE = CAPTURES | {"client_name_verified", "authenticated", "tls", "kind"}
COMMON = "common"
# characters of a clause in which its dialect is looked for, so that no memory grows
# with what a sender writes
LOOK = 512


Patterns = tuple[tuple[str, Expression], ...]  # part and what must be found in it


@dataclass(frozen=True, slots=True, eq=False)
class Recogniser:
    """One alternative by which a dialect is known."""

    dialect: Dialect
    patterns: Patterns
    says: dict[str, Any]  # what the alternative sets: goes before everything in the line
    implies: dict[str, Any]  # what holds unless the line says otherwise


@dataclass(frozen=True, eq=False)
class Dialect:
    """One table; its comments and values are read when a line of it first asks."""

    key: str
    mta: str | None
    source: str
    from_word: str
    name_verified: bool | None
    entries: dict[str, list[dict[str, Any]]]  # of the comments and the values
    examples: tuple[dict[str, Any], ...]
    layouts: tuple[Layout, ...]
    doubtful: Expression | None
    recognisers: list[Recogniser] = field(default_factory=list)

    @cached_property
    def comments(self) -> tuple[Pattern, ...]:
        """The comments it knows. TableError where one is written wrongly."""
        return self._patterns("comment", {"unclaimed"})

    @cached_property
    def values(self) -> tuple[Pattern, ...]:
        """The words that it knows, so too."""
        return self._patterns("value", {"unclaimed", "alone"})

    def _patterns(self, section: str, flags: set[str]) -> tuple[Pattern, ...]:
        where = f"dialects/{self.key}.toml {section}"
        return tuple(_pattern(where, entry, flags) for entry in self.entries[section])


def load() -> tuple[Dialect, dict[str, Dialect]]:
    """The common table and all dialects by key. TableError names file and key of a
    mistake."""
    dialects = {key: _dialect(key, table) for key, table in package_tables(__package__, "dialects")}
    common = dialects.pop(COMMON)
    return common, dialects


def _dialect(key: str, table: dict[str, Any]) -> Dialect:
    where = f"dialects/{key}.toml"
    demand(
        where,
        table,
        {
            "mta",
            "source",
            "from_word",
            "name_verified",
            "client",
            "doubtful",
            "recognise",
            "comment",
            "value",
            "example",
        },
        {"source"},
    )
    if table.get("from_word", "helo") not in ("helo", "client_name", "both", "verified"):
        raise TableError(f"{where}: from_word must be helo, client_name, both or verified")
    dialect = Dialect(
        key,
        table.get("mta"),
        table["source"],
        table.get("from_word", "helo"),
        table.get("name_verified"),
        {section: table.get(section, []) for section in ("comment", "value")},
        tuple(table.get("example", ())),
        tuple(layout(text) for text in table.get("client", ())),
        _compile(f"{where} doubtful", table["doubtful"]) if "doubtful" in table else None,
    )
    dialect.recognisers.extend(
        _recogniser(f"{where} recognise", dialect, entry) for entry in table.get("recognise", ())
    )
    return dialect


def _pattern(where: str, entry: dict[str, Any], flags: set[str]) -> Pattern:
    demand(where, entry, {"in", "pattern", "set"} | flags, {"pattern"})
    expression = _compile(where, entry["pattern"])
    demand(f"{where} {entry['pattern']!r}", dict.fromkeys(expression.names()), set(CAPTURES))
    says = entry.get("set", {})
    demand(f"{where} set", says, set(SETTABLE))
    return Pattern(
        entry.get("in"),
        expression,
        tuple(says.items()),
        entry.get("unclaimed", False),
        entry.get("alone", False),
    )


def _recogniser(where: str, dialect: Dialect, entry: dict[str, Any]) -> Recogniser:
    patterns = tuple((part, _compile(where, entry[part])) for part in PARTS if part in entry)
    says = {key: value for key, value in entry.items() if key not in PARTS}
    demand(where, says, set(SETTABLE))
    if not patterns:
        raise TableError(f"{where}: an alternative needs at least one pattern")
    implies = {"dialect": dialect.key} | ({"mta": dialect.mta} if dialect.mta else {})
    return Recogniser(dialect, patterns, says, implies)


def _compile(where: str, pattern: str) -> Expression:
    """An expression whose flags hold for it alone, so that it may stand beside
    others."""
    if pattern.startswith("(?i)"):
        pattern = f"(?i:{pattern[4:]})"
    return Expression(where, pattern)


COMMON_TABLE, DIALECTS = load()
LAYOUTS = tuple(
    dict.fromkeys(one for table in (COMMON_TABLE, *DIALECTS.values()) for one in table.layouts)
)


def _left(recogniser: Recogniser) -> Patterns:
    """The patterns of an alternative that are not of memo parts."""
    return tuple([p for p in recogniser.patterns if p[0] not in MEMO_PARTS])


# all alternatives, those with the fewest of such patterns first: bits are in the order
# in which they are taken
_ALL = tuple(
    sorted(
        (recogniser for dialect in DIALECTS.values() for recogniser in dialect.recognisers),
        key=lambda recogniser: len(_left(recogniser)),
    )
)
# what is not found out part by part
_REST = tuple(
    tuple([p for p in _left(recogniser) if p[0] not in ASKED_OFTEN]) for recogniser in _ALL
)
# those, as bits, that are settled by the memo parts but the host
SETTLING = sum(
    1 << number
    for number, recogniser in enumerate(_ALL)
    if not _left(recogniser) and "by" not in dict(recogniser.patterns)
)


def layouts_of(dialect: Dialect | None) -> tuple[Layout, ...]:
    """How a dialect lays out its client; one that does not say, and a line of none: in
    one of the common ways."""
    return dialect.layouts if dialect and dialect.layouts else COMMON_TABLE.layouts


# the alternatives, as bits, that ask the same of a part
Asked = tuple[tuple[int, Expression], ...]


class _Asking(NamedTuple):
    """What the alternatives ask of a part."""

    nothing: int  # those that ask nothing of it, as bits
    all: Asked
    wide: Asked  # those that are not in `start`: they are tried one by one
    # those that look at the start of a text, in one: where it does not match, none of
    # them does
    start: Expression


def _asking() -> dict[str, _Asking]:
    """What is asked of each part."""
    bits: dict[str, dict[Expression, int]] = {part: {} for part in PARTS}
    for bit, r in enumerate(_ALL):
        for part, expression in r.patterns:
            bits[part][expression] = bits[part].get(expression, 0) | 1 << bit
    return {part: _asking_of(part, asked) for part, asked in bits.items()}


def _asking_of(part: str, bits: dict[Expression, int]) -> _Asking:
    asked = tuple((bit, expression) for expression, bit in bits.items())
    first = [(bit, e, _looks_at_start(e)) for bit, e in asked]
    wide = tuple((bit, e) for bit, e, at_start in first if not at_start)
    start = "|".join(f"(?:{e.pattern})" for _, e, at_start in first if at_start) or r"(?!)"
    nothing = (1 << len(_ALL)) - 1
    for bit, _ in asked:
        nothing &= ~bit
    return _Asking(nothing, asked, wide, Expression(f"dialects {part}", start))


_PIECE = compiled(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?!P)|[()|]")


def _looks_at_start(expression: Expression) -> bool:
    """Whether an expression is found nowhere but at the start, and says something of
    it; one that refers to its own groups cannot stand beside others."""
    pattern = expression.pattern
    if not pattern.startswith("^") or pattern.startswith("^(?!"):
        return False
    depth = 0
    for piece in _PIECE.findall(pattern):
        depth += {"(": 1, "(?": 1, ")": -1}.get(piece, 0)
        if piece == "(" or (piece == "|" and not depth):
            return False
    return True


_ASKING = _asking()


def recognise(clauses: Clauses) -> Recogniser | None:
    """The first alternative whose patterns are all found in a line's parts, or None;
    those that ask the software's own words go first."""
    mask = (
        note_mask(clauses.by[:LOOK])
        & _mask("via", clauses.via[:LOOK])
        & _with_mask(clauses.with_[:LOOK])
        & _mask("head", clauses.head[:LOOK])
    )
    if mask & SETTLING:
        return settled(mask)
    mask = host_mask(mask, clauses.by[:LOOK])
    for part in ASKED_OFTEN:
        mask = narrowed(mask, part, clauses[_TAKE[part][0]])  # type: ignore[arg-type]
    while mask:
        bit = mask & -mask
        number = bit.bit_length() - 1
        if _holds(_REST[number], clauses):
            return _ALL[number]
        mask ^= bit
    return None


def narrowed(mask: int, part: str, clause: str) -> int:
    """Those of the alternatives in `mask` that a part does not rule out, given the text
    of its clause."""
    take = _TAKE[part][1]
    text = take(clause) if take and clause else clause
    asking = _ASKING[part]
    answer = asking.nothing
    for bit, expression in asking.all if asking.start.match(text) else asking.wide:
        if mask & bit and expression.search(text):
            answer |= bit
    return mask & answer


def settled(mask: int) -> Recogniser | None:
    """The alternative that is settled by the parts that a mask stands for, if any."""
    return _first(mask & SETTLING)


def foremost(mask: int) -> Recogniser | None:
    """The one that `recognise` would take out of alternatives that hold."""
    return _first(mask & SETTLING or mask)


def _first(mask: int) -> Recogniser | None:
    return _ALL[(mask & -mask).bit_length() - 1] if mask else None


def claimants(clauses: Clauses) -> list[str]:
    """Every dialect that would take the line; more than one is a fault of the tables,
    and a test looks for it."""
    return sorted(
        {recogniser.dialect.key for recogniser in _ALL if _holds(recogniser.patterns, clauses)}
    )


def notes_fit(recogniser: Recogniser, by: str) -> bool:
    """Whether the comments of a by clause are as an alternative asks."""
    asked = [expression for part, expression in recogniser.patterns if part == "by_comment"]
    return all(expression.search(comments(by)) for expression in asked)


def words(text: str) -> str:
    """The text of a clause without its comments."""
    start = text.find(" (")
    if start < 0 and "(" not in text:
        return text
    if text[-1] == ")" and text.find("(", start + 2) < 0 and '"' not in text:
        return text[:start]
    return " ".join([t for t in tokens(text) if t[0] != "("])


def comments(text: str) -> str:
    """The comments of a clause without their outer parentheses."""
    start = text.find("(")
    if start < 0:
        return ""
    if text[-1] == ")" and text.find("(", start + 1) < 0 and '"' not in text:
        return text[start + 1 : -1]
    return " ".join([t[1:-1] for t in tokens(text) if t[0] == "("])


_WHOLE = ("head", "via", "for", "tail")  # parts that are the text of a clause as it is
# which clause a part is of, and what is taken of it
_TAKE: dict[str, tuple[int, Callable[[str], str] | None]] = {
    part: (
        CLAUSES.index(part.removesuffix("_comment")),
        comments if part.endswith("_comment") else None if part in _WHOLE else words,
    )
    for part in PARTS
}


def _holds(patterns: Patterns, clauses: Clauses) -> bool:
    for part, expression in patterns:
        index, take = _TAKE[part]
        text: str = clauses[index]  # type: ignore[assignment]
        if not expression.search(take(text) if take and text else text):
            return False
    return True


@lru_cache(maxsize=4096)
def _mask(part: str, text: str) -> int:
    """The alternatives, as bits, that the text of a memo part does not rule out."""
    asking = _ASKING[part]
    mask = asking.nothing
    for bit, expression in asking.all if asking.start.match(text) else asking.wide:
        if expression.search(text):
            mask |= bit
    return mask


@lru_cache(maxsize=8192)
def note_mask(by: str) -> int:
    """The alternatives that the comments of a by clause do not rule out."""
    return _mask("by_comment", comments(by))


@lru_cache(maxsize=8192)
def host_mask(mask: int, by: str) -> int:
    """Those of the alternatives in `mask` that the host of a by clause does not rule
    out."""
    return narrowed(mask, "by", by)


@lru_cache(maxsize=8192)
def _with_mask(with_: str) -> int:
    return _mask("with", words(with_)) & _mask("with_comment", comments(with_))


@lru_cache(maxsize=4096)
def known_comments(dialect: Dialect | None, clause: str) -> tuple[Phrases, ...]:
    """The comments known in a clause: the dialect's own, then the common ones; the
    guesses at a name come last."""
    return _books("comments", dialect, clause, alone=True)


@lru_cache(maxsize=4096)
def known_values(dialect: Dialect | None, clause: str, alone: bool) -> tuple[Phrases, ...]:
    """The same for the words of a clause; `alone`: no comment stands with them."""
    return _books("values", dialect, clause, alone)


def own_values(dialect: Dialect, clause: str) -> Phrases | None:
    """The words that a dialect itself knows in a clause."""
    return _phrases(dialect, "values", clause, alone=True, unclaimed=False)


def _books(kind: str, dialect: Dialect | None, clause: str, alone: bool) -> tuple[Phrases, ...]:
    own = _phrases(dialect, kind, clause, alone, unclaimed=False) if dialect else None
    common = _phrases(COMMON_TABLE, kind, clause, alone, unclaimed=False)
    guesses = (
        None
        if dialect and dialect.mta
        else _phrases(COMMON_TABLE, kind, clause, alone, unclaimed=True)
    )
    return tuple(phrases for phrases in (own, common, guesses) if phrases)


@lru_cache(maxsize=4096)
def _phrases(
    table: Dialect, kind: str, clause: str, alone: bool, unclaimed: bool
) -> Phrases | None:
    """The phrases of one table for a clause; None where it knows none."""
    known = [
        p
        for p in getattr(table, kind)
        if p.clause in (None, clause) and p.unclaimed == unclaimed and (alone or not p.alone)
    ]
    return Phrases(known) if known else None
