"""How to make a row and a body for each operation: own, foreign and absent."""
