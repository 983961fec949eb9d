"""What a procedure refuses of a form, said beside the field it is about."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.utils.translation import gettext as _

from khue.foundation.errors import refusals_on
from khue.procedures.filling import FieldsWrong


@contextmanager
def refusals_beside(form: forms.Form) -> Iterator[None]:
    """As refusals_on, and beside each field that is not filled in as its procedure asks."""
    with refusals_on(form):
        try:
            yield
        except FieldsWrong as wrong:
            if not wrong.fields or not set(wrong.fields) <= form.fields.keys():
                raise
            for name in wrong.fields:
                form.add_error(name, form.fields[name].help_text or _("Chưa đúng, hãy xem lại cách ghi."))
