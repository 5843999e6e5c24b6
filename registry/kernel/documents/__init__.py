"""Documents that people hand in: a row of facts about each, its content as a file in DATA_DIR."""
