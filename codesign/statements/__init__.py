"""Statements of learning systems, by the xAPI standard: what of them is a completion is recorded, and nothing else."""
