"""The modules of the product: the only list of them."""
