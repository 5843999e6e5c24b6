"""Reminders: rules as data, one planner, occurrences that say what was sent, to which role, and why not."""
