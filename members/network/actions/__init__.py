"""Every change of the network's lists: `memberships` (with groups and published sizes) and `mandates`."""
