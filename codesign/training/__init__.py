"""Training of staff: rules, people by reference, courses, completions, coverage on a day."""
