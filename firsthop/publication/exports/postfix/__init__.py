"""Tables for Postfix: `header_checks.py` makes the rules, `access.py` the lists of
clients and senders, `writer.py` the files."""
