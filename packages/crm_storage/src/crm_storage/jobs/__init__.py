"""Long work as rows: started with a change, taken by a worker, kept slice by slice."""
