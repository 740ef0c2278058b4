"""Conditions for Exim 4, in the DATA ACL and in a system filter: `writer.py` makes the
files, `conditions.py` the expansions in both, `values.py` the values that relations
compare."""
