"""DKIM: vectors of others, signatures made here by an independent library, and
everything that is not a bad signature."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.authentication.dkim import ed25519
from firsthop.evidence.authentication.dkim.canonical import canonical_body
from firsthop.evidence.authentication.dkim.keys import RsaKey, read_key, verifies
from firsthop.evidence.authentication.dkim.verify import (
    RFC_8301,
    BodyHash,
    DkimOutcome,
    DkimResult,
    dkim_results,
)
from firsthop.evidence.dns.recorded import store_of
from firsthop.evidence.dns.store import DAY, DnsView
from firsthop.mail.message import Evidence, Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail

asymmetric = pytest.importorskip("cryptography.hazmat.primitives.asymmetric")
NOW = 1_528_637_909  # t= of the example in RFC 8463 appendix A
RSA_KEY = (
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk"
    "08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
    "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+"
    "l/K4w3QIDAQAB"
)
RFC_8463_KEYS = {
    "brisbane._domainkey.football.example.com": {
        "TXT": ["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]
    },
    "test._domainkey.football.example.com": {
        "TXT": [RSA_KEY],
    },
}
# The message of RFC 8463 appendix A.3.
SIGNED = b"""DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
"""


def keys(at: int = NOW, more: Mapping[str, Any] | None = None) -> DnsView:
    return store_of(RFC_8463_KEYS | dict(more or {}), NOW, "RFC 8463").at(at)


def outcomes(results: tuple[DkimResult, ...]) -> list[tuple[str, str]]:
    return [(str(result.outcome), result.reason) for result in results]


@pytest.mark.parametrize(
    "data",
    [
        SIGNED,
        SIGNED.replace(b"\n", b"\r\n"),
        SIGNED.replace(b"Subject: Is", b"SUBJECT:\n  Is  "),
        SIGNED + b"\n\n",
    ],
)
def test_the_example_of_rfc_8463_passes(mail: Callable[..., Message], data: bytes) -> None:
    results = dkim_results(mail(data), keys())
    assert outcomes(results) == [("pass", "")] * 2
    assert {result.as_of for result in results} == {NOW}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"lost", b"won", ("fail", "body_hash")),
        (b"Is dinner", b"Was dinner", ("fail", "signature")),
        (b"\nTo:", b"\nX-Added: on the way\nTo:", ("pass", "")),
        (b"\nTo:", b"\nSubject: twice\nTo:", ("fail", "signature")),
        (b"\nTo:", b"\nFrom: Evil <e@example.net>\nTo:", ("fail", "signature")),
        (
            b"d=football.example.com; i=@f",
            b"d=football.example.net; i=@f",
            ("permerror", "identity_outside_domain"),
        ),
        (b"v=1; ", b"v=2; ", ("permerror", "unknown_version")),
        (b"v=1; ", b"v=1; v=1; ", ("permerror", "repeated_tag:v")),
        (b"h=from :", b"h=cc :", ("fail", "signature")),
        (b"bh=", b"bx=", ("permerror", "missing_tag:bh")),
        (b"t=1528637909;", b"t=1528637909; x=1528637910;", ("permerror", "expired")),
        (b"sha256; c=", b"md5; c=", ("permerror", "unknown_algorithm:")),
    ],
)
def test_what_was_changed_decides(
    mail: Callable[..., Message], old: bytes, new: bytes, expected: tuple[str, str]
) -> None:
    results = outcomes(dkim_results(mail(SIGNED.replace(old, new)), keys(NOW + DAY)))
    assert len(results) == 2
    assert all(
        (outcome, reason.replace("ed25519-md5", "").replace("rsa-md5", "")) == expected
        for outcome, reason in results
    )


def test_expiry_is_judged_at_the_mails_date(mail: Callable[..., Message]) -> None:
    """x= lies years back from today; the mail came before it, and only the signature is
    left to object to."""
    data = SIGNED.replace(b"t=1528637909;", b"t=1528637909; x=1528700000;")
    assert outcomes(dkim_results(mail(data), keys(NOW))) == [("fail", "signature")] * 2


@pytest.mark.parametrize("years", [-12, 8])
def test_a_key_of_another_day_proves_but_never_accuses(
    mail: Callable[..., Message], years: int
) -> None:
    then = NOW - years * 365 * DAY
    assert outcomes(dkim_results(mail(SIGNED), keys(then))) == [("pass", "")] * 2
    changed = dkim_results(mail(SIGNED.replace(b"dinner", b"lunch")), keys(then))
    assert outcomes(changed) == [("not_checkable", "key_of_another_day")] * 2
    assert {result.as_of for result in changed} == {NOW}


def test_a_missing_key_is_no_bad_signature(mail: Callable[..., Message]) -> None:
    results = dkim_results(mail(SIGNED), store_of({}, NOW, "empty").at(NOW))
    assert outcomes(results) == [("not_checkable", "no_key")] * 2
    assert {result.body for result in results} == {BodyHash.MATCHES}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ([], ("permerror", "key_does_not_exist")),
        ("TIMEOUT", ("not_checkable", "no_key")),
        (["v=DKIM1; p="], ("permerror", "revoked")),
        (["v=DKIM1; k=rsa; p=AAAA"], ("permerror", "broken_key")),
        (["v=DKIM1; k=new; p=AAAA"], ("permerror", "unknown_key_type:new")),
        (["v=spf1 -all"], ("permerror", "no_key_record")),
        (
            ["v=DKIM1; k=ed25519; s=other; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="],
            ("permerror", "key_for_other_service"),
        ),
        (
            ["v=DKIM1; k=ed25519; h=sha1; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="],
            ("permerror", "key_for_other_algorithm"),
        ),
        (
            ["v=DKIM1; k=ed25519; t=y:s; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="],
            ("pass", ""),
        ),
    ],
)
def test_what_the_key_record_says_decides(
    mail: Callable[..., Message], record: Any, expected: tuple[str, str]
) -> None:
    dns = keys(more={"brisbane._domainkey.football.example.com": {"TXT": record}})
    result = dkim_results(mail(SIGNED), dns)[0]
    assert (str(result.outcome), result.reason) == expected


@pytest.mark.parametrize(
    ("evidence", "body"),
    [(Evidence.PUBLICATION, SIGNED.partition(b"\n\n")[2]), (Evidence.ENCLOSED, b"")],
)
def test_bytes_that_are_not_the_mails_are_not_checked(
    mail: Callable[..., Message], evidence: Evidence, body: bytes
) -> None:
    message = mail(SIGNED.partition(b"\n\n")[0] + b"\n\n" + body, evidence)
    assert {result.outcome for result in dkim_results(message, keys())} == {
        DkimOutcome.NOT_CHECKABLE
    }


HEADERS = st.lists(
    st.text(st.characters(codec="ascii", exclude_characters="\r\n\0"), max_size=30),
    min_size=1,
    max_size=5,
)
BODIES = (
    st.lists(
        st.sampled_from([b"text", b" ", b"\t", b"\n", b"\r\n", b"a  b", b"\r\n\r\n", "é".encode()]),
        max_size=12,
    )
    .map(b"".join)
    .filter(lambda body: not body.startswith(b"\n"))
)


@given(
    HEADERS,
    BODIES,
    st.sampled_from(["simple", "relaxed"]),
    st.sampled_from(["simple", "relaxed"]),
    st.sampled_from(["rsa", "ed25519"]),
)
def test_what_an_independent_library_signs_is_verified(
    headers: list[str], body: bytes, header_form: str, body_form: str, kind: str
) -> None:
    lines = ["From: jo@example.com", *(f"X: {value}" for value in headers)]
    data, record = sign(
        lines, body, f"{header_form}/{body_form}", kind, ["from", "x", "x", "missing"]
    )
    dns = store_of({"s._domainkey.example.com": {"TXT": [record]}}, NOW, "test").at(NOW)
    assert outcomes(dkim_results(read(data), dns)) == [("pass", "")]
    assert outcomes(dkim_results(read(data.replace(b"jo@", b"jim@")), dns)) == [
        ("fail", "signature")
    ]
    assert outcomes(dkim_results(read(data + b"more\r\n"), dns)) == [("fail", "body_hash")]


def read(data: bytes) -> Message:
    return read_mail(raw_mail(data, "t.eml", "eml"))


def sign(
    lines: list[str],
    body: bytes,
    forms: str,
    kind: str,
    names: list[str],
    bits: int = 1024,
    algorithm: str = "sha256",
) -> tuple[bytes, str]:
    """A signed message and its key record. The canonical forms are written out here,
    apart from the code under test."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519 as ed
    from cryptography.hazmat.primitives.asymmetric import padding

    header_form, body_form = forms.split("/")
    digest = hashlib.new(algorithm, canonical_body(body, body_form)).digest()
    field = (
        f"DKIM-Signature: v=1; a={kind}-{algorithm}; c={forms}; d=example.com; s=s; "
        f"h={':'.join(names)}; bh={base64.b64encode(digest).decode()}; b="
    )
    chosen: list[str] = []
    left = list(lines)
    for name in names:
        found = next((line for line in reversed(left) if line.lower().startswith(name + ":")), None)
        if found is not None:
            left.reverse()
            left.remove(found)
            left.reverse()
            chosen.append(found)
    shape = relaxed if header_form == "relaxed" else str
    octets = "".join(shape(line) + "\r\n" for line in chosen) + shape(field)
    key: Any = (
        ed.Ed25519PrivateKey.from_private_bytes(bytes(32))
        if kind == "ed25519"
        else rsa_private(bits)
    )
    raw_form = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    der_form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    public = key.public_key().public_bytes(*(raw_form if kind == "ed25519" else der_form))
    signed = (hashlib.sha256(octets.encode()).digest(),)
    signature = (
        key.sign(*signed)
        if kind == "ed25519"
        else key.sign(octets.encode(), padding.PKCS1v15(), getattr(hashes, algorithm.upper())())
    )
    data = (
        field + base64.b64encode(signature).decode() + "\r\n" + "\r\n".join(lines) + "\r\n\r\n"
    ).encode() + body
    return data, f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}"


def relaxed(line: str) -> str:
    import re

    name, _, value = line.partition(":")
    return name.lower() + ":" + re.sub(r"[ \t]+", " ", value).strip(" \t")


_PRIVATE: dict[int, Any] = {}


def rsa_private(bits: int) -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa

    if bits not in _PRIVATE:
        _PRIVATE[bits] = rsa.generate_private_key(65537, bits)
    return _PRIVATE[bits]


@pytest.mark.parametrize(
    ("day", "expected"),
    [(RFC_8301 - DAY, ("pass", "")), (RFC_8301 + DAY, ("permerror", "rsa-sha1_after_rfc_8301"))],
)
def test_sha1_counts_until_rfc_8301(day: int, expected: tuple[str, str]) -> None:
    data, record = sign(
        ["From: jo@example.com"], b"x\r\n", "relaxed/relaxed", "rsa", ["from"], algorithm="sha1"
    )
    dns = store_of({"s._domainkey.example.com": {"TXT": [record]}}, day, "test").at(day)
    assert outcomes(dkim_results(read(data), dns)) == [expected]


def test_a_body_length_is_noted() -> None:
    data, _ = sign(["From: jo@example.com"], b"x\r\n", "simple/simple", "rsa", ["from"])
    data = data.replace(b"; bh=", b"; l=3; bh=") + b"added by anyone\r\n"
    result = dkim_results(read(data), store_of({}, NOW, "t").at(NOW))[0]
    assert (result.body, result.notes) == (BodyHash.MATCHES, ("body_length:3/20",))


@pytest.mark.parametrize(
    ("body", "form", "expected"),
    [
        (b"", "simple", b"\r\n"),
        (b"", "relaxed", b""),
        (b"\r\n\r\n", "simple", b"\r\n"),
        (b"\r\n \r\n", "relaxed", b""),
        (b" C \r\nD \t E\r\n\r\n\r\n", "simple", b" C \r\nD \t E\r\n"),
        (b" C \r\nD \t E\r\n\r\n\r\n", "relaxed", b" C\r\nD E\r\n"),
        (b"no end", "simple", b"no end\r\n"),
        (b"no end ", "relaxed", b"no end\r\n"),
        (b"a\nb\n", "simple", b"a\r\nb\r\n"),
    ],
)
def test_the_canonical_body(body: bytes, form: str, expected: bytes) -> None:
    assert canonical_body(body, form) == expected


@pytest.mark.parametrize(
    ("key", "message", "signature"),
    [  # RFC 8032 section 7.1, tests 1 and 2
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            (
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
                "39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            (
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f"
                "3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ),
    ],
)
def test_the_vectors_of_rfc_8032(key: str, message: str, signature: str) -> None:
    values = [bytes.fromhex(value) for value in (key, message, signature)]
    assert ed25519.verifies(*values)
    assert not ed25519.verifies(values[0], values[1] + b"x", values[2])
    assert not ed25519.verifies(
        values[0],
        values[1],
        values[2][:32]
        + (int.from_bytes(values[2][32:], "little") + ed25519.L).to_bytes(32, "little"),
    )


@given(
    st.binary(max_size=80),
    st.sampled_from(["sha1", "sha256"]),
    st.binary(max_size=40),
    st.binary(max_size=130),
)
def test_keys_and_signatures_of_noise_never_raise(
    record: bytes, hash_name: str, digest: bytes, signature: bytes
) -> None:
    key = read_key("v=DKIM1; p=" + base64.b64encode(record).decode())
    assert key.key is None or isinstance(key.key, RsaKey)
    assert not verifies(RsaKey(2**1023 + 1, 65537), digest, hash_name, signature)
    assert not ed25519.verifies(bytes(32), digest, signature)


def test_a_short_key_of_old_mail_is_read() -> None:
    """512 bits, in use until 2012, from the suite of ARC."""
    key = read_key(
        "v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAIWmlgix/84GJ+dfgjm7LTc9EPdfkftlgi"
        "PpCq4/kbDAZmU0VvYKDljjleJ1dfvS+CGy9U/kk1tG3EeEvb82xAcCAwEAAQ=="
    )
    assert isinstance(key.key, RsaKey)
    assert key.key.bits == 512


VECTORS = [
    (
        "suite_dkimpy/hard/dkimpy-1.1.8__dkim__tests__data__rfc6376.signed.msg",
        [("pass", ""), ("pass", "")],
    ),
    ("suite_dkimpy/hard/dkimpy-1.1.8__dkim__tests__data__rfc6376.signed.rsa.msg", [("pass", "")]),
    (
        "suite_dkimpy/hard/dkimpy-1.1.8__dkim__tests__data__rfc6376.signed.no_t.msg",
        [("fail", "signature")],
    ),  # changed after signing, in the suite too
    ("suite_dkimpy/hard/dkimpy-1.1.8__dkim__tests__data__ed25519test2.msg", [("pass", "")]),
    ("suite_dkimpy/hard/dkimpy-1.1.8__dkim__tests__data__test2.message", [("pass", "")]),
    (
        "suite_dkimpy/hard/dkimpy-1.1.8__dkim__tests__data__message.mbox",
        [("not_checkable", "no_key")],
    ),
    ("suite_mailauth/hard/test__dkim__ec__fixtures__signed.eml", [("pass", ""), ("pass", "")]),
]
GMAIL_2013 = (
    "k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1Kd87/UeJjenpabgbFwh+eBCsSTrqmw"
    "IYYvywlbhbqoo2DymndFkbjOVIPIldNs/m40KF+yzMn1skyoxcTUGCQs8g3F"
    "gD2Ap3ZB5DekAo5wMmk4wimDO+U8QzI3SD07y2+07wlNWwIt8svnxgdxGkVbbhzY8i+RQ9DpSVpPbF7ykQxt"
    "KXkv/ahW3KjViiAH+ghvvIhkx4xYSIc9oSwVmAl5OctMEeWUwg8Istjqz8BZeTW"
    "bf41fbNhte7Y+YqZOwq1Sd0DbvYAD9NOZK9vlfuac0598HY+vtSBczUiKERHv1yRbcaQtZFh5wtiRrN04BLU"
    "TD21MycBX5jYchHjPY/wIDAQAB"
)
MORE_KEYS = {  # as the tests of dkimpy 1.1.8 answer
    "sed._domainkey.test.ex": {
        "TXT": ["v=DKIM1; k=ed25519; p=sPs07Vu29FpHT/80UXUcYHFOHifD4o2ZlP2+XUh9g6E="]
    },
    "20120113._domainkey.gmail.com": {
        "TXT": [GMAIL_2013],
    },
}


@pytest.mark.parametrize(
    ("path", "expected"), VECTORS, ids=[path.rpartition("__")[2] for path, _ in VECTORS]
)
def test_the_vectors_of_other_libraries(
    corpus_messages: Path, path: str, expected: list[tuple[str, str]]
) -> None:
    assert (
        outcomes(dkim_results(read((corpus_messages / path).read_bytes()), keys(more=MORE_KEYS)))
        == expected
    )
