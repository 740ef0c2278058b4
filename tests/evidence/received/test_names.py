"""Names that no table knows are names like others; those that one may know are not."""

from __future__ import annotations

import pytest

from firsthop.evidence.bulk.native.clauses import LINE
from firsthop.evidence.received.line import read_received
from firsthop.evidence.received.line_templates import read_hop
from firsthop.evidence.received.names import is_known, name_kind, name_marker

DATE = "Sat, 17 May 2014 21:59:37 +0900"


@pytest.mark.parametrize("name", ["unknown", "UNKNOWN", "localhost", "User", "ab", "DEAD", "mail"])
def test_names_that_a_table_may_know(name: str) -> None:
    assert is_known(name)
    assert name_kind(name) == name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("phobos", "*a"),
        ("PHOBOS", "*A"),
        ("Phobos", "*Aa"),
        ("rob-phobos", "*a-"),
        ("Rob-pho_bos", "*Aa-_"),
        ("", ""),
    ],
)
def test_kinds_of_other_names(name: str, kind: str) -> None:
    assert name_kind(name) == kind


@pytest.mark.parametrize("name", ["phobos", "PHOBOS", "Phobos", "rob-phobos", "ROB_PHOBOS"])
def test_a_marker_is_of_the_kind_of_its_name(name: str) -> None:
    markers = {name_marker(place, name) for place in LINE.names}
    assert len(markers) == len(LINE.names)
    assert {name_kind(marker) for marker in markers} == {name_kind(name)}


@pytest.mark.parametrize("name", ["phobos", "Phobos", "unknown", "rob-phobos", "dead", "SMTP"])
def test_lines_with_such_names_are_read_the_same(name: str) -> None:
    for line in (
        f"from {name} (x.example [192.0.2.1]) by {name} (8.9.3/8.9.3) with SMTP id A1; {DATE}",
        f"from x.example ({name} [192.0.2.1]) by y.example with SMTP id A1; {DATE}",
        f"from {name} ({name} [192.0.2.1]) by y.example (Postfix) with ESMTP id A1; {DATE}",
    ):
        assert [read_hop(line) for _ in range(3)] == [read_received(line)] * 3
