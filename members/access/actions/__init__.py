"""Every change of who may do what, by use case. Secrets and e-mail addresses never enter the audit log."""
