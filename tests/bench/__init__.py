"""`make bench`: what the hot jobs cost, as a ratio to a floor that is measured in the same run."""
