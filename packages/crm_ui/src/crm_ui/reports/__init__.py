"""What a report answers, in words, lengths and files, for whoever reads it: on a page, on paper, in a mail."""
