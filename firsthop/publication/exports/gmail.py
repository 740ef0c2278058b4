"""The format `gmail`: searches for Gmail and Google Workspace, a line each.

Source:     Google's reference of search operators: from:, subject:, quoted phrases,
            rfc822msgid:. Written by it, not run.
Cannot:     ask for anything else of a header. Words are found in any case and order of
            marks, and a phrase may stand in a quoted mail: a search finds more than the
            elements it is made of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from firsthop.campaign.signature.bitsets import Key
from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.rules.comment import comment_lines
from firsthop.publication.exports.rules.rule import Element, Rule, RuleSet, rules_for
from firsthop.publication.exports.source import ExportSource

NO_OPERATOR = "Gmail has no search operator for it"
NO_PHRASE = "no phrase of it is long enough to be searched for"
A_SEARCH = "a search for what is there, not a filter: look at what it finds before anything is done"
_OPERATORS = {
    "author_address": "from:",
    "author_domain": "from:",
    "display_name": "from:",
    "subject_template": "subject:",
    "passage": "",
    "short_text": "",
}
_MASK = re.compile(r"\{address\}|\{code\}|#")
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"[A-Za-z0-9._+@-]{3,}")
_ID = re.compile(r"[A-Za-z0-9._+=$%!&~#'*/?^|-]+@[A-Za-z0-9._-]+")
_SHORTEST = 4  # letters of a phrase
_IDS = 40  # ids of one search
_WIDER = Gap(
    "phrases",
    "Gmail finds words in any case and without their marks; masked numbers, codes and addresses "
    "are left out: a search finds more mail than was counted",
)


def export(source: ExportSource) -> Exported:
    """The searches of a campaign, a file a rule, and one for its messages by their
    ids."""
    rules = rules_for(source, lambda _: None, express_key=why_not)
    files = {f"{one.name}.txt": _file(source, rules, one).encode() for one in rules.rules}
    ids = _messages(source, rules)
    return Exported(files | ({"messages.txt": ids.encode()} if ids else {}), (_WIDER,), rules)


def why_not(key: Key) -> str | None:
    """Why an element is not searched for; None where it is."""
    if key[0] not in _OPERATORS:
        return NO_OPERATOR
    return None if term(*key) else NO_PHRASE


def term(family: str, value: str) -> str | None:
    """The search for an element."""
    operator = _OPERATORS[family]
    if family in ("author_address", "author_domain"):
        return f"{operator}{value}" if _ADDRESS.fullmatch(value) else None
    phrases = [f'{operator}"{one}"' for one in _phrases(value)]
    return " ".join(phrases) or None


def _phrases(template: str) -> list[str]:
    """The words between what is masked, without any sign that Gmail could read."""
    found = (" ".join(_WORD.findall(part)) for part in _MASK.split(template))
    return [one for one in found if sum(map(str.isalpha, one)) >= _SHORTEST]


def _file(source: ExportSource, rules: RuleSet, rule: Rule) -> str:
    lines = [" ".join(map(_term, clause)) for clause in rule.clauses]
    return _text((*comment_lines(source, rules), A_SEARCH, rule.name), lines)


def _term(element: Element) -> str:
    return term(element.family, element.value) or ""


def _messages(source: ExportSource, rules: RuleSet) -> str | None:
    """The messages of the campaign by their Message-IDs."""
    ids = sorted({one.message_id for one in source.summaries if one.message_id})
    asked = [f"rfc822msgid:{one}" for one in ids if _ID.fullmatch(one)]
    if not asked:
        return None
    lines = [" OR ".join(asked[n : n + _IDS]) for n in range(0, len(asked), _IDS)]
    told = f"{len(asked)} of {len(source.summaries)} messages of the campaign, by Message-ID"
    return _text((*comment_lines(source, rules)[:2], told), lines)


def _text(head: Sequence[str], lines: Sequence[str]) -> str:
    return "".join(f"# {line}\n" for line in head) + "".join(f"{line}\n" for line in lines)


GMAIL = Exporter(
    "gmail",
    "Searches for Gmail and Google Workspace.",
    "written by the reference, not run",
    export,
)
