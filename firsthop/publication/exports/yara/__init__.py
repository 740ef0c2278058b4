"""Rules for YARA and YARA-X, which search the bytes of a mail as it was stored."""
