"""Whom a message names, described: the table `people`."""

from __future__ import annotations

from firsthop.evidence.people import KINDS, Person
from firsthop.evidence.schema.columns import table
from firsthop.evidence.schema.vocabulary import TEXT, Attribute, Record, words

PERSON = Record(
    "person",
    "Whom a message names. A publication withholds them and looks for them before it goes out.",
    (
        Attribute("kind", words(KINDS), "What they are to the message."),
        Attribute(
            "value",
            TEXT,
            "The address, the login or the value of a link's parameter, as written.",
            "Only a display name stands there.",
        ),
        Attribute("display_name", TEXT, "The display name.", "There is none."),
    ),
    covers={"": Person},
)

PEOPLE = table("people", PERSON, Person)
