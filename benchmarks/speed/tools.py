"""What is measured beside each other: the bulk path in its forms, and other parsers. A
round loads what it measures and nothing else."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from benchmarks.speed.parts import Mails, batches


def native(mails: Mails) -> None:
    """The columns, as buffers."""
    from firsthop.evidence.bulk.native.read import read_natively  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    for batch in batches(mails):
        if read_natively(batch, OwnServers()) is None:
            sys.exit("no native kernel: python kernel/build.py")


def _lists(mails: Mails) -> None:
    from firsthop.evidence.bulk.native.read import read_natively  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    for batch in batches(mails):
        read = read_natively(batch, OwnServers())
        if read is None or not read.messages or not read.hops:
            sys.exit("no native kernel: python kernel/build.py")


def in_python(mails: Mails) -> None:
    """The same by the Python path."""
    from firsthop.evidence.bulk.read import read_in_python  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    for batch in batches(mails):
        read_in_python(batch, OwnServers())


def _open(mails: Mails) -> None:
    """Their files, whose names stand in place of them."""
    for name in mails:
        with open(name, "rb") as file:  # noqa: PTH123 - as little as can be between the clock and the system
            file.read()


def _objects(mails: Mails) -> None:
    from firsthop.evidence.facts import establish  # noqa: PLC0415
    from firsthop.mail.header import read_message  # noqa: PLC0415
    from firsthop.mail.message import Source  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    for data in mails:
        establish(read_message(data, Source("", "eml", 0, "")), OwnServers())


def _stdlib(mails: Mails) -> None:
    from email.parser import BytesHeaderParser  # noqa: PLC0415

    parser = BytesHeaderParser()
    for data in mails:
        parser.parsebytes(data)


def _mail_parser(mails: Mails) -> None:
    import mailparser  # noqa: PLC0415

    for data in mails:
        mailparser.parse_from_bytes(data)


def _fast_mail_parser(mails: Mails) -> None:
    import fast_mail_parser  # noqa: PLC0415

    for data in mails:
        try:
            fast_mail_parser.parse_email(data)
        except fast_mail_parser.ParseError:
            continue  # it refuses some; they cost it what they cost


# what a row is called, the package it needs, and the work
TOOLS: dict[str, tuple[str, str | None, Callable[[Mails], None]]] = {
    "native": ("firsthop, batch, native kernel: the full row of facts", None, native),
    "lists": ("the same, and every value as a Python object", None, _lists),
    "firsthop": ("firsthop, batch, in Python: the full row of facts", None, in_python),
    "objects": ("firsthop, objects (`read_message` and `establish`)", None, _objects),
    "stdlib": ("`BytesHeaderParser` of the standard library, parse only", None, _stdlib),
    "mail-parser": ("mail-parser", "mail-parser", _mail_parser),
    "fast-mail-parser": (
        "fast-mail-parser (Rust; splits no Received line)",
        "fast-mail-parser",
        _fast_mail_parser,
    ),
    "open": ("`open().read()` of the files, nothing else", None, _open),
}
OWN = ("native", "lists", "firsthop", "objects")  # what learns while it reads


def installed(package: str | None) -> str | None:
    """The version of what a row needs; None where it is missing."""
    try:
        return version(package) if package else platform.python_version()
    except PackageNotFoundError:
        return None
