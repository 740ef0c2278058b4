"""The Public Suffix List (publicsuffix.org; offline copy of `publicsuffixlist`), read
for one top-level domain at a time: its rules hold for no other, and a message names few
of the 1,500."""

from __future__ import annotations

from functools import cache, lru_cache

from firsthop.system.kept_tables import Tables, once
from firsthop.system.named_tuple import NamedTuple
from firsthop.system.package_files import package_bytes, package_folder

_LIST = "public_suffix_list.dat"
_FORM = "by top-level domain, 1"  # what is kept of it
# the part of the registries stands between these lines
_BEGIN, _END = "// ===BEGIN ICANN DOMAINS===", "// ===END ICANN DOMAINS==="


# what a rule says of a name; of two rules on one name the higher holds
_EXACT = 1  # the name is a suffix
_WILD = 2  # "*.name": each label before it makes one
_EXCEPTION = 3  # "!name": it is none, although a wild rule would make it one
_LONGEST = 127  # letters of two labels (RFC 1035 section 2.3.4)
_KINDS = {"!": _EXCEPTION, "*": _WILD}


class _Rules(NamedTuple):
    """The rules of one top-level domain."""

    kinds: dict[str, int]  # by the name
    most: int  # labels of the longest
    below: frozenset[str]  # the last two labels of those that have several


def private_suffix(name: str) -> str | None:
    """The registrable domain of a name in lower case, or None."""
    last = name[name.rfind(".", 0, name.rfind(".")) + 1 :]
    if len(last) <= _LONGEST and _is_simple(last) and name[0] != "." and ".." not in name:
        return last
    labels = _labels(name)
    public = _public(labels, _of(_top(labels, False), False))
    return ".".join(labels[-public - 1 :]) if len(labels) > public else None


@lru_cache(maxsize=16_384)
def _is_simple(domain: str) -> bool:
    """Whether a domain is one of two labels that every name below it has as its
    registrable domain: no rule is about names below it, or about it."""
    labels = _labels(domain)
    if len(labels) != 2 or domain != domain.lower() or domain[-1] == ".":
        return False
    kinds, _, below = _of(_top(labels, False), False)
    return kinds.get(labels[1], _EXACT) == _EXACT and domain not in below


def public_suffix(name: str, *, registries_only: bool = False) -> str | None:
    """The suffix under which anybody may register; `registries_only`: without those
    of platforms."""
    labels = _labels(name)
    public = _public(labels, _of(_top(labels, registries_only), registries_only))
    return ".".join(labels[-public:]) if labels else None


def has_listed_suffix(name: str) -> bool:
    """Whether a name in lower case ends in a suffix of the list itself; a top-level
    domain that it does not have is no such suffix."""
    labels = _labels(name)
    return _listed(labels, _of(_top(labels, False), False)) > 0


def _labels(name: str) -> list[str]:
    """The labels of a name; [] where one is empty but for a last one."""
    labels = name.lower().removesuffix(".").split(".")
    return [] if "" in labels else labels


def _public(labels: list[str], rules: _Rules) -> int:
    """How many labels the suffix of a name has: where no rule holds, its last one."""
    return _listed(labels, rules) or 1


def _listed(labels: list[str], rules: _Rules) -> int:
    """How many labels of a name the longest rule takes that holds for it; 0 for none
    (publicsuffix.org/list)."""
    count, kinds = len(labels), rules.kinds
    for depth in range(min(count, rules.most + 1), 0, -1):
        if kind := kinds.get(".".join(labels[-depth:])):
            if kind == _EXACT:
                return depth
            # a name that a wild rule ends with is a suffix itself
            return depth - 1 if kind == _EXCEPTION else min(depth + 1, count)
    return 0


def _top(labels: list[str], registries_only: bool) -> str:
    """The top-level domain of a name; "" for one that the list does not have, so that
    no memory grows with what a sender writes."""
    top = labels[-1] if labels else ""
    if top.startswith("xn--"):
        try:
            top = top.encode("ascii").decode("idna")
        except UnicodeError:
            return ""
    return top if top in _rules(registries_only) else ""


@cache
def _of(top: str, registries_only: bool) -> _Rules:
    kinds: dict[str, int] = {}
    most = 0
    for rule in _rules(registries_only).get(top, "").split():
        most = max(most, rule.count(".") + 1)
        kind = _KINDS.get(rule[0], _EXACT)
        name = rule.removeprefix("!").removeprefix("*.")
        kinds[name] = max(kind, kinds.get(name, kind))
    below = frozenset([".".join(name.split(".")[-2:]) for name in kinds if "." in name])
    return _Rules(kinds, most, below)


@cache
def _rules(registries_only: bool) -> dict[str, str]:
    """The rules by top-level domain in letters, with blanks between them, each as
    letters and as DNS writes it; once made of the list they are kept."""
    content = package_bytes("publicsuffixlist", _LIST)
    name = "registries" if registries_only else "suffixes"

    def make() -> Tables:
        return {name: _by_top(content.decode("utf-8"), registries_only)}

    contents = {_FORM: b"", _LIST: content}
    return once(package_folder(__package__), name, contents, make)[name]


def _by_top(text: str, registries_only: bool) -> dict[str, str]:
    if registries_only:
        text = text.partition(_BEGIN)[2].partition(_END)[0]
    rules: dict[str, list[str]] = {}
    for line in text.split("\n"):
        if line and line[0] != "/":
            rule = line.partition(" ")[0]
            written = (rule,) if rule.isascii() else (rule, _encoded(rule))
            rules.setdefault(rule[rule.rfind(".") + 1 :], []).extend(written)
    return {top: " ".join(some) for top, some in rules.items()}


def _encoded(rule: str) -> str:
    """A rule as DNS writes it (RFC 3490)."""
    sign = "!" if rule.startswith("!") else ""
    return sign + rule.removeprefix("!").encode("idna").decode("ascii")
