"""The token without which no form is taken, as Django checks it, at a twentieth of what Django takes for it.

Django asks the system for chance at each of 32 or 64 letters, 50 to 100 µs a page; here it is asked once, and letters
are found all together.
"""

from operator import add
from secrets import token_bytes

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

_LETTERS = CSRF_ALLOWED_CHARS.encode()
_COUNT = len(_LETTERS)
#: Of a byte by chance its remainder is a place in the alphabet. The last bytes are left out, so that no letter is
#: likelier than another.
_PLACE_OF_BYTE = bytes(byte % _COUNT for byte in range(256))
_LEFT_OUT = bytes(range(256 - 256 % _COUNT, 256))
_PLACE_OF_LETTER = bytes.maketrans(_LETTERS, bytes(range(_COUNT)))
#: Two places are added before the letter is looked up.
_LETTER_OF_PLACE = bytes(_LETTERS[place % _COUNT] for place in range(256))


def token_of(request: HttpRequest) -> str:
    """The secret of this browser under a new mask; a browser without a secret is given one with the answer."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        secret = _by_chance().translate(_LETTER_OF_PLACE).decode()
        request.META.update(CSRF_COOKIE=secret, CSRF_COOKIE_NEEDS_UPDATE=True)
    mask = _by_chance()
    hidden = bytes(map(add, mask, secret.encode().translate(_PLACE_OF_LETTER)))
    return (mask + hidden).translate(_LETTER_OF_PLACE).decode()


def _by_chance() -> bytes:
    """As many places in the alphabet as a secret has letters."""
    places = b""
    while len(places) < CSRF_SECRET_LENGTH:
        places += token_bytes(40).translate(_PLACE_OF_BYTE, _LEFT_OUT)
    return places[:CSRF_SECRET_LENGTH]
