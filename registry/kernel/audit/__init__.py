"""Who changed what, written in the change's own transaction."""
