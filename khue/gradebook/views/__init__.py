"""Pages of the gradebook, by what they are about."""
