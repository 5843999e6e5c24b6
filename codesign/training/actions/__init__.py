"""Every change to training: requirements, staff, courses, completions, and the statuses that follow."""
