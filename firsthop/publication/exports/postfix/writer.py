"""A campaign for Postfix: `header_checks.pcre`, `client_access` (cidr), `sender_access`
(texthash), each with the comment of what it is and what it cannot say.

Consumer:   Postfix 3.7 with postfix-pcre.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.postfix.access import access_lists
from firsthop.publication.exports.postfix.header_checks import lines_of, rules_of_headers
from firsthop.publication.exports.rules.comment import comment_lines, plain
from firsthop.publication.exports.rules.rule import BLOCK, RuleSet
from firsthop.publication.exports.source import ExportSource

HEADER_CHECKS, CLIENTS, SENDERS = "header_checks.pcre", "client_access", "sender_access"
_FOLDER = "/etc/postfix/firsthop"
_USE = {
    HEADER_CHECKS: (
        f"main.cf: header_checks = pcre:{_FOLDER}/{HEADER_CHECKS}",
        "and, for mail inside mail is other mail: mime_header_checks = , nested_header_checks =",
        "WARN only logs; PREPEND X-Firsthop: NAME instead marks the message",
    ),
    CLIENTS: (
        f"main.cf: smtpd_client_restrictions = check_client_access cidr:{_FOLDER}/{CLIENTS}",
        "REJECT: it handed such mail to the receiver itself; WARN: a relay alone names it",
        "Addresses change hands: remove each when its time is over.",
    ),
    SENDERS: (
        f"main.cf: smtpd_sender_restrictions = check_sender_access texthash:{_FOLDER}/{SENDERS}",
        "Anybody can write such a domain: it is logged, and refused for nothing else.",
    ),
}
_NO_BLOCK = (
    "No message is refused by these rules: each asks one header, and what one header",
    "says is one view of a message, which one server or program decides. A milter, Rspamd",
    "or SpamAssassin sees the whole message: their exports have the rules that refuse.",
)


def write_postfix(source: ExportSource) -> Exported:
    """The three files."""
    rules, lists = rules_of_headers(source), access_lists(source)
    comment = comment_lines(source, rules)
    return Exported(
        {
            HEADER_CHECKS: _file(HEADER_CHECKS, (*comment, *_no_block(rules)), lines_of(rules)),
            CLIENTS: _file(CLIENTS, (*comment[:2], *_refused(lists.gaps, CLIENTS)), lists.clients),
            SENDERS: _file(SENDERS, (*comment[:2], *_refused(lists.gaps, SENDERS)), lists.senders),
        },
        lists.gaps,
        rules,
    )


def _no_block(rules: RuleSet) -> tuple[str, ...]:
    return () if any(one.strength == BLOCK for one in rules.rules) else _NO_BLOCK


def _refused(gaps: Iterable[Gap], table: str) -> Iterator[str]:
    """What a list does not hold, by reason: which values, the report tells."""
    reasons = Counter(gap.reason for gap in gaps if gap.what.startswith(f"{table}:"))
    for reason, n in sorted(reasons.items()):
        yield plain(f"not listed: {n} ({reason})")


def _file(name: str, comment: Iterable[str], lines: Iterable[str]) -> bytes:
    every = [*(f"# {line}" for line in (*comment, *_USE[name])), *lines]
    return "".join(f"{line}\n" for line in every).encode("ascii")


POSTFIX = Exporter(
    "postfix",
    "Postfix tables: checks of single headers, clients and senders.",
    "Postfix 3.7: postmap, and a running server",
    write_postfix,
)
