"""A campaign's rules for Exim 4: `acl.conf`, statements for the DATA ACL, and
`system.filter`, which does not need the ACL.

In the ACL each rule is a few `warn` statements that note its name in a variable and a
field; a last one denies the message where a rule of the strength `block` was met: its
client is told, and nobody else. The filter sees mail that was accepted already, and
only adds the field: to fail it would send a report to a forged sender (RFC 3834).
Consumer:   Exim 4.96; `acl.conf` is taken in by `.include` below the name of the ACL.
"""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.publication.exports.exim.conditions import filter_test, why_not, written
from firsthop.publication.exports.exporter import Exported, Exporter
from firsthop.publication.exports.rules.comment import comment_lines
from firsthop.publication.exports.rules.rule import BLOCK, Element, Rule, RuleSet, rules_for
from firsthop.publication.exports.source import ExportSource

ACL, FILTER = "acl.conf", "system.filter"
FIELD = "X-Firsthop"
_MET, _DENIED = "acl_m_firsthop", "acl_m_firsthop_block"


def write_exim(source: ExportSource) -> Exported:
    """Both files."""
    rules = rules_for(source, why_not)
    comment = [f"# {line}" for line in comment_lines(source, rules)]
    files = {
        ACL: _text([*comment, *_acl(rules)]),
        FILTER: _text(["# Exim filter", *comment, *_filter(rules)]),
    }
    return Exported(files, (), rules)


def _text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _acl(rules: RuleSet) -> Iterator[str]:
    for rule in rules.rules:
        for clause in rule.clauses:
            yield from _warning(rule, clause)
    if any(rule.strength == BLOCK for rule in rules.rules):
        yield from (
            "",
            f"deny condition = ${{if def:{_DENIED} {{yes}}{{no}}}}",
            "  message = refused for its likeness to a campaign of forged mail",
            f"  log_message = firsthop: ${_DENIED}",
        )


def _warning(rule: Rule, clause: tuple[Element, ...]) -> Iterator[str]:
    """A clause: its name is noted once, whichever of the rule's clauses is met."""
    name = rule.name
    yield ""
    yield f"warn !condition = ${{if match{{${{{_MET}}}}}{{\\N:{name}:\\N}} {{yes}}{{no}}}}"
    for element in clause:
        for one in written(element.condition):
            yield f"  condition = ${{if {one} {{yes}}{{no}}}}"
    yield f"  set {_MET} = ${{{_MET}}}:{name}:"
    if rule.strength == BLOCK:
        yield f"  set {_DENIED} = {name}"
    yield f"  add_header = {FIELD}: {name}"
    yield f"  log_message = firsthop: {name}"


def _filter(rules: RuleSet) -> Iterator[str]:
    for rule in rules.rules:
        clauses = [
            " and\n    ".join(filter_test(one.condition) for one in clause)
            for clause in rule.clauses
        ]
        yield "if (" + ") or\n   (".join(clauses) + ") then"
        yield f'  headers add "{FIELD}: {rule.name}"'
        yield "endif"


EXIM = Exporter(
    "exim",
    "Statements for Exim's DATA ACL, and a system filter.",
    "Exim 4.96: -bh, -bF",
    write_exim,
)
