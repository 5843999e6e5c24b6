"""Assemblies of the network and of its members: who came, who votes, what was decided, who was elected."""
