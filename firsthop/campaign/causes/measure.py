"""Measures a case for the weighing of causes: every count is taken from what the
messages show, and what cannot be counted stays unknown.

A first hop counts only where no check of the path contradicts its message. All lines
below the trust boundary are claims: the grade of the evidence says so, and the case
file may grade it otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from ipaddress import ip_network
from itertools import pairwise

from firsthop.campaign.causes.contacts import ContactCounts
from firsthop.campaign.causes.coupling import RARE, keeps_origin
from firsthop.campaign.causes.outside import OutsideCounts, PlaceCounts
from firsthop.campaign.causes.scope import Scope, hops_in_order
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.case_file import CaseFile
from firsthop.evidence.host.address_space import Space, space_of
from firsthop.evidence.host.names import addresses_in_name, registrable_domain
from firsthop.evidence.path.receiving import Basis
from firsthop.judgement.finding import Outcome
from firsthop.judgement.hypotheses.finding import UNKNOWN, Count
from firsthop.mail.message import Evidence

# dialects of Received lines that sending services and bulk senders' programs write
SERVICES = frozenset("ecelerity kumomta mailchimp mailgun powermta sendgrid ses".split())
# what the check of authentication says where a believed receiver, or a check by
# recorded DNS answers, decided
VOUCHED = "authentication.passes"
NOT_VOUCHED = tuple(f"authentication.{one}" for one in ("forbids", "fails", "nothing_vouches"))
_NETWORK = {False: 24, True: 48}  # prefix length, by whether the address is IPv6
OF_EXCERPTS, OF_MAIL = "C3", "B2"  # grades where the case file has none
OF_RESULTS = "A2"  # of what a believed receiver wrote, or is checked here


def measured(
    summaries: Sequence[MessageSummary],
    scope: Scope,
    case_file: CaseFile,
    outside: OutsideCounts,
) -> dict[str, Count]:
    """What the mail shows, by finding, and what was counted with other data."""
    ordered, grade = hops_in_order(scope), grade_of(_evidence(scope), case_file)
    results = case_file.evidence_grade or (OF_EXCERPTS if grade == OF_EXCERPTS else OF_RESULTS)
    counts = {
        "authorised": _authorised(scope, results),
        **_of_hops(ordered, grade),
        **_of_origins(ordered, grade),
        **_of_software(scope, grade),
        "provider_on_path": _provider_on_path(scope, grade),
        "one_author_domain": _one_domain(summaries, scope, grade),
        "origins_at_home": _at_home(outside.places, case_file, scope, grade),
        **_of_contacts(outside.contacts),
    }
    return {key: count for key, count in counts.items() if count.known}


def grade_of(evidence: Counter[Evidence], case_file: CaseFile) -> str:
    """The grade of messages in the Admiralty code: the analyst's, else by what most of
    them are as evidence."""
    usual = OF_EXCERPTS if 2 * evidence[Evidence.PUBLICATION] >= evidence.total() else OF_MAIL
    return case_file.evidence_grade or usual


def _evidence(scope: Scope) -> Counter[Evidence]:
    return Counter(one.evidence for one in scope.members)


def _count(marks: Sequence[bool], grade: str) -> Count:
    """How many of the marks are set."""
    return Count(sum(marks), len(marks), grade) if marks else UNKNOWN


def _authorised(scope: Scope, grade: str) -> Count:
    """Messages that SPF, DKIM or DMARC vouches for, of those where that is decided."""
    given = [f.message_key for one in scope.members if (f := one.finding("authentication"))]
    return _count([key == VOUCHED for key in given if key in (VOUCHED, *NOT_VOUCHED)], grade)


def _provider_on_path(scope: Scope, grade: str) -> Count:
    """Messages that left by the provider's servers, of those whose path tells. A server
    of the provider that only received says nothing, and where a boundary is drawn a
    line below it that names one is the sender's word."""
    marks = []
    for one in scope.members:
        finding = one.finding("left_provider")
        if finding is None or finding.outcome is Outcome.SILENT:
            continue
        claimed = finding.message_key == "provider.left_claimed"
        if not claimed or one.basis is Basis.UNKNOWN:
            marks.append(finding.outcome is Outcome.SUPPORTS)
    return _count(marks, grade)


def _of_hops(ordered: Sequence[MessageSummary], grade: str) -> dict[str, Count]:
    """Logins, services, and how many organisations' relays."""
    logins, services, relays = list[bool](), list[bool](), Counter[str]()
    for hop in (one.first for one in ordered if one.first):
        logins.append(hop.authenticated is True)
        services.append(hop.dialect in SERVICES)
        if hop.by:
            relays[registrable_domain(hop.by) or hop.by.lower()] += 1
    most = max(relays.values(), default=0)
    return {
        "logged_in": _count(logins, grade),
        "service_line": _count(services, grade),
        "other_relays": Count(relays.total() - most, relays.total(), grade)
        if relays.total() > 1
        else UNKNOWN,
    }


def _of_origins(ordered: Sequence[MessageSummary], grade: str) -> dict[str, Count]:
    """The networks of the clients: whether they change from message to message."""
    placed, pairs, end_users = list[str](), list[tuple[str, str]](), list[bool]()
    by_relay: defaultdict[str, list[str]] = defaultdict(list)
    for one in ordered:
        if (network := _network(one)) is None:
            continue
        placed.append(network)
        if one.relay:
            by_relay[one.relay].append(network)
        if one.author:
            pairs.append((one.author, network))
        if one.first and one.first.client_name:
            end_users.append(_is_end_user(one.first.client_name))
    at_one = [a != b for networks in by_relay.values() for a, b in pairwise(networks)]
    keeps = keeps_origin(pairs)
    return {
        "new_networks": _count([a != b for a, b in pairwise(placed)], grade),
        "one_relay_many_networks": _count(at_one, grade),
        "end_user_hosts": _count(end_users, grade),
        "sender_keeps_origin": UNKNOWN if keeps is None else Count(int(keeps), 1, grade),
    }


def _network(one: MessageSummary) -> str | None:
    """The network of a public client address, as wide as one customer's neighbours."""
    address = one.first.client_address if one.first else None
    if not address or space_of(address) is not Space.PUBLIC:
        return None
    return str(ip_network(f"{address}/{_NETWORK[':' in address]}", strict=False))


def _is_end_user(name: str) -> bool:
    """Whether a client's name is none that was checked, or holds an address."""
    return name.lower() == "unknown" or bool(addresses_in_name(name))


def _of_software(scope: Scope, grade: str) -> dict[str, Count]:
    forms = [
        "PHP" in dict(f.values).get("looks_like", "")
        for one in scope.members
        if (f := one.finding("mailer_message_id")) and f.outcome is not Outcome.SILENT
    ]
    answers = [dict(one.answers).get("mailer") for one in scope.members]
    genuine = [answer == "consistent" for answer in answers if answer != "inconclusive" and answer]
    return {
        "mailer_is_genuine": _count(genuine, grade),
        "php_form": _count(forms, grade),
    }


def _one_domain(summaries: Sequence[MessageSummary], scope: Scope, grade: str) -> Count:
    """Messages with an author of the provider, of all that came through the same relays
    as these."""
    relays = {one.relay for one in scope.members if one.relay}
    members = {(one.uri, one.offset) for one in scope.members}
    marks = [
        (one.uri, one.offset) in members
        for one in summaries
        if one.author_domain and one.relay in relays
    ]
    return _count(marks, grade)


def _at_home(places: PlaceCounts | None, case_file: CaseFile, scope: Scope, grade: str) -> Count:
    """Client addresses in the country of the provider's users, of those that the data
    place; unknown where none were counted for this provider and country."""
    asked = (scope.provider, case_file.provider_country)
    if places is None or not places.placed or asked != (places.provider, places.country):
        return UNKNOWN
    return Count(places.at_home, places.placed, grade)


def _of_contacts(contacts: ContactCounts | None) -> dict[str, Count]:
    if contacts is None or not contacts.pairs:
        return {}
    beaten = contacts.hits > contacts.expected and contacts.chance <= RARE
    one_day = contacts.one_cut_off
    return {
        "contacts_beat_chance": Count(int(beaten), 1, OF_RESULTS)
        if contacts.authors > 1
        else UNKNOWN,
        "correspondents_only": Count(*contacts.correspondents, OF_RESULTS),
        "one_cut_off": UNKNOWN if one_day is None else Count(int(one_day), 1, OF_RESULTS),
    }
