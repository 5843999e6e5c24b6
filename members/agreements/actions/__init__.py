"""Every change of an agreement: `drafting` until all have signed, `moves` from then on."""
