"""Header excerpts: of one message for each campaign that is described the lines that
the findings and the distinctive elements rest on, as they stand in the file.

Which fields those are: the ones that every finding looks at, and those that an element
of the campaign's own signature names. Lines that the receiver's servers wrote for each
other are left out; where there are still too many, the Received lines give way, the
upper ones first."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.examples import Example, HeaderLine
from firsthop.campaign.explain.campaign import Campaign
from firsthop.campaign.investigation import Investigation
from firsthop.mail.field_names import TELLING
from firsthop.publication.bulletin.document import (
    Block,
    Listing,
    Paragraph,
    Quoted,
    Word,
)
from firsthop.publication.bulletin.sections.examples import shown_as

MOST_EXCERPTS = 5
MOST_LINES = 40  # of one excerpt, as they stand in the file
LONGEST = 240  # characters of one line
TAB, NO_BREAK = "⇥", "·"
_ALWAYS = TELLING | frozenset(
    "x-php-script x-php-originating-script x-originating-ip x-source-ip".split()
)
_OF_FAMILY = {
    "envelope_domain": "return-path",
    "charset": "content-type",
    "boundary_shape": "content-type",
    "boundary_affix": "content-type",
    "structure": "content-type",
}


def excerpts(investigation: Investigation) -> tuple[Block, ...]:
    """An excerpt for each of the first campaigns."""
    shown = investigation.examples[:MOST_EXCERPTS]
    if not shown:
        return ()
    blocks: list[Block] = [Paragraph("excerpts.how", {"tab": TAB, "no_break": NO_BREAK})]
    for one in shown:
        blocks += _excerpt(investigation, one)
    return tuple(blocks)


def _excerpt(investigation: Investigation, one: Example) -> Iterator[Block]:
    message = shown_as(investigation, one)
    if not one.header:
        yield Paragraph("excerpts.gone", {"message": message})
        return
    offset = one.summary.offset
    where = Word("excerpts.offset", {"offset": str(offset)}) if offset else Word("excerpts.lines")
    yield Paragraph("excerpts.message", {"message": message, "where": where})
    fields = _wanted(one, _campaign(investigation, one))
    shown = _fitting(fields)
    yield Listing(tuple(line for field in fields if field in shown for line in _lines(field)))
    left_out = sum(len(_lines(field)) for field in fields if field not in shown)
    if left_out:
        yield Paragraph("excerpts.cut", {"n": str(left_out)})


def _wanted(one: Example, campaign: Campaign | None) -> list[HeaderLine]:
    """The fields that are to be shown, in the message's order."""
    names = _ALWAYS | frozenset(_pointed_at(campaign))
    return [field for field in one.header if field.name.lower() in names and not field.inner]


def _fitting(fields: list[HeaderLine]) -> set[HeaderLine]:
    """Those that MOST_LINES have room for."""
    shown: set[HeaderLine] = set()
    room = MOST_LINES
    received = [field for field in fields if field.hop is not None]
    for field in (*(one for one in fields if one.hop is None), *reversed(received)):
        room -= len(_lines(field))
        if room < 0:
            break
        shown.add(field)
    return shown


def _campaign(investigation: Investigation, one: Example) -> Campaign | None:
    clusters = investigation.campaigns
    return next((c for c in (clusters.campaigns if clusters else ()) if c.id == one.campaign), None)


def _pointed_at(campaign: Campaign | None) -> Iterator[str]:
    """The fields that the elements of a signature are taken from."""
    signature = campaign.signature() if campaign else None
    for atom in signature.telling if signature else ():
        if atom.family == "extra_field":
            yield atom.value.lower()
        elif atom.family in _OF_FAMILY:
            yield _OF_FAMILY[atom.family]


def _lines(field: HeaderLine) -> list[tuple[str, Quoted]]:
    """The lines of a field that are not empty, each with its number in the message."""
    lines = field.text.removesuffix("\n").split("\n")
    numbered = list(enumerate(lines, field.line))
    last = numbered[-1][0]
    return [
        (str(number), Quoted(_shown(line, cut=field.cut and number == last)))
        for number, line in numbered
        if line.strip()
    ]


def _shown(line: str, *, cut: bool) -> str:
    """One line, white space that is no blank made visible."""
    text = line.removesuffix("\r").replace("\t", TAB).replace("\xa0", NO_BREAK)
    if len(text) <= LONGEST and not cut:
        return text
    return f"{text[:LONGEST]}…"
