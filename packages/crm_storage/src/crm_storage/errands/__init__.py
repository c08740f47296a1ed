"""Long work of the host's for one tenant: asked for as a row, done by whoever claims it, one at a time for each tenant."""
