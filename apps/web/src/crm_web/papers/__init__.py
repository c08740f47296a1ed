"""Documents on paper: which template a record takes, the PDF of it, and the letter that carries it."""
