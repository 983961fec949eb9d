"""Forms of minutes: the meeting, and what it decided line by line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.foundation.clock import VIETNAM
from khue.registry.queries import Colleague
from khue.workspace.actions import Decided, Minutes
from khue.workspace.forms.office import ColleagueField, Offered
from khue.workspace.queries import Membership

MOST_DECISIONS = 40
BLANK_LINES = 3


class PresentField(forms.MultipleChoiceField):
    """Some of the staff; the cleaned value is a list of Colleague."""

    rows: dict[str, Colleague]

    def clean(self, value: Any) -> Any:
        return [self.rows[key] for key in super().clean(value)]


class MinutesForm(forms.Form):
    """When, where, who, and what was said."""

    title = forms.CharField(label=_("Cuộc họp"), max_length=300, help_text=_("Ví dụ: Họp tổ Toán - Tin tháng 11."))
    circle = forms.ChoiceField(label=_("Của"), required=False)
    on = forms.DateField(label=_("Ngày họp"))
    starts = forms.TimeField(label=_("Bắt đầu lúc"), help_text=_("Ví dụ 14:00"))
    ends = forms.TimeField(label=_("Kết thúc lúc"), required=False)
    place = forms.CharField(label=_("Địa điểm"), max_length=200, required=False)
    chair = ColleagueField(label=_("Chủ trì"))
    present = PresentField(label=_("Có mặt"), widget=forms.CheckboxSelectMultiple)
    absent = forms.CharField(label=_("Vắng mặt, lí do"), max_length=1000, required=False)
    proceedings = forms.CharField(
        label=_("Nội dung"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(
        self,
        data: Any = None,
        *,
        offered: Offered,
        circles: Sequence[Membership],
        initial: Any = None,
    ) -> None:
        super().__init__(data, initial=initial)
        chair, present, circle = self.fields["chair"], self.fields["present"], self.fields["circle"]
        assert isinstance(chair, ColleagueField) and isinstance(present, PresentField)  # noqa: PT018  for the types
        assert isinstance(circle, forms.ChoiceField)
        chair.offer(offered)
        present.rows, present.choices = offered.rows, offered.people
        circle.choices = [("", _("Toàn đơn vị")), *((each.key, each.title) for each in circles)]

    def minutes(self, decisions: Sequence[Decided]) -> Minutes:
        """What the action takes."""
        given = self.cleaned_data
        return Minutes(
            title=given["title"],
            circle=given["circle"],
            held_at=datetime.combine(given["on"], given["starts"], VIETNAM),
            ended_at=datetime.combine(given["on"], given["ends"], VIETNAM) if given["ends"] else None,
            place=given["place"],
            chair=given["chair"],
            present=given["present"],
            absent=given["absent"],
            proceedings=given["proceedings"],
            decisions=decisions,
        )


class DecisionForm(forms.Form):
    """One thing that was decided; an empty line counts for nothing."""

    words = forms.CharField(label=_("Kết luận, việc cần làm"), max_length=500, required=False)
    to = ColleagueField(label=_("Người thực hiện"), required=False)
    due_on = forms.DateField(label=_("Hạn"), required=False)

    def __init__(self, *given: Any, offered: Offered, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["to"]
        assert isinstance(field, ColleagueField)
        field.offer(offered)

    def clean(self) -> dict[str, Any]:
        """A person or a day without words says nothing; a person needs a day, and a day a person."""
        given = super().clean() or {}
        if (given.get("to") or given.get("due_on")) and not given.get("words"):
            self.add_error("words", _("Hãy ghi việc cần làm."))
        if given.get("to") and not given.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Hãy ghi hạn cho người thực hiện."))
        if given.get("due_on") and not given.get("to"):
            self.add_error("to", _("Hãy chọn người thực hiện."))
        return given


class DecisionLines(forms.BaseFormSet):  # type: ignore[type-arg]  # Django takes no parameter at run time
    """The decisions of a meeting."""

    @property
    def decided(self) -> list[Decided]:
        given = [form.cleaned_data for form in self.forms if form.cleaned_data.get("words")]
        return [Decided(each["words"], each["to"], each["due_on"]) for each in given]


def decision_lines(data: Any, offered: Offered, initial: Sequence[dict[str, Any]] = ()) -> DecisionLines:
    """The lines that are there and an empty one; where there are none, some empty ones."""
    blank = 1 if initial else BLANK_LINES
    made = forms.formset_factory(
        DecisionForm, formset=DecisionLines, extra=blank, max_num=MOST_DECISIONS, absolute_max=MOST_DECISIONS
    )
    lines = made(data, initial=list(initial), prefix="decisions", form_kwargs={"offered": offered})
    assert isinstance(lines, DecisionLines)
    return lines
