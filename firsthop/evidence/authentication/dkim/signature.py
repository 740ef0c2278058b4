"""Reads signature fields: DKIM-Signature (RFC 6376 section 3.5), ARC-Message-Signature
and ARC-Seal (RFC 8617 section 4.1). Checks their form only."""

from __future__ import annotations

import base64
import binascii

from firsthop.evidence.tag_list import Tags, read_tags, without_space
from firsthop.mail.message import Field
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

ALGORITHMS = {
    "rsa-sha256": ("rsa", "sha256"),
    "rsa-sha1": ("rsa", "sha1"),
    "ed25519-sha256": ("ed25519", "sha256"),
}
FORMS = ("simple", "relaxed")
_NUMBER = compiled(r"\d{1,76}")


class Signature(NamedTuple):
    """One signature field: what it says, and what breaks its form."""

    field: Field
    tags: Tags
    algorithm: str  # a=, lower case
    domain: str  # d=, lower case: who takes responsibility
    selector: str  # s=
    identity: str  # i=, by default "@" and the domain
    names: tuple[str, ...]  # h=, lower case
    header_form: str  # c=, first part
    body_form: str  # c=, second part
    body_hash: str  # bh=, base64 without white space
    value: bytes  # b=, decoded
    body_length: int | None = None  # l=
    signed_at: int | None = None  # t=
    expires: int | None = None  # x=
    instance: int | None = None  # i= of ARC
    errors: tuple[str, ...] = ()  # each makes the signature unusable (RFC 6376 section 6.1.1)

    @property
    def key_name(self) -> str:
        """Where its key is published (RFC 6376 section 3.6.2.1)."""
        return f"{self.selector}._domainkey.{self.domain}".lower()


def read_signature(field: Field, arc: bool = False) -> Signature:
    """What a signature field says. `arc`: i= is an instance and v= has no business
    there. Never raises."""
    tags = read_tags(field.raw.partition(b":")[2].decode("utf-8", "backslashreplace"))

    values = tags.values

    def told(name: str, default: str = "") -> str:
        return "".join((values.get(name) or default).split())

    # RFC 8617 is silent about a missing c=; the suite of its authors and dkimpy read it
    # as relaxed.
    forms = without_space(values.get("c", "relaxed/relaxed" if arc else "simple/simple"))
    header_form, body_form = (forms.lower() + "/simple").split("/")[:2]
    domain = told("d").lower().rstrip(".")
    try:
        value = base64.b64decode(told("b"), validate=True)
    except (binascii.Error, ValueError):
        value = b""
    signature = Signature(
        field=field,
        tags=tags,
        algorithm=told("a").lower(),
        domain=domain,
        selector=told("s"),
        identity=f"@{domain}" if arc else told("i", f"@{domain}"),
        names=tuple([name for name in told("h").lower().split(":") if name]),
        header_form=header_form,
        body_form=body_form,
        body_hash=told("bh"),
        value=value,
        body_length=_number(tags, "l"),
        signed_at=_number(tags, "t"),
        expires=_number(tags, "x"),
        instance=_number(tags, "i") if arc else None,
    )
    errors = _form_errors(signature)
    return signature._replace(errors=tuple(errors)) if errors else signature


def _number(tags: Tags, name: str) -> int | None:
    text = tags.get(name)
    if not text:
        return None
    text = without_space(text)
    return int(text) if _NUMBER.fullmatch(text) else None


def _form_errors(signature: Signature) -> list[str]:
    """What every signature field needs, DKIM or ARC."""
    tags = signature.tags
    errors = list(tags.defects)
    values = tags.values
    errors += [f"missing_tag:{name}" for name in ("a", "b", "d", "s") if not values.get(name)]
    if signature.algorithm and signature.algorithm not in ALGORITHMS:
        errors.append(f"unknown_algorithm:{signature.algorithm}")
    if values.get("b") and not signature.value:
        errors.append("broken_base64:b")
    if signature.header_form not in FORMS or signature.body_form not in FORMS:
        errors.append("unknown_canonical_form")
    numbers = {"l": signature.body_length, "t": signature.signed_at, "x": signature.expires}
    errors += [f"no_number:{name}" for name in numbers if name in values and numbers[name] is None]
    if (
        signature.expires is not None
        and signature.signed_at is not None
        and signature.expires < signature.signed_at
    ):
        errors.append("expires_before_signed")  # RFC 6376 section 3.5, x=
    return errors


def arc_errors(signature: Signature) -> list[str]:
    """What ARC demands beside that (RFC 8617 section 4.1): an instance, no version, and
    never SHA-1, which was gone when ARC came."""
    errors = [] if signature.instance else ["no_instance"]
    errors += ["version_given"] if signature.tags.get("v") is not None else []
    return [*errors, "rsa-sha1"] if signature.algorithm == "rsa-sha1" else errors


def dkim_errors(signature: Signature) -> list[str]:
    """What DKIM demands beside that (RFC 6376 sections 3.5 and 5.4): version 1, a body
    hash, the author signed, an identity within the domain."""
    errors = [] if signature.tags.get("v") == "1" else ["unknown_version"]
    errors += [f"missing_tag:{name}" for name in ("bh", "h") if not signature.tags.get(name)]
    errors += ["author_not_signed"] if signature.names and "from" not in signature.names else []
    at = signature.identity.rpartition("@")[2].lower().rstrip(".")
    return (
        errors
        if at == signature.domain or at.endswith("." + signature.domain)
        else [*errors, "identity_outside_domain"]
    )
