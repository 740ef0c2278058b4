"""Whether a value from mail is plainly what a list, a platform or a firewall takes for
an address, a host or a mail address. What is not stands in none of them."""

from __future__ import annotations

import re
from ipaddress import ip_address

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.){{1,9}}{_LABEL}")
_MAILBOX = re.compile(rf"[a-z0-9.!$%&'*+=?^_{{}}~-]{{1,64}}@(?:{_LABEL}\.){{1,9}}{_LABEL}")


def is_plain_address(value: str) -> bool:
    """Whether a value is an IP address as everybody writes it, without a zone."""
    try:
        return "%" not in value and str(ip_address(value)) == value
    except ValueError:
        return False


def is_host(value: str) -> bool:
    """Whether a value is plainly the name of a host, in lower case."""
    last = value.rpartition(".")[2]
    return _HOST.fullmatch(value) is not None and not last.isdigit()


def is_mailbox(value: str) -> bool:
    """Whether a value is plainly a mail address, in lower case."""
    return _MAILBOX.fullmatch(value) is not None
