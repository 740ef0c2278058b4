"""All checks over one message, in the order in which their findings are shown. To add one: one file, one line here, one test."""

from firsthop.judgement.check import Check
from firsthop.judgement.checks import (
    address_plausible,
    authenticated_submission,
    header_block_gap,
    helo_is_message_id_domain,
    hops_meet,
    line_shape,
    mailer_message_id,
    path_misses_provider,
    queue_id_time,
    recipients_not_named,
    time_order,
)

CHECKS: tuple[Check, ...] = (
    path_misses_provider.CHECK,
    authenticated_submission.CHECK,
    helo_is_message_id_domain.CHECK,
    mailer_message_id.CHECK,
    hops_meet.CHECK,
    time_order.CHECK,
    queue_id_time.CHECK,
    line_shape.CHECK,
    address_plausible.CHECK,
    header_block_gap.CHECK,
    recipients_not_named.CHECK,
)
