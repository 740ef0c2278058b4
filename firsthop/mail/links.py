"""Takes links out of published text that a program added to what looked like an address
or a host name: Outlook's text of an HTML mail, chats, Markdown.

Only a link to the very text beside it goes, and Outlook's `[mailto:...]` in place of
angle brackets; of List-Unsubscribe and its kin, which are made of links, only the
former. Linear: each link is looked at once."""

from __future__ import annotations

from firsthop.system.kept_expressions import compiled

LIST_FIELDS = "list-"  # RFC 2369: their values are links

# Slack's <url|text> and Markdown's [text](url), then Outlook's text<url>
_NAMED = compiled(
    r"<(?:mailto:|https?://)[^<>|\s]{1,2000}\|([^<>|\s]{1,320})>"
    r"|\[([^\[\]()\s]{1,320})\]\((?:mailto:|https?://)[^()\s]{1,2000}\)"
)
_ADDED = compiled(r"[ \t]?<(mailto:|https?://)([^<>\s]{1,320})>")
_BRACKETED = compiled(r"\[mailto:([^\[\]<>\s]{1,320})\]")


def without_links(text: str, key: str) -> str:
    """The text of the field `key` without the links that a program added."""
    if "mailto:" not in text and "http" not in text:
        return text
    own = key.startswith(LIST_FIELDS)  # links of its own
    text = text if own else _NAMED.sub(lambda match: match[1] or match[2], text)
    shown: list[str] = []
    place = 0
    for match in _ADDED.finditer(text):
        shown.append(text[place : match.start()])
        place = match.end()
        target = match[2].rstrip("/") if match[1] != "mailto:" else match[2].partition("?")[0]
        before = text[max(0, match.start() - len(target)) : match.start()]
        if before.lower() != target.lower():
            kept = own or match[1] != "mailto:"
            shown.append(match.group() if kept else f" <{target}>")
    text = "".join(shown) + text[place:]
    return text if own else _BRACKETED.sub(r"<\1>", text)
