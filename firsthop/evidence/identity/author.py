"""The authors of a message: every mailbox of every From field, and the one a verdict is
about.

RFC 5322 section 3.6 allows one From field; RFC 7489 section 6.6.1 wants one author
domain. With several fields the topmost is judged: a replay of a signed message puts its
own From on top, where the signature does not reach (RFC 6376 section 8.15). Only where
it has no address and exactly one lower field has, that one is judged. All are kept, and
how they break their form is told.

What mail clients show, and how sure that is:
- Outlook takes the first address of a From field and ignores the others: documented
  (MS-OXCMAIL section 2.2.3.1.3). So it does with two bracketed addresses in one
  mailbox: reported by users (mailwatch/MailWatch#1007).
- Gmail wants one From field with one address (its rules for senders) and refuses most
  other mail. Its list of messages shows the display name alone: common knowledge, not
  documented.
- Apple Mail shows the display name alone where there is one, unless its setting for
  smart addresses is turned off: common knowledge.
- Which of two From fields a client shows is documented nowhere that we know: nothing is
  told of it.
So a display name is told as shown where it shows another address than the mailbox has.
Never raises, judges nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firsthop.evidence.identity.address_field import AddressFieldReading, read_field, shown_domain
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.mail.encoded_words import decode_words
from firsthop.mail.message import MAX_FIELD_BYTES, Field, Message
from firsthop.system.cached_property import cached_property
from firsthop.system.kept_expressions import compiled

__all__ = ["Author", "judged_of", "read_author"]

MAX_FIELDS = 100  # From fields of one message that are read

# a From field stands beyond the first empty line: clients that keep to RFC 5322 show no
# author
BEYOND_GAP = "author_beyond_empty_line"
_CONTROLS = compiled(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
# A host name, or an address in brackets.
_HOST = compiled(r"[\w.-]+|\[(?:ipv6:)?[0-9a-f.:]*\]")
# What shows a display name without its address, at least in its list of messages.
_NAME_CLIENTS = ("outlook", "gmail", "apple_mail")
# Why a mailbox is the judged one: only_one, first_of_several, top_field,
# only_field_with_address; no_address, no_from_field and empty_from where there is none
# to judge.


@dataclass(frozen=True)
class Author:
    """Who a message says wrote it."""

    judged: Mailbox | None  # the one a verdict is about
    why: str  # a word of the list above
    all: tuple[Mailbox, ...]  # of all From fields, in order
    fields: tuple[Field, ...]
    defects: tuple[str, ...]  # words of the reference, each once
    shown: tuple[tuple[str, str], ...]  # (client, text) where a client shows something else
    field: Field | None = None  # the one `judged` stands in

    @cached_property
    def domains(self) -> tuple[str, ...]:
        """The domains of all authors, each once, in order."""
        return tuple(dict.fromkeys(box.domain for box in self.all if box.domain))

    @property
    def single(self) -> bool:
        """Is there exactly one author, in exactly one From field (RFC 7489 section
        6.6.1)?"""
        alone = len(self.fields) == 1 and len(_addressed(self.all)) == 1
        return alone and BEYOND_GAP not in self.defects


def read_author(message: Message) -> Author:
    """The authors of `message`. Never raises."""
    fields = message.all("from")
    values = [field.value for field in fields[:MAX_FIELDS]]
    readings = [read_field(value) for value in values]
    boxes = readings[0].boxes if len(readings) == 1 else _all_of(readings)
    place, why = _chosen(readings)
    judged = _first(readings[place].boxes) if readings else None
    defects = [BEYOND_GAP] if message.defects and _is_beyond_gap(message, fields) else []
    defects += _defects(fields, values, readings, boxes)
    shown = _shown(readings, judged)
    return Author(
        judged,
        why,
        boxes,
        fields,
        tuple(dict.fromkeys(defects)) if defects else (),
        shown,
        fields[place] if fields else None,
    )


def _all_of(readings: list[AddressFieldReading]) -> tuple[Mailbox, ...]:
    return tuple([box for reading in readings for box in reading.boxes])


def judged_of(values: Sequence[str]) -> tuple[int, Mailbox | None]:
    """The number of the From field that is judged, and its mailbox; `values` are of all
    From fields.

    For the bulk path, which needs no more.
    """
    readings = [read_field(value) for value in values[:MAX_FIELDS]]
    place, _ = _chosen(readings)
    return place, _first(readings[place].boxes) if readings else None


def _chosen(readings: list[AddressFieldReading]) -> tuple[int, str]:
    """The number of the field that is judged, and why that one."""
    if not readings:
        return 0, "no_from_field"
    with_address = [place for place, reading in enumerate(readings) if _addressed(reading.boxes)]
    if not with_address:
        return 0, "no_address" if any(reading.boxes for reading in readings) else "empty_from"
    if len(readings) > 1:
        return with_address[0], "top_field" if len(with_address) > 1 else "only_field_with_address"
    return 0, "only_one" if len(_addressed(readings[0].boxes)) == 1 else "first_of_several"


def _addressed(boxes: tuple[Mailbox, ...]) -> list[Mailbox]:
    """The mailboxes with an address, each once: `a@b.example` and `a@B.example.` are
    one author."""
    if len(boxes) == 1:
        return [box for box in boxes if box.domain]
    by_address: dict[tuple[str | None, str], Mailbox] = {}
    for box in boxes:
        if box.domain:
            by_address.setdefault((box.local_part, box.domain), box)
    return list(by_address.values())


def _first(boxes: tuple[Mailbox, ...]) -> Mailbox | None:
    """The first mailbox with an address, or the first without."""
    return next(iter(_addressed(boxes) or boxes), None)


def _is_beyond_gap(message: Message, fields: tuple[Field, ...]) -> bool:
    gap = next((one.span for one in message.defects if one.name == "header_gap"), None)
    return gap is not None and any(field.span.start > gap.start for field in fields)


def _defects(
    fields: tuple[Field, ...],
    values: list[str],
    readings: list[AddressFieldReading],
    boxes: tuple[Mailbox, ...],
) -> list[str]:
    if not fields:
        return ["no_from_field"]
    defects = ["two_from_fields"] if len(fields) > 1 else []
    defects += _of_number(boxes)
    for field, value, reading in zip(fields, values, readings, strict=False):
        if not field.raw.isascii() and (word := _of_bytes(field)):
            defects.append(word)
        if not value.isprintable() or "=?" in value:  # else there are no controls
            defects += _of_text(value)
        defects += reading.remarks
    for box in boxes:
        defects += _of_mailbox(box)
    return defects


def _of_number(boxes: tuple[Mailbox, ...]) -> list[str]:
    addressed = _addressed(boxes)
    if len(boxes) == len(addressed) == 1:
        return []
    defects = [] if boxes else ["empty_from"]
    if not addressed:
        defects.append("no_address")
    if len(addressed) > 1:
        defects.append("several_authors")
    if len({box.domain for box in boxes if box.domain}) > 1:
        defects.append("several_domains")
    return defects


def _of_bytes(field: Field) -> str | None:
    raw = field.raw[:MAX_FIELD_BYTES]
    if raw.isascii():
        return None
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "raw_8bit"
    return "raw_utf8"


def _of_text(value: str) -> list[str]:
    shown = _CONTROLS.search(value) or ("=?" in value and _CONTROLS.search(decode_words(value)))
    return ["control_characters"] if shown else []


def _of_mailbox(box: Mailbox) -> list[str]:
    if box.local_part is None:
        return ["address_without_at"] if box.address else []
    defects = []
    if not box.domain:
        defects.append("no_domain")
    else:
        if "." not in box.domain and not box.domain.startswith("["):
            defects.append("domain_without_dot")
        if not _HOST.fullmatch(box.domain):
            defects.append("specials_in_domain")
    if domain := shown_domain(box.local_part):
        defects.append(f"address_in_local_part:{domain}")
    if (domain := _other_shown(box)) is not None:
        defects.append(f"address_in_display_name:{domain}")
    return defects


def _other_shown(box: Mailbox) -> str | None:
    """The domain of an address that a display name shows beside another."""
    domain = shown_domain(box.display_name) if box.display_name else None
    return domain if domain and domain != box.domain else None


def _shown(
    readings: list[AddressFieldReading], judged: Mailbox | None
) -> tuple[tuple[str, str], ...]:
    """What mail clients show where it is something else than the judged mailbox."""
    if judged is None:
        return ()
    shown = []
    if len(readings) == 1 and len(readings[0].boxes) > 1:
        shown.append(("outlook", _written(judged)))
    if judged.domain and _other_shown(judged):
        shown += [(client, judged.display_name or "") for client in _NAME_CLIENTS]
    return tuple(shown)


def _written(box: Mailbox) -> str:
    if box.display_name and box.address:
        return f"{box.display_name} <{box.address}>"
    return box.display_name or box.address or ""
