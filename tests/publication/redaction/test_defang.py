"""Hosts, addresses and links in a document for people cannot be clicked; all else
stays."""

import pytest

from firsthop.publication.bulletin.document import (
    Document,
    Joined,
    Paragraph,
    Quoted,
    Section,
    Value,
)
from firsthop.publication.redaction.defang import defang, defanged

SHOWN = {
    "r3.kawaz.jp": "r3[.]kawaz[.]jp",
    "85.65.59.147": "85[.]65[.]59[.]147",
    "user-abcdefgh@libero.it": "user-abcdefgh[@]libero[.]it",
    "https://a.example.com/x.y?z": "hxxps://a[.]example[.]com/x.y?z",
    "see HTTP://A.example.com": "see hxxp://A[.]example[.]com",
    "Microsoft Windows Live Mail 16.4.3522.110": "Microsoft Windows Live Mail 16.4.3522.110",
    "h32 @helo": "h32 @helo",
    "2001:db8::1": "2001:db8::1",
    "19E99E83CED1": "19E99E83CED1",
}


@pytest.mark.parametrize("text", SHOWN)
def test_a_text(text: str) -> None:
    assert defang(text) == SHOWN[text]
    assert defang(SHOWN[text]) == SHOWN[text]


def test_a_tree_keeps_all_but_what_is_quoted() -> None:
    values: dict[str, Value] = {
        "a": Quoted("a.example.com"),
        "b": "b.example.com",
        "c": Joined((Quoted("x@y.it"),)),
    }
    tree = Document("t", "CLEAR", (), (Section("s", (Paragraph("k", values),)),))
    changed = defanged(tree).sections[0].blocks[0]
    assert changed == Paragraph(
        "k",
        {
            "a": Quoted("a[.]example[.]com"),
            "b": "b.example.com",
            "c": Joined((Quoted("x[@]y[.]it"),)),
        },
    )
