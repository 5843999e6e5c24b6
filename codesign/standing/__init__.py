"""Every move of a membership with its guards, and the standing that dated facts add up to."""
