"""The families of features, explained in words: the one table that weighing, `why`,
signatures and the documentation read.

A family belongs to a view. Evidence within a view depends on itself (one server gives
address, HELO and domain at once), so scoring damps it there and demands two views.
`reliability` is the share of a value's bits that a match is credited with: how hard the
family is to meet by chance or imitation; a client serves many hands, so its address and
names are credited with less than what it hides. `agree` and `chance` are the shares of
pairs that agree (one hand / random). Of families whose disagreement counts, `agree` is
counted on 375 pairs of one hand that were read (benchmarks/campaigns/labelled.tsv): one
hand changes Subject, names, tags, clock and program far oftener than the bodies of one
wave show. The rest was counted on 7,909 phishing mails of 2022-26; relay_domain,
id_domain, id_repetition, the affixes, the constants (features/constants), extra_field,
reply_address, author_account, the content families, url_only, url_path, url_page,
unsubscribe_domain and relation are settings. Those of kits and id_pattern were counted
on the corpora. The envelope's domain stands with the author's: one name is both. What
other corpora give stands beside them in docs/reference/campaigns.md
(benchmarks.campaigns.families)."""

from __future__ import annotations

from math import log2
from typing import NamedTuple

VIEWS = ("infrastructure", "software", "identity", "content", "url", "relation", "asserted")
WORST = -6.0  # bits: the most that one disagreement may weigh


class Family(NamedTuple):
    """One kind of feature."""

    name: str
    view: str
    explanation: str  # what its value is, in words
    reliability: float
    agree: float | None = None  # share of same-campaign pairs that agree, where both have it
    chance: float = 0.002  # share of random pairs that agree
    structural: bool = False  # no address, host or domain: survives the rotation of infrastructure
    opposes: bool = False  # disagreement counts against a link
    # a sender's own constant: the background alone says how rare it is, for one that
    # many messages of a heap have is what a campaign is
    own: bool = False

    @property
    def against(self) -> float:
        """Bits of a disagreement, at most 0: log2((1 - agree) / (1 - chance))."""
        if not self.opposes or self.agree is None:
            return 0.0
        return max(
            WORST, min(0.0, log2((1 - min(self.agree, 0.985)) / (1 - min(self.chance, 0.95))))
        )


def _family(
    name: str,
    view: str,
    explanation: str,
    reliability: float,
    rates: tuple[float | None, float] = (None, 0.002),
    marks: str = "",
) -> Family:
    return Family(
        name,
        view,
        explanation,
        reliability,
        rates[0],
        rates[1],
        "s" in marks,
        "o" in marks,
        "k" in marks,
    )


_I, _S, _W, _C, _U, _R, _A = VIEWS
_ROWS = (
    _family(
        "client_address",
        _I,
        "the address that handed the message over to the receiver",
        0.6,
        (0.11, 0.001),
    ),
    _family("client_network", _I, "the /24 (IPv6: /48) of that address", 0.6, (0.34, 0.004)),
    _family("helo", _I, "what that client called itself", 0.6, (0.13, 0.002)),
    _family("helo_domain", _I, "the registrable domain of that name", 0.7, (0.45, 0.052), "o"),
    _family("envelope_domain", _W, "the domain of the envelope sender", 0.9, (0.36, 0.004)),
    _family(
        "dkim_key",
        _I,
        "domain and selector of a DKIM signature below the boundary",
        0.8,
        (0.87, 0.031),
    ),
    _family("relay", _I, "a server that wrote a claimed Received line", 0.8, (0.28, 0.005)),
    _family("relay_domain", _I, "the registrable domain of such a server", 0.4, (0.5, 0.05)),
    _family(
        "first_address",
        _I,
        "the client address in the claimed line nearest the origin",
        0.9,
        (0.73, 0.03),
    ),
    _family("first_helo", _I, "what the client of that line called itself", 0.8, (0.13, 0.002)),
    _family("id_domain", _I, "the host part of the Message-ID", 0.7, (0.44, 0.02)),
    _family(
        "mailer",
        _S,
        "the program that X-Mailer or User-Agent names, digits masked",
        0.8,
        (0.71, 0.035),
        "so",
    ),
    _family(
        "id_shape",
        _S,
        "the shape of the Message-ID's local part, and what its host repeats; or without lengths",
        0.6,
        (0.62, 0.019),
        "so",
    ),
    _family(
        "id_repetition",
        _S,
        "a Message-ID that repeats one of its own tokens, as a shape with back-references",
        0.9,
        (0.6, 0.004),
        "sk",
    ),
    _family(
        "id_affix",
        _S,
        "the first or last ten characters of the Message-ID's local part",
        0.8,
        (0.2, 0.001),
        "sk",
    ),
    _family("boundary_shape", _S, "the shape of the MIME boundary", 0.6, (0.81, 0.098), "so"),
    _family(
        "boundary_affix",
        _S,
        "the first or last ten characters of the MIME boundary",
        0.8,
        (0.4, 0.02),
        "sk",
    ),
    _family(
        "toolmark",
        _S,
        "mailer, Message-ID shape, relation of its host and boundary shape together",
        1.0,
        (0.51, 0.016),
        "so",
    ),
    _family("field_order", _S, "the order of the sender's fields", 0.7, (0.54, 0.009), "so"),
    _family(
        "extra_field", _S, "the name of a field that no standard defines", 0.6, (0.9, 0.03), "s"
    ),
    _family("extra_fields", _S, "all such names together", 0.7, (0.64, 0.036), "so"),
    _family("zone", _S, "the offset of the Date field", 0.3, (0.73, 0.47), "so"),
    _family("structure", _S, "the MIME types of the parts, in order", 0.3, (0.93, 0.2), "so"),
    _family("charset", _S, "the character set of the text", 0.3, (0.95, 0.35), "so"),
    _family("author_domain", _W, "the domain of the author's address", 0.9, (0.39, 0.009), "o"),
    # no constant of the sender's own: whose name is forged, rivals forge too
    _family("author_address", _W, "the author's address", 1.0, (0.43, 0.006)),
    _family(
        "author_account",
        _W,
        "that address, where anybody may have one and it names no role",
        1.0,
        (0.4, 0.002),
        "k",
    ),
    _family(
        "display_name",
        _W,
        "the author's display name, digits and codes masked",
        0.6,
        (0.28, 0.003),
        "so",
    ),
    _family(
        "local_shape",
        _W,
        "the shape of the local part of the author's address",
        0.3,
        (0.4, 0.06),
        "so",
    ),
    _family(
        "reply_address",
        _W,
        "a Reply-To address that differs from the author's",
        1.0,
        (0.4, 0.002),
        "k",
    ),
    _family(
        "subject_template",
        _C,
        "the Subject, with digits, codes and addresses masked",
        0.8,
        (0.24, 0.002),
        "so",
    ),
    _family(
        "passage",
        _C,
        "five words in a row of the text, chosen by their hash",
        0.9,
        (0.9, 0.002),
        "s",
    ),
    _family("html_skeleton", _C, "the sequence of HTML tags", 0.8, (0.21, 0.002), "so"),
    _family("attachment", _C, "the content of an attachment, by its hash", 1.0, (0.9, 0.002), "sk"),
    _family("attachment_name", _C, "the shape of an attachment's name", 0.4, (0.9, 0.02), "s"),
    _family("url_domain", _U, "the registrable domain of a link", 0.7, (0.76, 0.03)),
    _family("url_host", _U, "the host of a link", 0.9, (0.75, 0.003), "k"),
    _family("url_only", _U, "the one host that all links lead to", 1.0, (0.75, 0.003), "k"),
    _family("url_path", _U, "host and path of a link", 0.9, (0.8, 0.01)),
    _family(
        "url_shape",
        _U,
        "the shape of a link's path, and the names of its parameters",
        0.6,
        (0.7, 0.05),
        "so",
    ),
    _family(
        "unsubscribe_domain", _U, "the domain that List-Unsubscribe leads to", 0.7, (0.9, 0.02)
    ),
    _family(
        "id_token",
        _S,
        "a mixed token within the Message-ID",
        0.9,
        (0.2, 0.001),
        "sk",
    ),
    _family(
        "field_token",
        _S,
        "a part of a field that numbers messages, lists, campaigns or accounts",
        0.9,
        (0.5, 0.002),
        "k",
    ),
    _family(
        "envelope_token",
        _I,
        "a mixed token or number in the local part of a return path that varies",
        0.8,
        (0.2, 0.002),
        "k",
    ),
    _family(
        "service_account",
        _I,
        "the account at a sending service",
        0.9,
        (0.6, 0.002),
        "k",
    ),
    _family(
        "client_parent",
        _I,
        "the client's reverse name without its first label",
        0.5,
        (0.4, 0.02),
    ),
    _family(
        "url_parent",
        _U,
        "the host of a link without its first label, or the network of its address",
        0.5,
        (0.8, 0.03),
    ),
    _family(
        "url_token",
        _U,
        "a part of a link's path: a mixed token or a number",
        0.95,
        (0.5, 0.005),
        "k",
    ),
    # on pairs that were read it was wrong 7 times where a token was twice
    _family("url_page", _U, "the name of a page or script in a link", 0.7, (0.5, 0.005), "k"),
    _family(
        "kit_form",
        _C,
        "where a form of the HTML leads, or the names of its fields together",
        0.9,
        (0.9, 0.05),
        "s",
    ),
    _family(
        "kit_comment",
        _C,
        "a comment in the HTML, of three words or more",
        0.7,
        (0.9, 0.03),
        "s",
    ),
    _family(
        "kit_names",
        _C,
        "the names of the classes in the HTML together",
        0.7,
        (0.9, 0.01),
        "s",
    ),
    _family(
        "kit_colours",
        _C,
        "the colours of the HTML together",
        0.7,
        (0.85, 0.003),
        "s",
    ),
    _family("kit_title", _C, "the title of the HTML, masked as a Subject", 0.7, (0.88, 0.002), "s"),
    _family(
        "short_text",
        _C,
        "a text of less than thirty words, masked as a Subject",
        0.8,
        (0.9, 0.002),
        "s",
    ),
    _family(
        "id_pattern",
        _S,
        "what a Message-ID keeps when its long tokens are masked: repetitions, a short end",
        0.7,
        (0.7, 0.01),
        "sk",
    ),
    _family(
        "relation",
        _R,
        "two values of the message that are equal, or that differ where they agree as a rule",
        0.8,
        (0.9, 0.1),
        "s",
    ),
    _family(
        "asserted",
        _A,
        "what a publication says of its messages without showing it: a claim of its source",
        0.4,
        (1.0, 0.01),
        "s",
    ),
)
FAMILIES = {family.name: family for family in _ROWS}
# position in the table, for compact storage
NUMBER = {family.name: number for number, family in enumerate(_ROWS)}
