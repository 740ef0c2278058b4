"""Does a message that names a Microsoft desktop client consist of one
text/html part?"""

from __future__ import annotations

import re

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts
from firsthop.judgement.check import Check
from firsthop.judgement.finding import Finding, Outcome, observe
from firsthop.judgement.rates.base_rates import base_rate
from firsthop.system.kept_expressions import compiled

NAME = "single_html_part"
# Outlook, Outlook Express, Windows Live Mail, Windows Mail; not those of Macintosh,
# phones, Web.
_DESKTOP = compiled(
    r"^Microsoft (?:Office )?Outlook(?:$|,| IMO\b| CWS\b| \d| Express(?! Macintosh))"
    r"|^Outlook Express\b|^Microsoft Windows (?:Live )?Mail\b"
)
_HTML = compiled(r"^\s*text/html\s*(?:;|$)", re.IGNORECASE)
MAX_NAME = 400  # characters of the program's name that are looked at


def only_html(facts: MessageFacts) -> bool | None:
    """Whether its only part is text/html; None where no Microsoft desktop client is
    named."""
    if not facts.mailer.value or not _DESKTOP.search(facts.mailer.value[:MAX_NAME]):
        return None
    field = facts.message.first("content-type")
    return field is not None and _HTML.search(field.value) is not None


def _look(facts: MessageFacts, _case_file: CaseFile) -> Finding | None:
    if not only_html(facts):
        return None
    field, mailer = facts.message.first("content-type"), facts.mailer
    seen = (
        observe("mailer", mailer.value or "", mailer.field),
        observe("content_type", field.value if field else "", field),
    )
    values = (("mailer", mailer.value or ""),)
    return Finding(
        NAME, Outcome.CONTRADICTS, base_rate(NAME, "only"), "parts.only_html", values, seen
    )


CHECK = Check(
    NAME,
    "sender",
    "A message that names a Microsoft desktop client (Outlook, Outlook Express, Windows Live "
    "Mail, Windows Mail) and whose only part is text/html.",
    "These programs write a text/plain part beside every HTML one (multipart/alternative); "
    "programs that only copy their X-Mailer line often do not.",
    "Gateways and filters that take the text part out; newsletters that name Outlook to look like "
    "personal mail; customers' systems that send through Outlook's libraries.",
    "RFC 2046 section 5.1.4; counted on the corpora",
    _look,
)
