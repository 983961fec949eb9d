"""The three ways an action or a query says no. Everything else is a bug and rises."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.forms import BaseForm
from django.utils.functional import Promise
from django.utils.translation import gettext as _


class Refusal(Exception):
    """The rules say no. Says what is wrong and what to do next, in the reader's language.

    A subclass sets `code` (stable, for programs) and `message` (a lazy translation with %(name)s placeholders);
    `field` names the form field to show it beside.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[str | Promise] = ""
    field: ClassVar[str | None] = None

    def __init__(self, **values: object) -> None:
        super().__init__(self.code)
        self.values = values

    def __str__(self) -> str:
        return str(self.message) % self.values if self.values else str(self.message)


class Forbidden(Exception):
    """The actor may see the thing but not do this with it: HTTP 403."""

    def __str__(self) -> str:
        return _("Thầy/Cô không có quyền làm việc này. Hãy liên hệ người quản trị của đơn vị.")


class NotFound(Exception):
    """The thing does not exist, or is not the actor's to see; nobody can tell which: HTTP 404."""

    def __str__(self) -> str:
        return _("Không tìm thấy trang hoặc dữ liệu này.")


@contextmanager
def refusals_on(form: BaseForm) -> Iterator[None]:
    """Show a refusal beside the field it is about, or above the form, and go on to render the form again."""
    try:
        yield
    except Refusal as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal))
