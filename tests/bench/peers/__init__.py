"""The same list page as other projects write it by their manuals; without login, scope, and middleware."""
