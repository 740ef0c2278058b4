"""Sigma rules over mail as firsthop reads it: one event a message."""
