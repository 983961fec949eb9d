"""The procedures schools receive: what `procedures` runs, what their steps do, and what the platform knows for them."""
