"""Who may sign in to the demonstration."""

from django.utils.translation import gettext_lazy as _

from khue.foundation import scope
from khue.foundation.actor import SYSTEM
from khue.identity import queries as identity

#: Of all accounts with a password in SIGN_INS. It is printed at every start: a demonstration keeps no secret.
PASSWORD = "KhueDemo2026"  # noqa: S105  printed, no secret

SIGN_INS = (
    (_("Hiệu trưởng"), "hieutruong1"),
    (_("Văn thư"), "vanthu1"),
    (_("Kế toán"), "ketoan1"),
    (_("Giáo viên bộ môn, chủ nhiệm"), "gv1.1"),
    (_("Học sinh"), "hs1.1"),
    (_("Phụ huynh"), "ph1.1"),
    (_("Chuyên viên sở"), "chuyenvien.so"),
    (_("Chuyên viên Bộ"), "chuyenvien.bo"),
    (_("Người vận hành"), "vanhanh"),
)


def sign_ins() -> list[tuple[str, str, str]]:
    """(role, user name, password) of one account a role; nothing on a node that holds no demonstration."""
    with scope.of(SYSTEM):
        names = [user_name for _label, user_name in SIGN_INS]
        if identity.count_named(names) < len(names):
            return []
    return [(str(label), user_name, PASSWORD) for label, user_name in SIGN_INS]
