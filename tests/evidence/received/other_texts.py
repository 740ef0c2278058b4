"""Other texts of each class that varies in lines, and some that only look as if they
were."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from firsthop.evidence.received.line_groups import LineGroups

LABEL = st.text("abxyzQ019-_", min_size=1, max_size=6)
HOST = st.lists(LABEL, min_size=2, max_size=4).map(".".join)
IPV4 = st.ip_addresses(v=4).map(str)
IPV6 = st.ip_addresses(v=6).map(str).filter(lambda text: "." not in text)
OTHERS = {
    "host": st.one_of(
        HOST,
        st.sampled_from(
            [
                "mx.google.com",
                "pps.filterd",
                "x.outlook.com",
                "smtp.libero.it",
                "8.x",
                "a1.mail-daemon.org",
            ]
        ),
    ),
    "domain": st.one_of(
        HOST,
        st.sampled_from(["pps.filterd", "8.x", "0.Q", "mx.google.com", "x.xx", "a1.8b", "10.ab"]),
    ),
    "rooted": st.one_of(
        HOST.map(lambda host: f"{host}."),
        st.sampled_from(["mx.google.com.", "localhost.localdomain.", "8.x.", "smtp.libero.it."]),
    ),
    "word": st.one_of(LABEL, st.sampled_from(["x400", "spooler2", "10a"])),
    "user": st.one_of(LABEL, st.sampled_from(["root", "mail-daemon", "apache2"])),
    "cookie": st.one_of(
        st.text("abzQ019+/", min_size=1, max_size=9),
        st.sampled_from(["root", "v+BDSWAha2IPsgx/BYOZ+H0n0c", "NO/IDENT", "//", "500"]),
    ),
    "answer": st.text("abzQ019+/", min_size=1, max_size=9).map(lambda text: f"?{text}?"),
    "four": st.one_of(
        IPV4,
        st.sampled_from(["8.12.11.1", "10.1.234.5", "999.1.1.1", "127.000.000.001", "1.2.3.4"]),
    ),
    "six": st.one_of(IPV6, st.sampled_from(["::1", "2002:a05::", "FE80::1", "1::2::3", ":::"])),
    "zoned": IPV6.map(lambda text: f"{text}%7"),
    "literal": IPV4.map(lambda text: f"[{text}]"),
    "bracketed": st.one_of(IPV6.map(lambda text: f"[{text}]"), st.sampled_from(["[::1]", "[:::]"])),
    "decimal": st.sampled_from(["0.31528", "2.0", "99999.12345", "1.25"]),
    "path": st.one_of(HOST.map(lambda host: f"jo@{host}"), st.sampled_from(["a=b@c", "x@y"])),
    "token": st.one_of(
        LABEL,
        st.sampled_from(
            [
                "19E99E83CED1",
                "15.20.2073.14",
                "1ueHyY-006nEx-1t",
                "d.5f",
                "smtpdx",
                "ab-mta-12-" + "x" * 22 + "-1",
                "0123456789abcdef01234567",
            ]
        ),
    ),
    "number": st.integers(0, 10**12).map(str),
    "port": st.one_of(st.integers(0, 99_999).map(str), st.sampled_from(["00025", "0", "65536"])),
}


def with_other_texts(match: re.Match[str], lines: LineGroups, data: st.DataObject) -> str:
    """A line with other texts in place of those that vary."""
    line = match.string
    for place in sorted(lines.variables, key=lambda place: -match.start(place + 1)):
        start, stop = match.span(place + 1)
        if start >= 0:
            line = line[:start] + data.draw(OTHERS[lines.variables[place]]) + line[stop:]
    return line
