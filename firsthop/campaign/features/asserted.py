"""The asserted view: what a publication says of all its messages without showing it.
Claims of its source, kept apart from everything observed.

They count on the level of an operation only, and `why` names them as claims: no number
of them makes an observation."""

from __future__ import annotations

from firsthop.campaign.features.record import Feature
from firsthop.case_file import CaseFile
from firsthop.mail.message import Evidence, Message

# X-MimeOLE repeats X-Mailer; the first trace is no mark of a message
_COUNTED = ("x_mailer", "subject_is_local_part_of_author", "author_domain")


def asserted(message: Message, case_file: CaseFile) -> list[Feature]:
    """The asserted claims, for a published excerpt; other mail speaks for itself."""
    if message.source.evidence is not Evidence.PUBLICATION:
        return []
    return [
        Feature("asserted", f"{claim.key} = {claim.value} ({claim.source})"[:200])
        for key in _COUNTED
        if (claim := case_file.claim(key))
    ]
