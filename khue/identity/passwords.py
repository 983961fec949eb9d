"""Passwords: which ones are taken, and how they are kept and compared."""

import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal
from khue.foundation.text import fold

LEAST_LENGTH = 8
LEAST_LENGTH_GUARDED = 12
MOST_LENGTH = 128

#: Argon2id at the library's default cost (RFC 9106, second recommended option). Never weakened, in tests neither.
_hasher = PasswordHasher()
#: Each hash takes 64 MiB for a moment: at most two at a time in one process.
_places = threading.BoundedSemaphore(2)


class WeakPassword(Refusal):
    code = "weak_password"
    field = "new_password"


class ShortPassword(WeakPassword):
    code = "short_password"
    message = _("Mật khẩu cần ít nhất %(least)s ký tự. Hãy ghép vài từ dễ nhớ với nhau.")


class LongPassword(WeakPassword):
    code = "long_password"
    message = _("Mật khẩu dài nhất %(most)s ký tự. Hãy chọn mật khẩu ngắn hơn.")


class NumericPassword(WeakPassword):
    code = "numeric_password"
    message = _("Mật khẩu không được chỉ gồm chữ số: ngày sinh và số điện thoại rất dễ đoán. Hãy thêm chữ.")


class CommonPassword(WeakPassword):
    code = "common_password"
    message = _("Mật khẩu này quá nhiều người dùng nên dễ bị đoán. Hãy chọn mật khẩu khác.")


class PasswordLikeName(WeakPassword):
    code = "password_like_name"
    message = _("Mật khẩu không được chứa tên đăng nhập hay họ tên. Hãy chọn mật khẩu khác.")


def refuse_weak(password: str, *, names: Iterable[str], is_guarded: bool) -> None:
    """Refuse what is easily guessed. Says one thing at a time, the first that is wrong.

    names       what the account is called: user name, full name, phone
    is_guarded  whether the account reaches more than one school
    """
    plain = _normal(password)
    least = LEAST_LENGTH_GUARDED if is_guarded else LEAST_LENGTH
    if len(plain) < least:
        raise ShortPassword(least=least)
    if len(plain) > MOST_LENGTH:
        raise LongPassword(most=MOST_LENGTH)
    if plain.isdigit():
        raise NumericPassword
    if plain.lower() in _common() or len(set(plain)) < 4:
        raise CommonPassword
    folded = fold(plain).replace(" ", "")
    if any(len(name) >= 4 and name in folded for name in (fold(n).replace(" ", "") for n in names)):
        raise PasswordLikeName


def hash_of(password: str) -> str:
    """What the database keeps: Argon2id with its own salt and cost."""
    with _places:
        return _hasher.hash(_normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password. Costs the same when there is none to compare with."""
    with _places:
        try:
            return _hasher.verify(kept or _nobodys(), _normal(password)[: MOST_LENGTH + 1]) and kept is not None
        except VerificationError:
            return False


def is_outdated(kept: str) -> bool:
    """Whether the library's default cost has risen since this was hashed."""
    return _hasher.check_needs_rehash(kept)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _normal(password: str) -> str:
    """One form of Vietnamese letters: phones compose them, some keyboards do not."""
    return unicodedata.normalize("NFKC", password)
