"""Mechanisms that know no domain noun: time, errors, dated facts, audit, outbox, the HTTP frame."""
