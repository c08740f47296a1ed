"""People in storage: signing in, sessions and tokens, roles and teams."""
