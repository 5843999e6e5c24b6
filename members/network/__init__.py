"""Who is in the network: members, groups and their partners, mandates of Local Code Representatives."""
