"""Every change of the network's lists: `memberships` (with published sizes), `groups`, `mandates`."""
