"""What the address of a list asks for."""

from khue.foundation.request import Request


def asked(request: Request, *names: str) -> dict[str, str]:
    """Parameters of the address, short and without the one character that no column holds."""
    return {name: request.GET.get(name, "")[:300].replace("\x00", "") for name in names}
