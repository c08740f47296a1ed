"""Reports: a question over one module and what hangs on it, checked, narrowed to its reader, and the order of its answer."""
