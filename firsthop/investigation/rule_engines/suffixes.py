"""The public suffixes that occur in messages: Rspamd takes most of a minute to load the
whole list, and finds links and registrable domains by no more of it than these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from firsthop.evidence.content import read_content
from firsthop.mail.header import read_message
from firsthop.mail.message import Source

_HOST = re.compile(r"(?<![\w-])[\w-]++(?:\.[\w-]++)+")
_NO_SOURCE = Source("", "", 0, "")
_ALWAYS = ("com", "net", "org")  # a list that is empty is refused


def suffixes_in(messages: Sequence[bytes], public: Iterable[str]) -> list[str]:
    """The lines of the public suffix list whose suffix ends a host of a message, be it
    in its header, its text or a link."""
    ends = set(_ALWAYS)
    for data in messages:
        for host in set(_hosts(data)):
            labels = host.split(".")
            ends.update(".".join(labels[n:]) for n in range(len(labels)))
    return [line for line in public if _suffix(line) in ends]


def _suffix(line: str) -> str:
    """The suffix of a line; none of a comment."""
    return line.strip().removeprefix("!").removeprefix("*.")


def _hosts(data: bytes) -> Iterator[str]:
    message = read_message(data, _NO_SOURCE)
    content = read_content(message)
    header = "\n".join(field.value for field in message.fields)
    for text in (header, content.text, *content.links):
        yield from _HOST.findall(text.lower())
