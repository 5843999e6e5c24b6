"""Every change of initiatives and of trainings given."""
