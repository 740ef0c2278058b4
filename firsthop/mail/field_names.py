"""The names of header fields, in lower case, by what the fields are for. Each list
stands here once; who needs another one puts it together from these.

Only names: nothing is read or judged here. Fields by which one program, provider or
receiver is known stand in its table (`*.toml`)."""

from __future__ import annotations

from firsthop.system.kept_expressions import compiled


def _names(*lists: str) -> frozenset[str]:
    return frozenset(name for one in lists for name in one.split())


# RFC 5321 section 4.4
TRACE = _names("received return-path")
# what mail stores add when they deliver; habits of Postfix, Exim, qmail and others
DELIVERY = _names("delivered-to x-delivered-to x-original-to x-envelope-to envelope-to x-rcpt-to")
# RFC 5322 section 3.6: what every message has, or nearly
ORIGINATOR = _names("message-id from to subject date")
# a header or a message, by its first field (RFC 2045 section 4)
OPENING = ORIGINATOR | {"mime-version"}
# the block that the author's program writes; a Message-ID may be put in on the way
AUTHOR_BLOCK = OPENING - {"message-id"}
# lines of servers, one a hop; the second is Google's copy
HOP_LINES = _names("received x-received")
# RFC 2045 sections 5 and 6, RFC 2183: what says how a body is to be read
BODY_FORM = _names("content-type content-transfer-encoding content-disposition")

# RFC 6376 section 3.5, RFC 4870, and Google's own copy of the first
SIGNATURES = _names("dkim-signature domainkey-signature x-google-dkim-signature")
# RFC 8601 section 2.2, RFC 8617 section 4.1.1
RESULTS = _names("authentication-results arc-authentication-results")
# RFC 8617 section 4.1
ARC = _names("arc-authentication-results arc-message-signature arc-seal")
# all that tells of authentication, with RFC 7208 section 9.1
AUTHENTICATION = RESULTS | ARC | {"dkim-signature", "received-spf"}
# fields made of tags or of pairs name=value
TAGGED = SIGNATURES | RESULTS | ARC | _names("content-type content-disposition received-spf")
# of them those that hold a signature, whose lines need no "=" in them
SIGNED = SIGNATURES | ARC - {"arc-authentication-results"}
# free text: brackets and quotes need not be closed, and a comma ends nothing
FREE_TEXT = _names("subject comments thread-topic x-mailer user-agent")
# what has one short value
ONE_VALUE = _names(
    "message-id return-path date mime-version content-transfer-encoding delivered-to"
)
# what holds identifiers in angle brackets
REFERRING = _names("references in-reply-to message-id return-path")
# paragraphs of prose, with empty lines between: SpamAssassin's
SPAM_REPORTS = _names("x-spam-report x-spam-checker-report x-spam-details")
# RFC 5322 section 3.6, RFC 2045: fields that may stand once
ONCE = (ORIGINATOR | BODY_FORM - {"content-disposition"}) | _names(
    "sender reply-to cc bcc mime-version in-reply-to references"
)
# what names the program that wrote a message
MAILER = _names("x-mailer user-agent")
# what holds addresses of people
ADDRESSED = _names("return-path delivered-to from sender reply-to to")
# what a reader is shown of a header, with the fields that findings rest on
TELLING = (ORIGINATOR - {"to"}) | MAILER | _names("received sender reply-to")
# what is kept of a header to be quoted from
QUOTED = TELLING - {"x-mailer"} | _names("return-path delivered-to to content-type mime-version")
# what a report of abuse tells of a header, as it is written there
REPORTED = _names("Return-Path Received Date From To Message-ID X-Mailer")
# what names a message and whom to answer
IDENTIFYING = _names("from message-id reply-to")
# what filters are asked for (publication/exports): what stands once, then all
ASKED_ONCE = IDENTIFYING | MAILER | _names("subject date content-type")
ASKED = ASKED_ONCE | _names("received return-path to dkim-signature list-unsubscribe")
# a program's own words, which name nobody
UNNAMING = MAILER | _names("date mime-version x-mimeole x-priority x-msmail-priority")
# beside From, what a header has that is one
COMPLETE = (ORIGINATOR | {"received"}) - {"from"}
# what programs and servers write into every header
MACHINERY = TRACE | _names(
    "message-id mime-version content-type content-transfer-encoding dkim-signature"
)
# fields of messages, and not of a part alone
OF_MESSAGES = ORIGINATOR | TRACE | {"delivered-to", "dkim-signature"}

# Gmail's forwarding; it has no standard
FORWARDED = _names("x-forwarded-for x-forwarded-to x-forwarded-encrypted")
# RFC 5322 section 3.6.6
RESENT = _names("resent-from resent-sender")
FORWARDING = FORWARDED | RESENT
# a message that was handed on, with Exchange's note and what keeps it from going round
HANDED_ON = FORWARDING | _names("x-ms-exchange-generated-message-source x-loop")

# RFC 2919, RFC 2369, and the list managers' own fields
MAILING_LIST = _names(
    "list-id list-post x-mailing-list mailing-list x-beenthere x-mailman-version x-loop"
)
# fields in which a list puts its own address
LIST_ADDRESS = ("to", "cc", "list-post", "sender")
# fields beside From that may name the author, in this order: lists put themselves there
ALSO_AUTHOR = ("reply-to", "sender", "x-original-from")
# fields beside those of lists and forwarders that may tell of an indirect way
MAYBE_INDIRECT = _names("precedence sender return-path content-type auto-submitted")

# the client's address, as webmail tells it: a habit without a standard
ORIGIN = _names(
    "x-originating-ip x-sender-ip x-client-ip x-source-ip x-remote-ip x-real-ip",
    "x-yahoo-forwarded x-aol-ip x-eip x-mailgun-sending-ip x-get-message-sender-via",
)
# Microsoft, X-MS-Exchange-Organization-* and X-MS-Exchange-CrossTenant-*
EXCHANGE = frozenset(
    f"x-ms-exchange-{scope}-{name}"
    for scope in ("organization", "crosstenant")
    for name in (
        "authas authsource originalarrivaltime id network-message-id fromentityheader "
        "originalattributedtenantconnectingip"
    ).split()
)
# what tells of the path beside Received, by what it tells; x-received is Google's copy
PATH_KINDS = (
    dict.fromkeys(EXCHANGE, "exchange")
    | dict.fromkeys(HANDED_ON, "forwarding")
    | dict.fromkeys(DELIVERY, "delivery")
    | dict.fromkeys(ORIGIN, "origin")
    | {"x-received": "received", "arc-seal": "seal", "return-path": "return_path"}
)
# RFC 5536 section 3, and what news servers wrote before it
NEWS = _names("nntp-posting-host nntp-posting-date newsgroups xref injection-info x-trace")

# What a reader sees of a header: RFC 6376 section 5.4.1 recommends to sign it.
SHOWN = ("From", "Subject", "To", "Cc", "Reply-To", "Date")
# What a mail program acts on.
ACTED_ON = ("Content-Type", "Content-Transfer-Encoding", "MIME-Version", "List-Unsubscribe")

# identities by the role they play (RFC 5598 section 2)
MAILBOX_ROLES = {
    "from": "author",
    "sender": "sender",
    "reply-to": "reply_to",
    "return-path": "reverse_path",
    "resent-from": "resent_from",
    "resent-sender": "resent_sender",
    "x-original-from": "original_author",
    "x-original-sender": "original_sender",
    "errors-to": "errors_to",
}
# fields that hold an identity which is no mailbox
OTHER_ROLES = _names("message-id dkim-signature list-id")

# Fields that programs write for every sender: any other is a mark of its program.
COMMON = _names(
    "to cc bcc from subject date message-id reply-to mime-version content-type",
    "content-transfer-encoding sender in-reply-to references x-mailer user-agent",
    "dkim-signature list-unsubscribe list-unsubscribe-post x-priority importance",
    "content-language thread-topic thread-index feedback-id",
    "content-disposition content-description domainkey-signature x-mimeole x-msmail-priority",
    "priority organization comments keywords",
)
# Names that begin a field in running text; other names count only inside an excerpt.
IN_TEXT = (
    TRACE
    | ORIGINATOR
    | ARC
    | AUTHENTICATION
    | _names(
        "x-received delivered-to envelope-to x-original-to domainkey-signature",
        "in-reply-to references sender reply-to cc bcc",
        "mime-version content-type content-transfer-encoding x-mailer x-mimeole user-agent",
        "x-priority x-msmail-priority importance x-originating-ip",
        "list-id list-unsubscribe list-post precedence",
        "resent-from resent-date resent-message-id",
    )
)
# Words of prose too: they begin a field inside an excerpt only.
INSIDE_EXCERPT = _names(
    "organization organisation comments keywords sensitivity priority status lines xref",
    "approved newsgroups autocrypt face expires encrypted path",
)
# What a program shows of a message beside its header; of them what servers see too.
SUMMARY = ("from", "subject", "to")
OF_SERVERS = HOP_LINES | _names("return-path delivered-to message-id")
# Names by which a header without a message is known (sources/sniff.py).
DELIVERED = TRACE | _names("delivered-to x-received envelope-to x-original-to")
# The same behind bytes that a tool put there (sources/prefix.py).
BEHIND_BYTES = OPENING | _names(
    "received return-path delivered-to envelope-to dkim-signature authentication-results "
    "received-spf mozilla-status"
)
# Those with which a bounce's text begins the message that it returns.
RETURNED = OPENING | _names(
    "return-path received x-received delivered-to cc sender reply-to content-type "
    "dkim-signature domainkey-signature arc-seal authentication-results envelope-to "
    "x-original-to x-mailer x-originating-ip"
)

# To whom a message went, as its author and its receiver wrote it.
ADDRESSED_TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
RECIPIENTS = frozenset(ADDRESSED_TO) | {"bcc"}
# What its author's program writes, whoever reads it.
AUTHORED = ORIGINATOR - {"to"}

# Written by servers, or by the mail program that keeps an mbox: what stands behind a
# separator (RFC 4155; Mozilla's and Google's exports as they are).
KEPT_IN_MBOX = TRACE | _names(
    "delivered-to x-received envelope-to message-id "
    "x-mozilla-status x-account-key x-uidl x-gm-thrid x-gmail-labels"
)
FAMILIAR_IN_MBOX = KEPT_IN_MBOX | _names(
    "from to cc date subject reply-to mime-version content-type content-transfer-encoding "
    "dkim-signature arc-seal authentication-results received-spf status x-status"
)

# Fields that receivers and filters write, wherever they stand: Microsoft, Google,
# Yahoo, spam filters, list servers, mail stores.
_BY_RECEIVERS = compiled(
    r"x-(?:ms-|microsoft-|eop|sid-|incoming|forefront|message-(?:info|delivery|status)"
    r"|sender-ip|exchange-|organizationheaders|hotmail|auth-?result|"
    r"store-info|office365|gm-|google-|received|spam|virus|scanned|amavis|barracuda|ironport"
    r"|proofpoint|mimecast|rspamd|bogosity|pstn|uidl?|uid|status|"
    r"keywords|mozilla|evolution|original-to|delivered-to|envelope|rcpt|mailing-list"
    r"|beenthere|mailman|loop|forwarded|pyzor|razor|dcc|greylist|"
    r"getmail|fetchmail|account-key|apparently|antivirus|egroups|yahoo|rocket|ymail|tmn"
    r"|patchwork|list|authentication|sender-verif|policyd)"
    r"|authentication-results|received|arc-|return-path|delivered-to|dkim-filter|status|lines"
    r"|envelope-to|list-|precedence|errors-to|"
    r"content-length|original-|resent-|mail-followup|xref|path|archived-at"
)
_BY_SENDERS_TOO = _names(
    "list-unsubscribe list-unsubscribe-post x-originating-ip x-list-unsubscribe"
)


def may_be_senders(key: str) -> bool:
    """Whether a field of that name (in lower case) may be the sender's, and not only
    the work of receivers and filters."""
    return key in _BY_SENDERS_TOO or not _BY_RECEIVERS.match(key)
