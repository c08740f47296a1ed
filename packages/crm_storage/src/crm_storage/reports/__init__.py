"""Reports as statements: joins within the reader's reach, figures of every level in one go, rows of a list."""
