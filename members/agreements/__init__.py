"""Memoranda and partnership agreements between organisations: who signed, for how long, what was amended."""
