"""Takes links out of published text that a program added to what looked like an address
or a host name: Outlook's text of an HTML mail, chats, Markdown.

Only a link to the very text beside it goes, and Outlook's `[mailto:...]` in place of
angle brackets. A List-Unsubscribe field is made of links and is left alone by the
caller. Linear: each link is looked at once."""

from __future__ import annotations

import re

LIST_FIELDS = "list-"  # RFC 2369: their values are links

# Slack's <url|text> and Markdown's [text](url), then Outlook's text<url>
_NAMED = re.compile(
    r"<(?:mailto:|https?://)[^<>|\s]{1,2000}\|([^<>|\s]{1,320})>"
    r"|\[([^\[\]()\s]{1,320})\]\((?:mailto:|https?://)[^()\s]{1,2000}\)"
)
_ADDED = re.compile(r"[ \t]?<(mailto:|https?://)([^<>\s]{1,320})>")
_BRACKETED = re.compile(r"\[mailto:([^\[\]<>\s]{1,320})\]")


def without_links(text: str) -> str:
    """`text` without the links that a program added."""
    if "mailto:" not in text and "http" not in text:
        return text
    text = _NAMED.sub(lambda match: match[1] or match[2], text)
    shown: list[str] = []
    place = 0
    for match in _ADDED.finditer(text):
        shown.append(text[place : match.start()])
        place = match.end()
        target = match[2].rstrip("/") if match[1] != "mailto:" else match[2].partition("?")[0]
        before = text[max(0, match.start() - len(target)) : match.start()]
        if before.lower() != target.lower():
            shown.append(f" <{target}>" if match[1] == "mailto:" else match.group())
    return _BRACKETED.sub(r"<\1>", "".join(shown) + text[place:])
