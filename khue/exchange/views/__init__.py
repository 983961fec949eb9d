"""Pages of the exchange: how nodes stand, what is to be mended, how good records are, files."""
