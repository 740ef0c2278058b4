"""Read Outlook stores, .pst and .ost files ([MS-PST]), through libpff, which comes with
the `pst` extra.

As for .msg files: the transport headers as stored, the body Outlook shows, nothing
rebuilt. A message's digest is that of the bytes put together here, for it has no bytes
of its own in the store; its identifier in the store is its URI, so that it is found
again. Never writes to the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from firsthop.mail.buffer import Buffer, BufferFile
from firsthop.mail.limits import Limits
from firsthop.mail.message import BodyBytes
from firsthop.mail.sources.outlook import compose
from firsthop.mail.sources.raw import Opener, Piece, RawMail, Skipped, raw_mail

_MAX_FOLDER_DEPTH = 100  # folders inside folders: Outlook allows 300 characters of path


def read_pst(data: Buffer, uri: str, limits: Limits, opener: Opener) -> Iterator[RawMail | Skipped]:
    """The messages of all folders, in the store's order."""
    try:
        import pypff  # noqa: PLC0415 - an extra
    except ImportError:
        yield Skipped(uri, "an Outlook store: to read it install firsthop[pst]")
        return
    try:
        store = pypff.file()
        store.open_file_object(BufferFile(data))
        root = store.get_root_folder()
    except Exception as fault:  # noqa: BLE001 - libpff raises OSError for whatever it meets; hostile bytes bring others
        yield Skipped(uri, f"a broken Outlook store: {_first_line(fault)}")
        return
    yield from _folder(root, f"{uri}!", limits, opener, 1)


def _folder(
    folder: Any, path: str, limits: Limits, opener: Opener, depth: int
) -> Iterator[RawMail | Skipped]:
    if depth > _MAX_FOLDER_DEPTH:
        yield Skipped(path, f"more than {_MAX_FOLDER_DEPTH} folders deep")
        return
    for number in range(_ask(folder, "get_number_of_sub_messages") or 0):
        try:
            message = folder.get_sub_message(number)
        except Exception as fault:  # noqa: BLE001 - one damaged message does not cost the others
            yield Skipped(
                f"{path}/message-{number + 1}", f"damaged in the store: {_first_line(fault)}"
            )
            continue
        yield from _message(message, path, limits, opener)
    for number in range(_ask(folder, "get_number_of_sub_folders") or 0):
        try:
            inner = folder.get_sub_folder(number)
        except Exception as fault:  # noqa: BLE001 - as above
            yield Skipped(
                f"{path}/folder-{number + 1}", f"damaged in the store: {_first_line(fault)}"
            )
            continue
        name = _ask(inner, "get_name") or f"folder-{number + 1}"
        yield from _folder(inner, f"{path}/{name}", limits, opener, depth + 1)


def _message(
    message: Any, path: str, limits: Limits, opener: Opener
) -> Iterator[RawMail | Skipped]:
    uri = f"{path}/{_ask(message, 'get_identifier')}"
    headers, text, html = (
        _bytes(_ask(message, name))
        for name in ("get_transport_headers", "get_plain_text_body", "get_html_body")
    )
    data, told = compose(headers, text or html)
    if len(data) > limits.max_message_bytes:
        yield Skipped(uri, f"{len(data)} bytes: {limits.refusal('max_message_bytes')}")
        return
    attached = list(_attachments(message, uri, limits, opener))
    carried = sum(isinstance(one, RawMail) for one in attached)
    report = (f"report: carries {carried} message{'s' if carried > 1 else ''}",) if carried else ()
    yield raw_mail(data, uri, "pst", notes=(told, *report), body_bytes=BodyBytes.REBUILT)
    yield from attached


def _attachments(
    message: Any, uri: str, limits: Limits, opener: Opener
) -> Iterator[RawMail | Skipped]:
    for number in range(min(_ask(message, "get_number_of_attachments") or 0, limits.max_parts)):
        try:
            attachment = message.get_attachment(number)
            name = str(_ask(attachment, "get_long_filename") or "")
            size = min(attachment.get_size(), limits.max_message_bytes)
            content = attachment.read_buffer(size)
        except Exception as fault:  # noqa: BLE001 - as above
            yield Skipped(
                f"{uri}!/attachment-{number + 1}", f"damaged in the store: {_first_line(fault)}"
            )
            continue
        yield from opener(Piece(f"{uri}!/attachment-{number + 1}", content, uri, name=name))


def _ask(item: Any, getter: str) -> Any:
    """What the store has to say; None where it is damaged or lacks it."""
    try:
        return getattr(item, getter)()
    except Exception:  # noqa: BLE001 - as above
        return None


def _bytes(value: bytes | str | None) -> bytes:
    return (
        value.encode("utf-8", "replace") if isinstance(value, str) else (value or b"").rstrip(b"\0")
    )


def _first_line(fault: Exception) -> str:
    return (str(fault).splitlines() or [type(fault).__name__])[0][:200]
