"""Fields that the forms of this room share: one of some rows, and a date of which parts may be unknown."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django import forms

from khue.registry.queries import PartialDate, UnclearDate

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise


class Row(Protocol):
    """Anything with an address."""

    @property
    def public_id(self) -> UUID: ...


class RowField(forms.ChoiceField):
    """A choice among rows that the form is given; the cleaned value is the row itself, None for none.

    empty  what stands first where nothing is chosen yet
    """

    def __init__(self, *, label: "Label", empty: "Label" = "", required: bool = True, help_text: "Label" = "") -> None:
        super().__init__(label=label, required=required, help_text=help_text)
        self.empty = empty
        self.rows: dict[str, Row] = {}

    def offer(self, rows: "Iterable[tuple[Row, Label]]") -> None:
        """Let these rows be chosen, each under its label."""
        offered = list(rows)
        self.rows = {str(row.public_id): row for row, _ in offered}
        first: list[tuple[str, Label]] = [("", self.empty)] if self.empty else []
        self.choices = first + [(str(row.public_id), label) for row, label in offered]

    def clean(self, value: Any) -> Any:
        return self.rows.get(super().clean(value))


class PartialDateField(forms.CharField):
    """A date of which only the year, or month and year, may be known."""

    def to_python(self, value: object) -> PartialDate:  # type: ignore[override]  # a richer value than CharField's
        try:
            return PartialDate.parse(str(value or ""))
        except UnclearDate as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def validate(self, value: object) -> None:
        """Nothing more: an empty date is a date not known."""

    def run_validators(self, value: object) -> None:
        """Those of a text do not fit a date."""


def offer(form: forms.Form, name: str, rows: "Iterable[tuple[Row, Label]]") -> None:
    """Offer rows in a form's RowField."""
    field = form.fields[name]
    assert isinstance(field, RowField)
    field.offer(rows)
