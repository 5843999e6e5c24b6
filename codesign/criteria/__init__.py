"""The six criteria of The Code and the steps a company plans on each."""
