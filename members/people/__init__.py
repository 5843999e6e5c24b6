"""Who is reached for what: role contacts of organisations, by address and without names."""
