"""Where a suspicion is reported: lines and numbers, never a case."""
