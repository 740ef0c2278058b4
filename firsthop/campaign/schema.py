"""Clusters of messages, described: the JSON of `firsthop campaigns` and of the file
`campaigns.json`, and of `firsthop why`."""

from __future__ import annotations

from operator import itemgetter

from firsthop.campaign.clustering.clusters import Alias
from firsthop.campaign.explain.campaign import Campaign, CampaignInFull, Member, Repeat
from firsthop.campaign.explain.origins import Country, Origin, Origins
from firsthop.campaign.explain.senders import AuthorDomain, Senders
from firsthop.campaign.explain.timeline import Host, Moment, Timeline
from firsthop.campaign.explain.why import Because, Why
from firsthop.campaign.features.families import VIEWS
from firsthop.campaign.first_hops.bursts import Burst
from firsthop.campaign.signature.atoms import Atom
from firsthop.campaign.signature.pairs import Pair
from firsthop.campaign.signature.signature import Rate, Signature
from firsthop.campaign.similarity.parameters import LEVELS
from firsthop.campaign.similarity.score import Term
from firsthop.evidence.host.places import Place
from firsthop.evidence.schema.vocabulary import (
    BOOLEAN,
    COUNT,
    COUNT_OF,
    MINUTES,
    REAL,
    TEXT,
    TEXTS,
    TIME,
    Attribute,
    Form,
    Listed,
    Mapped,
    Record,
    Scalar,
    words,
)
from firsthop.evidence.timestamp import utc_text
from firsthop.mail.message import Span

LEVEL = words(LEVELS, "level", "How near the messages of a cluster are.")
UNDATED = "No message tells a time."
NOWHERE = "It stands in no field."
FAMILY = "What the value is: a family of [features](campaigns.md)."
POINTS = "bits"
_SHARE = Scalar(Form.REAL, low=0)


def _rounded(bits: float) -> float:
    """Bits as they are shown."""
    return round(bits, 2)


def _start(span: Span | None) -> int | None:
    return span.start if span else None


def _stop(span: Span | None) -> int | None:
    return span.stop if span else None


MEMBER = Record(
    "member",
    "One message of a cluster.",
    (
        Attribute("uri", TEXT, "Where it was read, as in the file `inputs.jsonl`."),
        Attribute("offset", COUNT, "Where it starts in its container.", unit="octets"),
        Attribute("message_id", TEXT, "Its Message-ID.", "It has none."),
    ),
    covers={"": Member},
)

REPEAT = Record(
    "repeat",
    "Another place where the very bytes of a member were read.",
    (
        Attribute("uri", TEXT, "Where, as in the file `inputs.jsonl`."),
        Attribute("offset", COUNT, "Where they start in their container.", unit="octets"),
        Attribute("of_uri", TEXT, "The `uri` of the member."),
        Attribute("of_offset", COUNT, "The `offset` of the member.", unit="octets"),
    ),
    covers={"": Repeat},
)

ATOM = Record(
    "atom",
    "One distinctive element of a campaign.",
    (
        Attribute("family", TEXT, FAMILY),
        Attribute("value", TEXT, "The value."),
        Attribute("covered", COUNT_OF, "Seen, of all, in the part that it was learned on."),
        Attribute(
            "background",
            COUNT_OF,
            "Seen in other mail, at most, of all in which its family was counted.",
        ),
        Attribute("upper", _SHARE, "The upper 95 % bound of its share in other mail."),
        Attribute("lift", _SHARE, "How many times commoner it is in the campaign."),
        Attribute("bits", REAL, "Its weight.", unit=POINTS),
    ),
    covers={"": Atom},
)

RATE = Record(
    "rate",
    "So many of so many, with a bound.",
    (
        Attribute("k", COUNT, "So many."),
        Attribute("n", COUNT, "Of so many."),
        Attribute("upper", _SHARE, "The upper 95 % bound of the share."),
    ),
    covers={"": Rate},
)

ELEMENT = Record(
    "element",
    "One element of a conjunction or pair.",
    (
        Attribute("family", TEXT, FAMILY, of="", read=itemgetter(0)),
        Attribute("value", TEXT, "The value.", of="", read=itemgetter(1)),
    ),
)

PAIR = Record(
    "element_pair",
    "Two elements of which a message must have both.",
    (
        Attribute("first", ELEMENT, "The one."),
        Attribute("second", ELEMENT, "The other."),
    ),
    covers={"": Pair},
)

SIGNATURE = Record(
    "signature",
    "What tells the messages of one campaign from other mail.",
    (
        Attribute("campaign", TEXT, "The id of the campaign."),
        Attribute(
            "form",
            words(("any", "structural")),
            "Whether addresses, hosts and domains may be in it.",
        ),
        Attribute("atoms", Listed(ATOM), "The elements, each with its weight."),
        Attribute("told", COUNT, "How many of these, the first, are told to readers."),
        Attribute(
            "threshold",
            REAL,
            "What the elements of a message must add up to, unless it has one of the pairs: of "
            "each view the weightiest, and a quarter of the second.",
            unit=POINTS,
        ),
        Attribute("pairs", Listed(PAIR), "Pairs of which each finds a message by itself."),
        Attribute(
            "conjunction",
            Listed(ELEMENT),
            "The fewest elements that tell the campaign apart by themselves.",
        ),
        Attribute("learned", COUNT_OF, "Matched, of all, in the part that it was learned on."),
        Attribute(
            "tested",
            COUNT_OF,
            "Matched, of all, in the later part; 0 of 0 where none was held back.",
        ),
        Attribute("conjunction_tested", COUNT_OF, "The same of the conjunction."),
        Attribute("false_positives", RATE, "Matched in mail that had no part in the learning."),
        Attribute("conjunction_false_positives", RATE, "The same of the conjunction."),
        Attribute(
            "enough",
            BOOLEAN,
            "Whether there is enough other mail to support the bound that is aimed at.",
        ),
    ),
    covers={"": Signature},
)

ALIAS = Record(
    "alias",
    "An id that a cluster was called by before it was merged.",
    (
        Attribute("id", TEXT, "The former id.", of="old"),
        Attribute("into", TEXT, "The id that took its place.", of="new"),
        Attribute("reason", TEXT, "Why, in words."),
    ),
    covers={"": Alias},
)

MOMENT = Record(
    "moment",
    "A time, and whose it is.",
    (
        Attribute("utc", TIME, "The time.", of="instant", read=utc_text),
        Attribute("source", TEXT, "What tells it: the hop, in words."),
    ),
    covers={"": Moment},
)

BURST = Record(
    "burst",
    "Messages without a quiet time between them.",
    (
        Attribute("first", TIME, "The time of the first.", read=utc_text),
        Attribute("last", TIME, "The time of the last.", read=utc_text),
        Attribute("messages", COUNT, "How many they are."),
    ),
    covers={"": Burst},
)

GAP = Record(
    "gap",
    "A quiet time between two bursts.",
    (
        Attribute("from", TIME, "When it begins.", of="", read=lambda gap: utc_text(gap[0])),
        Attribute("to", TIME, "When it ends.", of="", read=lambda gap: utc_text(gap[1])),
        Attribute(
            "seconds",
            COUNT,
            "How long it is.",
            of="",
            read=lambda gap: gap[1] - gap[0],
            unit="seconds",
        ),
    ),
)

ZONE = Record(
    "zone",
    "A time zone of the origin's clock.",
    (
        Attribute(
            "minutes",
            MINUTES,
            "Its offset, east of UTC.",
            of="",
            read=itemgetter(0),
            unit="minutes",
        ),
        Attribute("messages", COUNT, "How many messages have it.", of="", read=itemgetter(1)),
    ),
)

TIMELINE = Record(
    "timeline",
    "A cluster in time.",
    (
        Attribute("first", MOMENT, "The time of the first message.", UNDATED, of="first_seen"),
        Attribute("last", MOMENT, "The time of the last message.", UNDATED, of="last_seen"),
        Attribute("bursts", Listed(BURST), "The bursts, in order."),
        Attribute("gaps", Listed(GAP), "The quiet times between them, in order."),
        Attribute("zones", Listed(ZONE), "The time zones, the commonest first."),
        Attribute("undated", COUNT, "How many messages tell no time."),
    ),
    covers={"": Timeline},
)

HOST = Record(
    "host",
    "A host, a network or a domain that messages of the cluster name.",
    (
        Attribute("family", TEXT, FAMILY),
        Attribute("value", TEXT, "The value."),
        Attribute("messages", COUNT, "How many messages name it."),
        Attribute("first_seen", TIME, "The time of the first of them.", UNDATED, read=utc_text),
        Attribute("last_seen", TIME, "The time of the last of them.", UNDATED, read=utc_text),
    ),
    covers={"": Host},
)

PLACE = Record(
    "place",
    "What the data at hand say of an address.",
    (
        Attribute("country", TEXT, "The country: ISO 3166-1, two letters.", "No source tells."),
        Attribute("network", TEXT, "The network, as the source has it.", "No source tells."),
        Attribute("asn", COUNT, "The autonomous system.", "No source tells."),
        Attribute("organisation", TEXT, "Who announces the network.", "No source tells."),
    ),
    covers={"": Place},
)

COUNTRY = Record(
    "country",
    "The origins in one country.",
    (
        Attribute("country", TEXT, "The country: ISO 3166-1, two letters.", "It is not known."),
        Attribute("addresses", COUNT, "How many addresses lie in it."),
        Attribute("messages", COUNT, "How many messages came from them."),
    ),
    covers={"": Country},
)

ORIGIN = Record(
    "origin",
    "An address that messages of the cluster came from.",
    (
        Attribute("address", TEXT, "The address."),
        Attribute("names", TEXTS, "The names that relays saw of it, five at most."),
        Attribute("messages", COUNT, "How many messages came from it."),
        Attribute("first_seen", TIME, "The time of the first of them.", UNDATED, read=utc_text),
        Attribute("last_seen", TIME, "The time of the last of them.", UNDATED, read=utc_text),
        Attribute(
            "place", PLACE, "What the data at hand say of it.", "No data were named (`--places`)."
        ),
    ),
    covers={"": Origin},
)

ORIGINS = Record(
    "origins",
    "Where the messages of a cluster came from: the client addresses of their first hops.",
    (
        Attribute("addresses", COUNT, "How many addresses there are."),
        Attribute("messages", COUNT, "How many messages name one."),
        Attribute(
            "inside", COUNT, "How many messages name an address of an inside network instead."
        ),
        Attribute(
            "countries",
            Listed(COUNTRY),
            "The countries, those of most addresses first.",
            "No data were named (`--places`).",
        ),
        Attribute("shown", Listed(ORIGIN), "The addresses of most messages, 50 at most."),
    ),
    covers={"": Origins},
)

AUTHOR_DOMAIN = Record(
    "author_domain",
    "A domain that messages of the cluster show as their author's.",
    (
        Attribute("domain", TEXT, "The domain, in lower case."),
        Attribute("messages", COUNT, "How many messages show it."),
    ),
    covers={"": AuthorDomain},
)

SENDERS = Record(
    "senders",
    "What the messages of a cluster show of their senders, counted.",
    (
        Attribute("messages", COUNT, "How many messages were counted."),
        Attribute("forged", COUNT, "Those not from the domain or provider that they show."),
        Attribute("unvouched", COUNT, "Those whose sender nothing vouches for."),
        Attribute("vouched", COUNT, "Those whose author's domain vouches for them."),
        Attribute(
            "deceitful",
            COUNT,
            "Those whose author's domain or displayed name looks like another.",
        ),
        Attribute("logged_in", COUNT, "Those whose client had logged in at the first server."),
        Attribute("php_form", COUNT, "Those whose Message-ID has the form of PHP mailers."),
        Attribute("domains", Listed(AUTHOR_DOMAIN), "The commonest author domains, 3 at most."),
        Attribute("distinct", COUNT, "How many author domains there are."),
    ),
    covers={"": Senders},
)

CLUSTER = Record(
    "cluster",
    "A cluster of messages that hang together.",
    (
        Attribute(
            "id",
            TEXT,
            "Its id, made of its first message in time: it stays when later mail comes to the "
            "case; a former id still leads to it.",
            of="campaign.id",
        ),
        Attribute("level", LEVEL, "How near its messages are.", of="campaign.level"),
        Attribute(
            "parent",
            TEXT,
            "The id of the cluster that it is part of.",
            "It is an operation.",
            of="campaign.parent",
        ),
        Attribute(
            "first_seen",
            TIME,
            "The time of its first message.",
            UNDATED,
            of="campaign.first_seen",
            read=utc_text,
        ),
        Attribute(
            "last_seen",
            TIME,
            "The time of its last message.",
            UNDATED,
            of="campaign.last_seen",
            read=utc_text,
        ),
        Attribute("size", COUNT, "How many messages it has.", of="campaign.size"),
        Attribute("members", Listed(MEMBER), "Its messages, in order of time."),
        Attribute(
            "signature",
            Mapped(
                (
                    ("any", "The distinctive elements of any kind."),
                    ("structural", "Those without addresses, hosts and domains."),
                ),
                SIGNATURE,
            ),
            "Its signatures by form, as far as it has any.",
            of="campaign.signatures",
            read=lambda signatures: {one.form: one for one in signatures},
        ),
        Attribute(
            "signature_sought",
            BOOLEAN,
            "Whether signatures were looked for: of the 500 largest campaigns only.",
        ),
        Attribute("aliases", Listed(ALIAS), "The ids of clusters that were merged into it."),
        Attribute("timeline", TIMELINE, "When it was seen."),
        Attribute("infrastructure", Listed(HOST), "The hosts, networks and domains it used."),
        Attribute("origins", ORIGINS, "Where its messages came from.", of="campaign.origins"),
        Attribute(
            "senders",
            SENDERS,
            "What its messages show of their senders.",
            of="campaign.senders",
        ),
        Attribute(
            "repeats",
            Listed(REPEAT),
            "The other places of its messages: the same evidence from several sources.",
        ),
    ),
    covers={"": CampaignInFull, "campaign": Campaign},
)

FIELD_PLACE = Record(
    "field_place",
    "Where a value stands in one of the two messages.",
    (
        Attribute("field", TEXT, "The field's name as written.", NOWHERE),
        Attribute("start", COUNT, "Where the field begins.", NOWHERE, of="span", read=_start),
        Attribute("stop", COUNT, "Where the field ends.", NOWHERE, of="span", read=_stop),
    ),
)

TERM = Record(
    "term",
    "One reason why two messages hang together, or do not.",
    (
        Attribute("view", words(VIEWS), "The view that the family belongs to.", of="term.view"),
        Attribute("family", TEXT, FAMILY, of="term.family"),
        Attribute("says", TEXT, "What the family is, in words.", of="explanation"),
        Attribute(
            "value",
            TEXT,
            "The value that both have.",
            "They differ in it.",
            of="term.value",
            read=lambda value: value or None,
        ),
        Attribute(
            "bits",
            REAL,
            "What it weighs; below 0 where it speaks against.",
            of="term.bits",
            read=_rounded,
            unit=POINTS,
        ),
        Attribute("fields", Listed(FIELD_PLACE), "Where the value stands in both."),
    ),
    covers={"": Because, "term": Term},
)

WHY = Record(
    "why",
    "What `firsthop why --json` prints: why two messages hang together.",
    (
        Attribute("bits", REAL, "What was observed of both weighs.", read=_rounded, unit=POINTS),
        Attribute(
            "linked",
            BOOLEAN,
            "Whether the two alone would be linked on some level.",
            read=bool,
        ),
        Attribute("levels", Listed(LEVEL), "The levels on which they would.", of="linked"),
        Attribute("together", Listed(LEVEL), "The levels on which they lie in one cluster."),
        Attribute("clusters", Listed(TEXT), "The ids of these clusters.", of="within"),
        Attribute(
            "claims_bits",
            REAL,
            "What a publication asserts of both weighs.",
            read=_rounded,
            unit=POINTS,
        ),
        Attribute(
            "thresholds",
            Listed(REAL),
            "What a link needs, level by level.",
            read=lambda taus: map(_rounded, taus),
            unit=POINTS,
        ),
        Attribute("terms", Listed(TERM), "The reasons."),
    ),
    covers={"": Why},
)
