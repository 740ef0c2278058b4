"""Public keys as DKIM publishes them in the DNS (RFC 6376 section 3.6.1, RFC 8463), and
the checking of signatures with them.

Only public values are handled and nothing is ever signed, so the arithmetic stands here
in plain view and needs no compiled library; RSA keys of 512 to 1023 bits, which old
mail was signed with and which libraries refuse, can be read and are named weak."""

from __future__ import annotations

import base64
import binascii

from firsthop.evidence.authentication.dkim import ed25519
from firsthop.evidence.tag_list import read_tags, without_space
from firsthop.system.named_tuple import NamedTuple

# RFC 8017 section 9.2, note 1: the DER prefix of a digest
DIGEST_INFO = {
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
}
RSA_ENCRYPTION = bytes.fromhex("06092a864886f70d010101")  # OID 1.2.840.113549.1.1.1


class RsaKey(NamedTuple):
    """An RSA public key."""

    modulus: int
    exponent: int

    @property
    def bits(self) -> int:
        """Its length."""
        return self.modulus.bit_length()


class PublishedKey(NamedTuple):
    """A key record."""

    type: str  # k=
    key: RsaKey | bytes | None  # bytes: Ed25519; None: see `error`
    hashes: tuple[str, ...] = ()  # h=, empty: all
    services: tuple[str, ...] = ("*",)  # s=
    flags: tuple[str, ...] = ()  # t=
    error: str | None = None  # why it cannot be used: revoked, a broken record, an unknown type


def read_key(record: str) -> PublishedKey:
    """The key a TXT record publishes. Never raises."""
    tags = read_tags(record)
    kind = (tags.get("k") or "rsa").lower()
    value = without_space(tags.get("p") or "")
    lists = tuple(
        tuple(part.strip().lower() for part in (tags.get(tag) or "").split(":") if part.strip())
        for tag in ("h", "s", "t")
    )
    read = PublishedKey(kind, None, lists[0], lists[1] or ("*",), lists[2])
    if tags.get("v", "DKIM1") != "DKIM1" or tags.get("p") is None:
        return read._replace(error="no_key_record")
    if not value:
        # RFC 6376 section 3.6.1: an empty p= means the key was taken back
        return read._replace(error="revoked")
    try:
        return read._replace(
            key=_decode(kind, base64.b64decode(value + "=" * (-len(value) % 4), validate=True))
        )
    except (binascii.Error, ValueError) as error:
        return read._replace(error=str(error) if str(error).startswith("unknown") else "broken_key")


def _decode(kind: str, data: bytes) -> RsaKey | bytes:
    if kind == "rsa":
        return rsa_key(data)
    if kind == "ed25519" and len(data) == 32:
        return data
    raise ValueError(f"unknown_key_type:{kind}")


def rsa_key(der: bytes) -> RsaKey:
    """The key in a SubjectPublicKeyInfo (RFC 5280 section 4.1) or a bare RSAPublicKey
    (RFC 8017 appendix A.1.1). ValueError where there is none."""
    body, _ = _take(der, 0x30)
    if body[:1] == b"\x30":
        algorithm, rest = _take(body, 0x30)
        if not algorithm.startswith(RSA_ENCRYPTION):
            raise ValueError("not an RSA key")
        bits, _ = _take(rest, 0x03)
        body, _ = _take(bits[1:], 0x30)
    modulus, rest = _take(body, 0x02)
    exponent, _ = _take(rest, 0x02)
    key = RsaKey(int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big"))
    if key.bits < 256 or key.bits > 16_384 or key.exponent.bit_length() > 64:
        raise ValueError("impossible RSA key")
    return key


def _take(der: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the DER element that `der` starts with, and what follows it (X.690
    section 8.1)."""
    if len(der) < 2 or der[0] != tag:
        raise ValueError("not DER")
    length, start = der[1], 2
    if length & 0x80:
        start = 2 + (length & 0x7F)
        length = int.from_bytes(der[2:start], "big")
    if start + length > len(der):
        raise ValueError("short DER")
    return der[start : start + length], der[start + length :]


def verifies(key: RsaKey | bytes, digest: bytes, hash_name: str, signature: bytes) -> bool:
    """Whether a signature over a digest is by the owner of the key: RSASSA-PKCS1-v1_5
    (RFC 8017 section 8.2.2) or Ed25519 over the digest (RFC 8463)."""
    if isinstance(key, bytes):
        return ed25519.verifies(key, digest, signature)
    size = (key.bits + 7) // 8
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= key.modulus:
        return False
    message = DIGEST_INFO[hash_name] + digest
    padding = b"\xff" * (size - len(message) - 3)
    return (
        len(padding) >= 8
        and pow(number, key.exponent, key.modulus).to_bytes(size, "big")
        == b"\x00\x01" + padding + b"\x00" + message
    )
