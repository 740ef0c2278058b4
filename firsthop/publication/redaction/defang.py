"""A document for people, with nothing in it that a mail program makes a link of: hxxp
for http, [.] within hosts and addresses, [@] within mail addresses. Files for machines
stay as they are.

Only text that is not ours (`Quoted`) is changed, and only what is a host, an address or
a link as a whole, or a link or mail address within it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from firsthop.evidence.host.networks import is_address
from firsthop.publication.bulletin.document import Document, Quoted

_LINK = re.compile(r"\bhttp(s?)://([^/\s]{1,255})", re.IGNORECASE)
_MAIL = re.compile(r"(?<=[\w+-])@(?=[\w\[])([\w.-]{1,255})")
_HOST = re.compile(r"(?:[\w-]{1,63}\.){1,8}(?:[a-z]{2,63}|xn--[\w-]{1,59})\.?", re.IGNORECASE)


def defanged(document: Document) -> Document:
    """The same document with every quoted text defanged."""
    changed: Document = _changed(document)
    return changed


def defang(text: str) -> str:
    """One text."""
    if _HOST.fullmatch(text) or (is_address(text) and ":" not in text):
        return _dots(text)
    text = _LINK.sub(lambda m: f"hxxp{m[1]}://{_dots(m[2])}", text)
    return _MAIL.sub(lambda m: f"[@]{_dots(m[1])}", text)


def _dots(text: str) -> str:
    return text.replace(".", "[.]")


def _changed(value: Any) -> Any:
    if isinstance(value, Quoted):
        return replace(value, text=defang(value.text))
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(map(_changed, value))
    if isinstance(value, Mapping):
        return {key: _changed(one) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        told = {one.name: _changed(getattr(value, one.name)) for one in fields(value)}
        return replace(value, **told)
    return value
