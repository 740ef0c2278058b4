"""What a filter can be asked about one message: the terms of a rule, in the words of no
engine. An engine's writer puts each into its own language, or says why it cannot.

Form:       a pattern is a regular expression in the part of the language that PCRE,
            POSIX extended expressions, RE2, YARA and Python's `re` have in common:
            literals, `\\` before one of .[]{}()*+?^$|\\ and nothing else, classes such
            as [0-9A-F], {n}, {n,m}, ?, *, +, groups with |, ^ and $. No \\d, no \\b, no
            look-around, no back-reference but in `repeats`. It may hold letters that
            are not ASCII: then `ascii` is False, and it is meant for decoded text.
Never:      judges a message: that is the engine's work, and in tests the reference's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Value(Enum):
    """A value of a message that a relation compares, in lower case."""

    SUBJECT = "the Subject"
    AUTHOR = "the author's address"
    AUTHOR_LOCAL_PART = "the local part of the author's address"
    AUTHOR_DOMAIN = "the domain of the author's address"
    DISPLAY_NAME = "the author's display name"
    RECIPIENT = "the address in To"
    RECIPIENT_LOCAL_PART = "the local part of the first address in To"
    HELO = "a HELO in a Received line"
    ID_HOST = "the host of the Message-ID"
    REPLY_DOMAIN = "the domain of the first address in Reply-To"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that is searched for in a text."""

    regex: str
    caseless: bool = False
    repeats: bool = False  # it holds back-references \\1 to \\9

    @property
    def ascii(self) -> bool:
        """Whether it can be searched in raw bytes; else the text must be decoded."""
        return self.regex.isascii()


@dataclass(frozen=True, slots=True)
class FieldMatches:
    """One of the fields of these names, in lower case, has an unfolded value in which
    the pattern is found. RFC 2047 words count as decoded where the pattern is not
    ASCII, or `decoded` says so."""

    names: tuple[str, ...]
    pattern: Pattern
    decoded: bool = False


@dataclass(frozen=True, slots=True)
class FieldPresent:
    """A field of one of these names, in lower case, is there."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldAbsent:
    """No field of these names, in lower case, is there."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextMatches:
    """The pattern is found in the decoded text of the message, in which every run of
    white space is one blank; HTML without its tags."""

    pattern: Pattern


@dataclass(frozen=True, slots=True)
class LinkMatches:
    """The pattern is found in a link of the message, from its scheme on."""

    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values of the message are equal, or differ. With `registrable` their
    registrable domains are compared (Public Suffix List). Where one of the two is
    missing neither is true."""

    left: Value
    right: Value
    equal: bool = True
    registrable: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of the conditions hold."""

    conditions: tuple[Condition, ...]


Condition = FieldMatches | FieldPresent | FieldAbsent | TextMatches | LinkMatches | Compared | AllOf


def parts(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that all have to hold, without `AllOf`."""
    if isinstance(condition, AllOf):
        return tuple(part for one in condition.conditions for part in parts(one))
    return (condition,)
