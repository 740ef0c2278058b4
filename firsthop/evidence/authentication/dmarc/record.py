"""Reads DMARC policy records (RFC 7489 section 6.3, RFC 9989 section 4.7). Both
editions read each other's records: unknown tags are ignored."""

from __future__ import annotations

from collections.abc import Iterable

from firsthop.evidence.tag_list import Tags, read_tags
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

POLICIES = ("none", "quarantine", "reject")
_PERCENT = compiled(r"0?[0-9]{1,2}|100")  # RFC 7489 section 6.3: 1*3DIGIT, to 100


class DmarcRecord(NamedTuple):
    """A policy record."""

    text: str
    tags: Tags
    policy: str  # p=
    subdomain_policy: str  # sp=, else p=
    missing_policy: str  # np=, else sp= (RFC 9989 section 4.7): for names that do not exist
    strict_dkim: bool = False  # adkim=s
    strict_spf: bool = False  # aspf=s
    psd: str = "u"  # psd=: y, n or u (RFC 9989)
    testing: bool = False  # t=y (RFC 9989)
    percent: int = 100  # pct= (RFC 7489)
    defects: tuple[str, ...] = ()


def is_dmarc(record: str) -> bool:
    """RFC 7489 section 6.6.3, RFC 9989 section 4.10: a record opens with v=DMARC1,
    letter by letter."""
    name, _, value = record.partition(";")[0].partition("=")
    return (name.strip(), value.strip()) == ("v", "DMARC1")


def read_dmarc(records: Iterable[str]) -> DmarcRecord | None:
    """The policy among the TXT records of a `_dmarc` name; several make none of them
    count, in both editions."""
    ours = [record for record in records if is_dmarc(record)]
    return _read(ours[0]) if len(ours) == 1 else None


def _read(text: str) -> DmarcRecord | None:
    tags = read_tags(text)
    values = {name.lower(): value.lower() for name, value in tags.pairs}
    defects = [
        *tags.defects,
        *(
            f"unknown_policy:{name}"
            for name in ("p", "sp", "np")
            if values.get(name) and values[name] not in POLICIES
        ),
    ]
    policy = values.get("p", "")
    if policy not in POLICIES:
        if policy and not values.get("rua"):
            # RFC 7489 section 6.6.3 step 6, RFC 9989 section 4.7: no valid p= and
            # nowhere to report to
            return None
        policy = "none"
    subdomain = values["sp"] if values.get("sp") in POLICIES else policy
    return DmarcRecord(
        text,
        tags,
        policy,
        subdomain,
        values["np"] if values.get("np") in POLICIES else subdomain,
        values.get("adkim") == "s",
        values.get("aspf") == "s",
        values["psd"] if values.get("psd") in ("y", "n") else "u",
        values.get("t") == "y",
        int(values["pct"]) if _PERCENT.fullmatch(values.get("pct", "")) else 100,
        tuple(defects),
    )
