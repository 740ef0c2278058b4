"""Which elements a campaign is told by: what lasts, what repeats, what many have."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from firsthop.campaign.background import Background, Source, Stat
from firsthop.campaign.features.record import feature_hash
from firsthop.campaign.signature.atoms import Elsewhere, distinctive
from firsthop.campaign.signature.bitsets import Key, Sample, members, set_of
from firsthop.campaign.signature.conjunction import Candidate, shortest
from firsthop.campaign.signature.signature import Signature, learn
from firsthop.campaign.signature.signatures import shared_servers
from firsthop.campaign.signature.telling import (
    forms_among,
    is_form,
    is_providers_address,
    repeats,
)
from firsthop.campaign.similarity.everybodys import share_of_everybody
from firsthop.evidence.identity.shared_hosts import shared_host

HOST = ("url_host", "pay.example")
RELAY = ("relay", "mail.relay.example")
KIT = ("subject_template", "your parcel waits")
PUBLISHED = Source("published", "", 2_000, 10, {}, published=True)


def _elsewhere(shared: frozenset[Key] = frozenset()) -> Elsewhere:
    """200 other messages."""
    messages = [frozenset({("mailer", f"other {n}")}) for n in range(200)]
    everything = (1 << len(messages)) - 1
    learned_on = sum(1 << n for n in range(0, len(messages), 2))
    return Elsewhere(Sample(messages), learned_on, everything ^ learned_on, shared)


def _learned(
    members: Sequence[set[Key]], elsewhere: Elsewhere, background: Background | None = None
) -> Signature | None:
    signatures = learn("ca-1", Sample(members), elsewhere, background or Background())
    return next((one for one in signatures if one.form == "any"), None)


def test_what_lasts_comes_before_what_was_changed() -> None:
    later = ("url_host", "new.example")
    members = [{KIT, HOST} for _ in range(4)] + [{KIT, later} for _ in range(6)]
    signature = _learned(members, _elsewhere())
    assert signature is not None
    assert [(a.family, a.value) for a in signature.atoms][:1] == [KIT]
    assert signature.tested == (4, 4)


def test_the_part_that_is_held_back_chooses_nothing() -> None:
    members = [{KIT, HOST} for _ in range(6)]
    one = _learned([*members, *({("url_host", "a.example")} for _ in range(4))], _elsewhere())
    other = _learned([*members, *({KIT, HOST} for _ in range(4))], _elsewhere())
    assert one is not None
    assert other is not None
    assert (one.atoms, one.threshold, one.conjunction) == (
        other.atoms,
        other.threshold,
        other.conjunction,
    )
    assert (one.tested, other.tested) == ((0, 4), (4, 4))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        # the published source counted no Subjects: only the heap's 100 messages did
        (KIT, (0, 100)),
        # it counted hosts, and left out what stood in one message alone
        (HOST, (1, 2_100)),
    ],
)
def test_a_family_that_was_not_counted_is_not_told_as_absent(
    key: Key, expected: tuple[int, int]
) -> None:
    own = Sample([frozenset({key}) for _ in range(10)])
    atoms = distinctive(own, (1 << 10) - 1, _elsewhere(), Background((PUBLISHED,))).atoms
    assert [atom.background for atom in atoms] == [expected]


def test_the_share_is_of_the_mail_in_which_the_family_was_counted() -> None:
    hashed = feature_hash(*KIT)
    own = Source("own", "", 50, 10, {hashed: Stat(5, 1, 1)})
    background = Background((PUBLISHED, own))
    assert background.share(hashed, KIT[0]) == pytest.approx(5 / 50)
    assert background.share(hashed) == pytest.approx(5 / 2_050)
    assert Background((PUBLISHED,)).share(hashed, KIT[0]) == 0


@pytest.mark.parametrize("operations", [5, 6])
def test_a_server_of_many_operations_is_the_readers(operations: int) -> None:
    sample = Sample([frozenset({RELAY, KIT}) for _ in range(operations)])
    homes = [f"op-{n}" for n in range(operations)]
    shared = shared_servers(sample, homes)
    assert shared == ({RELAY} if operations > 5 else set()), "a text may be in many"
    assert shared_servers(sample, ["op-1"] * operations) == frozenset()
    signature = _learned([{KIT, RELAY} for _ in range(10)], _elsewhere(shared=shared))
    assert signature is not None
    assert (RELAY in {(a.family, a.value) for a in signature.atoms}) == (operations == 5)


def test_a_platforms_form_is_told_last() -> None:
    form = ("field_order", "DKIM-Signature From To #1")
    project = ("author_domain", "shop-1f2e.firebaseapp.com")
    own = Sample([frozenset({form, KIT, project}) for _ in range(10)])
    assert forms_among([form, KIT], own, (1 << 10) - 1) == {form}
    assert forms_among([form, KIT], own, 0) == frozenset()
    elsewhere = Sample([frozenset({form, KIT}) for _ in range(10)])
    assert forms_among([form, KIT], elsewhere, (1 << 10) - 1) == frozenset()
    signature = _learned([{form, project, KIT} for _ in range(10)], _elsewhere())
    assert signature is not None
    assert (signature.atoms[-1].family, signature.atoms[-1].value) == form


def test_no_signature_rests_on_forms_alone() -> None:
    forms = {("id_shape", "h28 @other"), ("boundary_shape", "h28"), ("zone", "-540")}
    assert _learned([forms for _ in range(10)], _elsewhere()) is None
    assert _learned([forms | {HOST} for _ in range(10)], _elsewhere()) is not None


def test_no_conjunction_rests_on_forms_alone() -> None:
    form = Candidate(("id_shape", "h28 @other"), 0b1111, 0, tells=False)
    host = Candidate(HOST, 0b0111, 0b1, tells=True)
    assert shortest([form, host]) == (form.key, host.key)
    assert shortest([form]) == ()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (("mailer", "Roundcube Webmail/#.#.#"), True),
        (("mailer", "Microsoft Outlook, Build #.#.#"), True),
        (("mailer", "#"), True),
        (("mailer", "Perl script"), False),
        (("toolmark", "Microsoft Windows Live Mail #.#.#.# | H32 @dotless | none"), True),
        (("toolmark", "none | h12$h8$h8 @other | none"), True),
        (("toolmark", "class SMTPMail | w10 @helo | h28"), False),
        (("url_page", "f.html"), True),
        (("url_page", "faq.html"), False),
        (("passage", "i hear from you. i"), True),
        (("passage", "corporate way ste.2-9092 valley cottage,"), False),
        (("display_name", "{address}"), True),
        (("display_name", "{address} bonus"), False),
        (("field_order", "From To Subject X-Roving-Queued #1"), True),
        (("field_order", "From To Subject X-Kit #1"), False),
    ],
)
def test_forms_that_many_have(key: Key, expected: bool) -> None:
    assert is_form(key) is expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("url_host", "www.pay.example.com"), ("url_domain", "example.com")),
        (("author_domain", "pay.example"), ("envelope_domain", "pay.example")),
        (("toolmark", "KitMailer #.# | h10 @helo | none"), ("mailer", "KitMailer #.#")),
        (("id_token", "EVswWQiLxEoc"), ("id_affix", "HV4oqddgtn*")),
        (
            ("passage", "for individuals looking for vast"),
            ("passage", "individuals looking for vast opportunities"),
        ),
        (
            ("field_token", "feedback-id 1.eu-west-1.RFHwyC+A"),
            ("service_account", "Amazon SES eu-west-1.RFHwyC+A="),
        ),
    ],
)
def test_what_says_the_same_is_kept_once(one: Key, other: Key) -> None:
    assert repeats(one, other)
    signature = _learned([{one, other, KIT} for _ in range(10)], _elsewhere())
    assert signature is not None
    assert len(signature.atoms) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HOST, KIT),
        (("relay", "r3.example.com"), ("helo", "r3.example.com")),
        (("url_host", "a.example.com"), ("url_host", "b.example.com")),
        (("url_token", "x1"), ("url_path", "pay.example/x1")),
        (("field_token", "x-list-id 4711-a"), ("field_token", "x-list-id 4712-b")),
    ],
)
def test_what_says_another_thing_is_kept(one: Key, other: Key) -> None:
    assert not repeats(one, other)


def test_what_names_a_person_stands_for_nothing_else() -> None:
    address, domain = ("author_address", "a@pay.example"), ("author_domain", "pay.example")
    signature = _learned([{address, domain} for _ in range(10)], _elsewhere())
    assert signature is not None
    assert [(one.family, one.value) for one in signature.atoms] == [address, domain]


def test_a_providers_addresses_tell_nobodys_mail_apart() -> None:
    assert is_providers_address(("first_address", "2a00:1450:4864:20::533"))
    assert is_providers_address(("client_network", "209.85.128"))
    assert not is_providers_address(("client_address", "192.0.2.1"))
    assert not is_providers_address(("relay", "209.85.128.1"))


@pytest.mark.parametrize(
    ("family", "value", "everybodys"),
    [
        ("subject_template", "dear friend", True),
        ("subject_template", "greetings dear friend", True),
        ("subject_template", "dear child of god", False),
        ("id_domain", "mail.yahoo.com", True),
        ("extra_fields", "x-roving-id x-roving-queued #346f4f023f53", True),
        ("extra_fields", "x-roving-id x-kit #346f4f023f53", False),
        ("url_path", "ccprod.roving.com/roving/sa/o.jsp", True),
        ("url_path", "imgur.com/FZplvp9.png", False),
    ],
)
def test_values_that_everybody_has(family: str, value: str, everybodys: bool) -> None:
    assert bool(share_of_everybody(family, value)) is everybodys


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("www.google.co.uk", "site"),
        ("amazon.co.jp", "site"),
        ("aim.com", "mailboxes"),
    ],
)
def test_hosts_that_everybody_uses(host: str, kind: str) -> None:
    shared = shared_host(host)
    assert shared is not None
    assert shared.kind == kind


@pytest.mark.parametrize("host", ["google.xyz", "google.example.com", "my-google.de"])
def test_hosts_that_only_look_alike(host: str) -> None:
    assert shared_host(host) is None


@pytest.mark.parametrize("places", [[], [0], [3, 900], list(range(0, 90, 2)), [*range(9), 4_999]])
def test_a_set_names_its_members_in_order(places: list[int]) -> None:
    assert list(members(set_of(places))) == places
