"""What everybody uses is known as such; what is somebody's own is not."""

import pytest

from firsthop.evidence.identity.shared_hosts import is_placeholder, shared_host


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("smtp.gmail.com", "provider"),
        ("libero.it", "provider"),
        ("x.prod.outlook.com", "provider"),
        ("a8-31.smtp-out.amazonses.com", "service"),
        ("t.co", "link"),
        ("i.imgur.com", "host"),
        ("www.w3.org", "site"),
        ("pot", "placeholder"),
        ("r3.kawaz.jp", None),
        ("t.co.example.org", None),
        ("evilimgur.com", None),
        ("", None),
        ("[192.0.2.1]", None),
        ("x" * 300, None),
    ],
)
def test_who_runs_a_host_that_everybody_uses(host: str, kind: str | None) -> None:
    shared = shared_host(host)
    assert (shared.kind if shared else None) == kind


@pytest.mark.parametrize(
    ("value", "placeholder"),
    [("*ishing@pot", True), ("phishing@*", True), ("ng", False), ("7cho-me.com", False)],
)
def test_a_collectors_placeholder_is_no_mark(value: str, placeholder: bool) -> None:
    assert is_placeholder(value) is placeholder
