"""The Code over HTTP."""
