"""The Public Suffix List (publicsuffix.org; offline copy of `publicsuffixlist`), read
for one top-level domain at a time: its rules hold for no other, and a message names few
of the 1,500."""

from __future__ import annotations

from functools import cache

from publicsuffixlist import PublicSuffixList

from firsthop.system.kept_tables import Tables, once
from firsthop.system.package_files import package_bytes, package_folder

_LIST = "public_suffix_list.dat"
_FORM = "by top-level domain, 1"  # what is kept of it
# the part of the registries stands between these lines
_BEGIN, _END = "// ===BEGIN ICANN DOMAINS===", "// ===END ICANN DOMAINS==="


def private_suffix(name: str) -> str | None:
    """The registrable domain of a name in lower case, or None."""
    found: str | None = _of(_top(name, False), False).privatesuffix(name)
    return found


def public_suffix(name: str, *, registries_only: bool = False) -> str | None:
    """The suffix under which anybody may register; `registries_only`: without those
    of platforms."""
    top = _top(name, registries_only)
    found: str | None = _of(top, registries_only).publicsuffix(name)
    return found


def has_listed_suffix(name: str) -> bool:
    """Whether a name in lower case ends in a suffix of the list itself; a top-level
    domain that it does not have is no such suffix."""
    rules = _of(_top(name, False), False)
    return rules.publicsuffix(name, accept_unknown=False) is not None


def _top(name: str, registries_only: bool) -> str:
    """The top-level domain of a name; "" for one that the list does not have, so that
    no memory grows with what a sender writes."""
    top = name.rpartition(".")[2]
    if top.startswith("xn--"):
        try:
            top = top.encode("ascii").decode("idna")
        except UnicodeError:
            return ""
    return top if top in _rules(registries_only) else ""


@cache
def _of(top: str, registries_only: bool) -> PublicSuffixList:
    rules = _rules(registries_only).get(top, "").split()
    return PublicSuffixList(rules, accept_encoded_idn=False)


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
