"""Who may come in: people and machines, their grants, tokens and invitations, and the scope that follows."""
