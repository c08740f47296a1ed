"""Single sign-on over HTTP, with a provider of identities that does as tests say."""
