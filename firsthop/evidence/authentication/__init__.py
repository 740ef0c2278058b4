"""What vouches for a mail's author: SPF, DKIM, ARC, DMARC, and what receivers wrote
down about them. Evidence, never a verdict.

    results, received_spf   what a receiver wrote (RFC 8601, RFC 7208 section 9.1), and
                            belief: whether one of our own wrote it
    dkim, arc, spf, dmarc   checked anew from the bytes and a dated store of DNS
                            evidence

A check that lacks its DNS answer, or has only one of another day, says `not_checkable`
and why. That is neither a pass nor a fail.
"""
