"""Cuts a Received line into its clauses: from, by, via, with, id, for, the time, and
what stands around them (RFC 5321 section 4.4).

Keywords count at depth 0 only: comments, angle brackets, square brackets and quoted
words are single tokens. Nothing is interpreted here, and every token of the line lands
in exactly one clause. Linear in the line, however deep it nests, and its length is
bounded by MAX_LINE."""

from __future__ import annotations

from firsthop.evidence.timestamp import Stamp, find_stamp, match_stamp
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

# characters of an unfolded line that are read; the longest genuine line of the corpora
# has 1,100
MAX_LINE = 8_192

_FLAT = r"[^()\\]*+(?:\\.[^()\\]*+)*+"
_COMMENT = rf"\({_FLAT}(?:\({_FLAT}(?:\({_FLAT}\){_FLAT})*+\){_FLAT})*+\)"
TOKEN = compiled(
    rf'{_COMMENT}|<[^<>\s]*+>|\[[^\[\]]*+\](?::\d++)?|"[^"]*+"|(?:[^\s()<>\[\]";,\\]++'
    rf"|\\[^\s])++(?:[<\[][^<>\[\]\s]*+[>\]])?|[^\s]"
)
CLAUSES = ("head", "from", "by", "via", "with", "id", "for", "tail")
KEYWORDS = {form: word for word in CLAUSES[1:-1] for form in (word, word.title(), word.upper())}

# The shape of nine lines in ten, cut in one go: it gives what the tokens give (a test
# compares the two on every line of the corpora).
NO_KEYWORD = rf"(?!(?:{'|'.join(KEYWORDS)})(?![^ ]))"
_NOTES = r"(?: ?\([^()\\]*+(?:\([^()\\]*+\)[^()\\]*+)*+\))*+"
_LITERAL = r"\[[^\[\]\s]*+\](?::\d++)?"
_WORD = rf"{NO_KEYWORD}[^\s()<>\[\]\";,]++(?![<\[])"
_VALUE = rf"(?:<[^<>\s]*+>|{_LITERAL}|{_WORD})"
_WORDS = rf"{_WORD}(?: {_WORD})*+"
USUAL = compiled(
    rf"(?:(\([^()\\]*+\)) )?(?:from ((?:{_VALUE}(?: {_LITERAL})?)?{_NOTES}) ?(?=by))?by "
    rf"({_VALUE}{_NOTES})(?: via ({_WORDS}))?"
    rf"(?: with ({_WORDS}{_NOTES}(?: tls {_WORD}{_NOTES})?))?(?: id ({_VALUE}{_NOTES}))?"
    rf"(?: via ({_WORDS}))?(?: for ({_VALUE}{_NOTES}))?"
)


class Clauses(NamedTuple):
    """The clauses of one line as text, the tokens of each in order; a clause that is
    not there is empty.

    `head` is what stands before the first keyword, `tail` what stands after the time;
    `repeated` names clauses that came twice, `bare` those whose keyword is there and
    nothing behind it."""

    head: str
    from_: str
    by: str
    via: str
    with_: str
    id: str
    for_: str
    tail: str
    stamp: Stamp | None
    repeated: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()


def read_clauses(line: str) -> Clauses:
    """The clauses of an unfolded Received value."""
    front, stamp, tail = _part_stamp(line if len(line) <= MAX_LINE else line[:MAX_LINE])
    if not tail and (usual := USUAL.fullmatch(front)):
        head, from_, by, via, with_, id_, late_via, for_ = usual.groups("")
        if not (via and late_via):
            return Clauses(head, from_, by, via or late_via, with_, id_, for_, "", stamp)
    return _share_out(tokens(front), tokens(tail), stamp)


def _part_stamp(line: str) -> tuple[str, Stamp | None, str]:
    """What stands before the time, the time, and what stands after it."""
    front, semicolon, back = line.rpartition(";")
    if semicolon:
        back = back.lstrip()
        stamp, length = match_stamp(back)
        if length:
            return front.rstrip("; "), stamp, back[length:].strip()
    if last_stamp := find_stamp(line):
        return line[: last_stamp[1]].rstrip("; "), last_stamp[0], line[last_stamp[2] :].strip()
    return line, None, ""


def tokens(text: str) -> list[str]:
    """The tokens of a line; a comment with anything nested in it is one token."""
    if text.count("(") <= 2 or _shallow(text):
        return TOKEN.findall(text)
    return _deep_tokens(text)


def _shallow(text: str) -> bool:
    """Whether comments nest no deeper than the token pattern reads."""
    depth = 0
    for c in text:
        if c == "(":
            depth += 1
            if depth > 3:
                return False
        elif c == ")" and depth:
            depth -= 1
    return depth == 0


def _deep_tokens(text: str) -> list[str]:
    """Tokens of a line with deep or unclosed comments: a parenthesis without its
    partner is a token of its own."""
    opened: list[int] = []
    close_of: dict[int, int] = {}
    for place, c in enumerate(text):
        if c == "(":
            opened.append(place)
        elif c == ")" and opened:
            close_of[opened.pop()] = place
    tokens: list[str] = []
    start = 0
    for place in sorted(close_of):
        if place >= start:
            tokens += [*TOKEN.findall(text[start:place]), text[place : close_of[place] + 1]]
            start = close_of[place] + 1
    return tokens + TOKEN.findall(text[start:])


def _share_out(front: list[str], behind: list[str], stamp: Stamp | None) -> Clauses:
    """Puts each token into its clause."""
    if len(front) == 1 and front[0][1:6].lower() == "from " and front[0][-1] == ")":
        front = tokens(front[0][1:-1])  # the whole line in parentheses
    shares: dict[str, list[str]] = {name: [] for name in CLAUSES}
    repeated: list[str] = []
    named: list[str] = []
    current, inside = shares["head"], "head"
    for place, token in enumerate(front):
        keyword = KEYWORDS.get(token)
        if keyword is None or (inside == "from" and not current and _is_value(front, place)):
            current.append(token)
            continue
        if shares[keyword]:
            repeated.append(keyword)
        current, inside = shares[keyword], keyword
        named.append(keyword)
    _share_out_tail(behind, shares)
    head, from_, by, via, with_, id_, for_, tail = (" ".join(shares[name]) for name in CLAUSES)
    return Clauses(
        head,
        from_,
        by,
        via,
        with_,
        id_,
        for_,
        tail,
        stamp,
        tuple(repeated),
        tuple(name for name in named if not shares[name]),
    )


def _is_value(tokens: list[str], place: int) -> bool:
    """Whether a keyword right behind "from" is the client's name: a comment or an
    address follows it."""
    return place + 1 < len(tokens) and tokens[place + 1][0] in "(["


def _share_out_tail(tokens: list[str], shares: dict[str, list[str]]) -> None:
    """Behind the time some servers still write id, for or comments."""
    current = shares["tail"]
    for token in tokens:
        keyword = KEYWORDS.get(token)
        if keyword and not shares[keyword]:
            current = shares[keyword]
        else:
            current.append(token)
