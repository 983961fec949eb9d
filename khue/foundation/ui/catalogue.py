"""What the catalogue shows: made-up rows, and forms in each of their states."""


def content() -> dict[str, object]:
    """Everything the catalogue's template prints."""
    return {}
