"""A document with every picture and every kind of block in it, whose quoted texts are
all the same one."""

from __future__ import annotations

from firsthop.publication.bulletin.document import (
    Bullets,
    Document,
    Edge,
    Instant,
    Joined,
    Ladder,
    Listing,
    Paragraph,
    Quoted,
    Relations,
    Rung,
    Section,
    Table,
    Timeline,
    Word,
)


def illustrated(text: str) -> Document:
    """The document."""
    quoted = Quoted(text)
    said = Paragraph("authenticated.said", {"by": quoted, "protocol": quoted})
    items = Bullets((said, said))
    table = Table(tuple(["column.relay"] * 7), ((*(quoted,) * 6, "1234"),) * 3)
    timeline = Timeline(
        ((quoted, (0, 86_400, 9_000_000)), (Word("timeline.others", {"n": "3"}), (5_000_000,))),
        "Europe/Rome",
        said,
    )
    one = Rung(quoted, (Word("ladder.helo", {"helo": quoted}), Instant(0, "UTC")), True)
    broken = Rung(
        quoted,
        (Word("ladder.address_claimed", {"address": quoted}), Word("ladder.login")),
        False,
        Word("ladder.apart", {"client": quoted, "writer": quoted}),
        cut=True,
    )
    ladder = Ladder(
        Word("ladder.receiver"),
        (one, broken, broken),
        Word("ladder.origin"),
        Word("ladder.trust"),
        1,
        Word("ladder.no_receiver"),
        said,
        (items,),
    )
    nodes = ((quoted, 1234), (Word("relations.others", {"n": "12"}), 1))
    edges = tuple(Edge(n, a, b, 99) for n in (0, 1) for a in (0, 1) for b in (0, 1))
    relations = Relations(
        ("relations.helo", "relations.relay", "relations.network"),
        (nodes, nodes, nodes),
        edges,
        said,
        (table,),
    )
    listing = Listing((("1", quoted), ("12", quoted), ("", quoted)))
    blocks = (said, items, table, timeline, ladder, relations, listing)
    section = Section("title.path", blocks)
    return Document(text, "CLEAR", (("head.author", Joined((quoted, quoted))),), (section,))
