"""What a command says when the operator, not the program, must do something."""


class Failure(Exception):
    """One or more plain sentences: what is wrong and what to do."""
