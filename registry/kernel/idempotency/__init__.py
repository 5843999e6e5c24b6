"""Retries are harmless: one key, one effect, one answer."""
