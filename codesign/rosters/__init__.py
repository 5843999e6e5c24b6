"""Rosters: one file of a company's staff, planned before it is written, and undone as a whole."""
