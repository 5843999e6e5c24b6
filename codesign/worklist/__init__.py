"""What needs a person: the next best actions of an officer, what they put off, and what they talked about."""
