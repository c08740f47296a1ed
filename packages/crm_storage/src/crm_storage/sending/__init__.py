"""Sending campaign mail: whom, in which order, how fast, exactly once as far as anyone can tell."""
