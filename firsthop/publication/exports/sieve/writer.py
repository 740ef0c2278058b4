"""A campaign's rules as Sieve scripts (RFC 5228), one a rule.

What a script of the strength `block` finds is put into a folder of the rule's name and
not into the inbox; of the strength `hunt` a copy. Nothing is rejected: the message was
accepted, and its sender is forged (RFC 3834, RFC 5429 section 2.2).
Consumer:   Dovecot Pigeonhole, with its extensions regex, body, variables, mailbox,
            copy. A user's script takes them in by `include`.
"""

from __future__ import annotations

from collections.abc import Iterable

from firsthop.publication.exports.exporter import Exported, Exporter
from firsthop.publication.exports.rules.comment import comment_lines
from firsthop.publication.exports.rules.conditions import Compared, parts
from firsthop.publication.exports.rules.rule import BLOCK, Element, Rule, rules_for
from firsthop.publication.exports.sieve import relations
from firsthop.publication.exports.sieve.conditions import each_test, extensions, why_not
from firsthop.publication.exports.sieve.strings import quoted, string_list
from firsthop.publication.exports.source import ExportSource


def write_sieve(source: ExportSource) -> Exported:
    """The scripts; a campaign without any gets the comment alone, in README.txt."""
    rules = rules_for(source, why_not)
    comment = "".join(f"# {line}\n" for line in comment_lines(source, rules))
    files = {f"{one.name}.sieve": (comment + _script(one)).encode() for one in rules.rules}
    return Exported(files or {"README.txt": comment.encode()}, (), rules)


def _script(rule: Rule) -> str:
    asked = [element.condition for clause in rule.clauses for element in clause]
    moved = () if rule.strength == BLOCK else ("copy",)
    required = ("fileinto", "mailbox", *moved, *extensions(asked))
    compared = (part for one in asked for part in parts(one) if isinstance(part, Compared))
    lines = (
        f"require {string_list(required)};",
        *relations.assignments(compared),
        f"if {_any_of(rule.clauses)} {{",
        f"    fileinto {':copy ' if moved else ''}:create {quoted(rule.name)};",
        "}",
    )
    return "\n".join(lines) + "\n"


def _any_of(clauses: tuple[tuple[Element, ...], ...]) -> str:
    each = [_all_of(clause) for clause in clauses]
    return each[0] if len(each) == 1 else "anyof(\n    " + ",\n    ".join(each) + ")"


def _all_of(clause: Iterable[Element]) -> str:
    all_of = [test for one in clause for test in each_test(one.condition)]
    return all_of[0] if len(all_of) == 1 else "allof(" + ",\n        ".join(all_of) + ")"


SIEVE = Exporter(
    "sieve",
    "Sieve scripts that put what they find into a folder of their own.",
    "Dovecot Pigeonhole 2.3.19: sievec, sieve-filter",
    write_sieve,
)
