"""The frame that every HTTP resource stands in: rights, scope, bodies, rows, pages, problems, contract."""
