"""Publishing as a form."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.curriculum import queries as curriculum
from khue.curriculum.models import Outcome, Subject
from khue.library.actions import Description
from khue.library.models import Resource
from khue.registry.models import Organisation

LICENCES = [
    (Resource.Licence.CC_BY.value, _("CC BY 4.0: dùng tự do, ghi tên tác giả")),
    (Resource.Licence.CC_BY_SA.value, _("CC BY-SA 4.0: ghi tên, chia sẻ cùng giấy phép")),
    (Resource.Licence.CC_BY_NC.value, _("CC BY-NC 4.0: ghi tên, không dùng để kinh doanh")),
    (Resource.Licence.CC_BY_NC_SA.value, _("CC BY-NC-SA 4.0: ghi tên, không kinh doanh, cùng giấy phép")),
    (Resource.Licence.CC0.value, _("CC0: không giữ quyền nào")),
    (Resource.Licence.SCHOOL_USE.value, _("Chỉ dùng trong nhà trường")),
]
AUDIENCES = [
    (Resource.Audience.SCHOOL.value, _("Trong trường")),
    (Resource.Audience.EVERYONE.value, _("Mọi trường, sau khi được duyệt")),
]


def grades() -> list[tuple[int, str]]:
    """The grades as choices, in the language of this moment."""
    return [(number, str(_("Lớp %(number)s") % {"number": number})) for number in range(1, 13)]


class _SentBeside(forms.FileField):
    """Shown as needed; whether it has come, whole or in pieces, the view finds out itself."""

    def clean(self, data: object, initial: object = None) -> None:
        """Nothing is refused here."""


class ResourceForm(forms.Form):
    """What is said of a resource. The file comes beside it, whole or in pieces."""

    file = _SentBeside(
        label=_("Tệp"),
        help_text=_("PDF, ảnh, video, âm thanh, hoặc gói trang web .zip; tối đa 500 MB."),
    )
    title = forms.CharField(label=_("Tên học liệu"), max_length=200)
    description = forms.CharField(label=_("Mô tả"), widget=forms.Textarea, required=False, max_length=4000)
    author = forms.CharField(label=_("Tác giả"), max_length=200)
    organisation = forms.ChoiceField(label=_("Đơn vị"))
    subject = forms.ChoiceField(label=_("Môn"))
    grade = forms.TypedChoiceField(label=_("Khối lớp"), choices=grades, coerce=int)
    outcomes = forms.MultipleChoiceField(
        label=_("Yêu cầu cần đạt"), required=False, widget=forms.CheckboxSelectMultiple
    )
    licence = forms.ChoiceField(label=_("Giấy phép"), choices=LICENCES)
    audience = forms.ChoiceField(label=_("Ai được xem"), choices=AUDIENCES, widget=forms.RadioSelect)

    def __init__(
        self,
        data: Mapping[str, str] | None,
        *,
        places: Sequence[Organisation],
        subjects: Sequence[Subject],
        outcomes: Sequence[Outcome],
        initial: Mapping[str, object],
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self._places = {str(place.public_id): place for place in places}
        self._subjects = {subject.code: subject for subject in subjects}
        self._outcomes = {str(outcome.public_id): outcome for outcome in outcomes}
        choice_fields = {
            "organisation": [(key, place.name) for key, place in self._places.items()],
            "subject": [
                ("", str(_("Chọn môn"))),
                *((key, curriculum.subject_named(subject.name)) for key, subject in self._subjects.items()),
            ],
            "outcomes": [(key, f"{o.code} {o.text}") for key, o in self._outcomes.items()],
        }
        for name, choices in choice_fields.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    @property
    def place(self) -> Organisation:
        """The organisation that was chosen."""
        return self._places[self.cleaned_data["organisation"]]

    @property
    def chosen_outcomes(self) -> list[Outcome]:
        """The outcomes that were ticked."""
        return [self._outcomes[key] for key in self.cleaned_data["outcomes"]]

    @property
    def said(self) -> Description:
        """Everything else, as the action wants it."""
        given = self.cleaned_data
        return Description(
            title=given["title"],
            description=given["description"],
            author=given["author"],
            subject=self._subjects[given["subject"]],
            grade=given["grade"],
            licence=given["licence"],
            audience=given["audience"],
        )
