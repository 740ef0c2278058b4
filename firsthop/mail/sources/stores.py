"""Names the mail stores that are not read: what they are, and what gets the mail out of
them.

Magic numbers: [MS-PST] is read elsewhere; those of the programs' own files as file(1)
and their importers describe them."""

from __future__ import annotations

import re

from firsthop.system.kept_expressions import compiled

_STORES = (
    (
        rb"\xcf\xad\x12\xfe",
        "an Outlook Express folder (.dbx): import it into a mail program and export it as mbox",
    ),
    (rb"JMF[369]", "an Outlook Express 4 folder (.mbx, .idx): import it into Outlook Express"),
    (
        rb"[\x20-\x3f]\0[\0-\x09]{6}[ -~]{1,31}\0",
        "an index of Eudora (.toc): its mail lies in the .mbx beside it",
    ),
    (rb"....\xef\xcd\xab\x89", "an ESE database (Windows Mail, Exchange): export its mail first"),
    (rb"\x1a\0\0[\x03-\x05]\0\0", "a Notes database (.nsf): export its mail as .eml"),
    (rb"\x21\x09\x70\x19", "a folder of The Bat! (.tbb): export it as mbox"),
    (rb"\x10{7}\x11{6}S", "a Foxmail folder (.box): export its mail as .eml"),
    (rb"BABYL OPTIONS:", "an Emacs RMAIL file (Babyl): convert it with unrmail"),
    (rb"\*mb?t?x\*\r\n", "a mailbox of UW IMAP (mbx): convert it with mailutil"),
    (rb"2 [^\n]{0,80}\bC[0-9a-f]{8}[^\n]{0,80}\n\x01\x02", "a dbox of Dovecot: use doveadm fetch"),
    (rb"// <!-- <mdb:mork", "an index of Mozilla (.msf): its mail lies in the file beside it"),
)
_ESE = b"\xef\xcd\xab\x89"
_FIRST_BYTES = frozenset(bytes([byte]) for byte in (*range(0x20, 0x40), *b"\xcfJ\x1a\x10B"))
_ANY = compiled(b"|".join(b"(" + form + b")" for form, _ in _STORES), re.DOTALL)


def unread_store(head: bytes) -> str | None:
    """What mail store begins with `head`; None for anything else."""
    if head[:1] not in _FIRST_BYTES and head[4:8] != _ESE:
        return None
    match = _ANY.match(head)
    return None if match is None or match.lastindex is None else _STORES[match.lastindex - 1][1]
