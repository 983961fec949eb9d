"""`khue`, the one command for operators."""


def main() -> None:
    """Entry point of the command."""
