"""Organisations: names, identifiers and who belongs to whom. Everything else hangs on them."""
