"""Campaign mail: whom it reaches, how it is composed, what the servers' answers mean."""
