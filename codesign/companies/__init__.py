"""Companies, their sites, memberships and the decisions about them."""
