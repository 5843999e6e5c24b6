"""People: the roles that they hold, how they are reached, and how they are forgotten. Never public."""
