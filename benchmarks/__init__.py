"""Measurements that need the corpora: accuracy, base rates, speed. Their figures are
written to docs and tables, never tested by the clock."""
