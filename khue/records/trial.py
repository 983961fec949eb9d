"""What a demonstration's signatures are told by. Light: every page that names a key reads it."""

#: What the root is called: whoever reads an issuer's name sees what a signature is worth.
NAME = "Trình diễn Khuê - không có giá trị pháp lý"


def is_trial(issuer: str) -> bool:
    """Whether an issuer calls itself a demonstration's authority; this says nothing of whether anybody trusts it."""
    return NAME in issuer
