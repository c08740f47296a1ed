"""People: who they are to the product, how they sign in, and what they prefer."""
