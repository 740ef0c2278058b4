"""The content view: Subject, text, HTML and attachments, each by what a template keeps.
Nothing is rendered, opened or fetched."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest
from zlib import crc32

from firsthop.campaign.features.record import Feature, add_feature, of_body
from firsthop.campaign.features.shapes import digest, shape, template
from firsthop.evidence.bulk.native.texts import native_passages
from firsthop.evidence.content import Content
from firsthop.evidence.identity.identities import Claim

WORDS = 600  # of the text that are looked at
FEWEST = 30  # a shorter text makes no passages, but is one value
_FEWEST_OF_SHORT = 4  # words of it
RUN = 5  # words of a passage
# kept of one message: those with the smallest hashes, so that near copies choose the
# same ones
PASSAGES = 6
_LEAST_TAGS = 12


def content_features(told: Claim, content: Content) -> list[Feature]:
    """The features of the content view; `told` is the Subject."""
    features: list[Feature] = []
    if told.value:
        subject = template(told.value)
        for word in subject.split():
            if len(word) >= 3 and word.isalpha():
                add_feature(features, "subject_template", subject, told.field)
                break
    chosen = passages(content.text)
    features += [of_body("passage", text) for text in chosen]
    if not chosen or content.other:
        both = (content.other,) if chosen else (content.text, content.other)
        features += [of_body("short_text", text) for text in _short_texts(both)]
    if len(content.tags) >= _LEAST_TAGS:
        features.append(of_body("html_skeleton", digest(" ".join(content.tags))))
    for attached in content.attachments:
        if attached.size > 200:
            features.append(of_body("attachment", f"sha256:{attached.sha256[:32]}"))
        if attached.name:
            features.append(of_body("attachment_name", shape(attached.name)))
    return features


def _short_texts(texts: Iterable[str]) -> dict[str, None]:
    """The text, and what stands beside it in the other form, where they are short: of a
    message in HTML the plain text may be what its program presets. What has passages is
    not short."""
    both = [template(text) for text in texts if text and len(text.split(maxsplit=FEWEST)) < FEWEST]
    return {text: None for text in both if len(text.split()) >= _FEWEST_OF_SHORT}


def passages(text: str) -> list[str]:
    """The passages of a text with the smallest hashes; digits are masked."""
    native = native_passages(text, (WORDS, FEWEST, RUN, PASSAGES))
    return passages_in_python(text) if native is None else native


def passages_in_python(text: str) -> list[str]:
    """The same without the native kernel."""
    words = text.lower().split(maxsplit=WORDS)[:WORDS]
    if len(words) < FEWEST:
        return []
    words = ["#" if word.isdigit() else word for word in words]
    # all as bytes at once: no word holds a blank, and none comes into being
    coded = " ".join(words).encode("utf-8", "backslashreplace").split(b" ")
    runs = map(b" ".join, zip(*(coded[start:] for start in range(RUN)), strict=False))
    sums = list(map(crc32, runs))
    largest = nsmallest(PASSAGES, set(sums))[-1]
    chosen = {" ".join(words[i : i + RUN]): n for i, n in enumerate(sums) if n <= largest}
    return sorted(chosen, key=lambda run: (chosen[run], run))[:PASSAGES]
