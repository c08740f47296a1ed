"""Letters as people read and write them: lines, forms, enclosures, what becomes of each."""
