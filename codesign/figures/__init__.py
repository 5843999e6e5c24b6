"""The catalogue of figures: what each number counts, of which day, from which rows."""
