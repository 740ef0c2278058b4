"""Whether a campaign forges its senders: what its messages' verdicts say, never what
mail of its kind does."""

from __future__ import annotations

from firsthop.publication.exports.source import ExportSource

FORGED = "not_from_provider"


def forged(source: ExportSource) -> int:
    """How many messages did not leave the provider of their author's domain."""
    return sum(("sender", FORGED) in one.answers for one in source.summaries)
