"""Sieve scripts (RFC 5228), for Dovecot Pigeonhole: `writer.py` makes the files,
`conditions.py` the tests in them, `relations.py` those that compare two values."""
