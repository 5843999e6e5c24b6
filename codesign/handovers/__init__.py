"""A country changes hands: from one Local Code Representative to the next, or to and from the secretariat."""
