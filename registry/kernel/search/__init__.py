"""Finding names whose spelling nobody remembers: one form for both engines, so that both answer the same."""
