"""What was sent to a member and whether it arrived: written by reminders, read for due process."""
