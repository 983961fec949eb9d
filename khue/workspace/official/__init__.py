"""Official documents as they are laid out: once as plain values, then as Word or PDF."""
