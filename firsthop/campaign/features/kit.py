"""The constants of the kit that a message's HTML was made with: its forms, comments,
classes, colours and title. Hosts and text may all be others.

What mail programs, builders of newsletters and their templates write into everybody's
mail is left out here where a name tells it, made cheap by similarity/everybodys.toml
where it does not, and for the rest by how many other messages have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from zlib import crc32

from firsthop.campaign.features.record import LONGEST, Feature, of_body
from firsthop.campaign.features.shapes import digest, template
from firsthop.evidence.content import Content
from firsthop.evidence.markup import Form

COMMENTS = 6  # of one message: those with the smallest hashes, as with passages
_COMMENT_WORDS = 3
_LEAST_NAMES = 3
_SHORTEST_NAME = 4  # characters of the name of a class
_LEAST_COLOURS = 3
_SHORTEST_TITLE = 6  # letters in a row
_WORD = re.compile(rf"[^\W\d_]{{{_SHORTEST_TITLE},}}")
# conditional comments, what Outlook, Word and web mailers write, and the prefixes of
# builders of newsletters (MJML, Mailchimp, BEE, Klaviyo, Unlayer)
_PROGRAMS_COMMENT = re.compile(r"\[|mso|<!|_x0000|saved from url|stopword|word to html")
_PROGRAMS_NAME = re.compile(
    r"mso|x_|gmail|yiv|ms-|elementtoproof|apple-|moz-|kl-|mj-|mc[ne]|bee-|u-|u_|es-|esd-"
    r"|block-|column|row-|row\b|col-|nl-container|module|wordsection|outlook|externalclass"
)
_EVERYBODYS_COLOURS = frozenset({"000000", "ffffff"})


def kit_features(content: Content) -> list[Feature]:
    """The features of what HTML keeps from a kit, in the view of content."""
    markup = content.markup
    if not any(markup):
        return []
    features = _all("kit_form", _forms(markup.forms)) if markup.forms else []
    if markup.comments:
        features += _all("kit_comment", _smallest(filter(_is_comment, markup.comments), COMMENTS))
    for family, value in (
        ("kit_names", _names(markup.names)),
        ("kit_colours", _colours(markup.colours)),
        ("kit_title", _title(markup.title)),
    ):
        if value is not None:
            features.append(of_body(family, value[:LONGEST]))
    return features


def _all(family: str, values: Iterable[str]) -> list[Feature]:
    return [of_body(family, value[:LONGEST]) for value in values]


def _forms(forms: tuple[Form, ...]) -> Iterator[str]:
    """Where a form leads, without its host, and the names of its fields together."""
    for form in forms:
        path = form.action.partition("?")[0].partition("://")[2].partition("/")[2]
        if path:
            yield f"to /{path}"
        if len(form.inputs) > 1:
            yield f"asks {' '.join(form.inputs)}"


def _is_comment(text: str) -> bool:
    return text.count(" ") >= _COMMENT_WORDS - 1 and not _PROGRAMS_COMMENT.match(text)


def _smallest(texts: Iterable[str], most: int) -> list[str]:
    """Those with the smallest hashes, so that near copies choose the same ones."""
    return sorted(texts, key=lambda text: (crc32(text.encode("utf-8", "replace")), text))[:most]


def _names(names: Iterable[str]) -> str | None:
    """The names of classes together, without those of programs."""
    own = [one for one in names if len(one) >= _SHORTEST_NAME and not _PROGRAMS_NAME.match(one)]
    return digest(" ".join(sorted(own))) if len(own) >= _LEAST_NAMES else None


def _colours(colours: Iterable[str]) -> str | None:
    kept = set(colours) - _EVERYBODYS_COLOURS
    return digest(" ".join(sorted(kept))) if len(kept) >= _LEAST_COLOURS else None


def _title(written: str) -> str | None:
    title = template(written) if written else ""
    return title if _WORD.search(title) else None
