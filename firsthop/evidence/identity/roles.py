"""Local parts that are a role's, and nobody's name.

Sources:    RFC 2142, and the accounts of programs.
"""

from __future__ import annotations

import re

ROLES = frozenset(
    """
    abuse noc security postmaster hostmaster webmaster usenet news www uucp ftp info
    marketing sales support admin administrator root help helpdesk hello contact contacts
    contatti office mail mailer mailerdaemon email webmail bounce bounces noreply donotreply
    nonrispondere notification notifications notify alert alerts service services servizi
    assistenza newsletter newsletters news list lists owner request subscribe unsubscribe
    listunsubscribe
    majordomo billing invoice invoices account accounts team staff users user undisclosed
    recipients undisclosedrecipients daemon nobody system server local localhost test example
    customer customerservice customercare reply return delivery update updates member members
    order orders shop store press media jobs careers legal privacy compliance
    message messages anonymous apache nagios cron wwwdata phishing spam honeypot
    """.split()
)
_WORD = re.compile(r"[a-z]+")


def is_role(local_part: str) -> bool:
    """Whether a local part, in lower case, is a role or has one among its words:
    `drive-shares-noreply`."""
    words = _WORD.findall(local_part)
    return "".join(words) in ROLES or not ROLES.isdisjoint(words)
