"""Inviting the parents of a class to a meeting about results."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from khue.foundation import clock, flash
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.gradebook import queries
from khue.gradebook.forms.parents import ParentsMeetingForm
from khue.gradebook.parents_invitation import BEGINNING, TERM_1, YEAR_END, invitation
from khue.messaging import actions as messaging
from khue.schools.models import SchoolClass

OCCASIONS = {
    BEGINNING: gettext_lazy("Đầu năm học"),
    TERM_1: gettext_lazy("Cuối học kì 1"),
    YEAR_END: gettext_lazy("Cuối năm học"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def parents(request: Request, class_id: UUID) -> HttpResponse:
    """The invitation: sent to every family of the class at once, pinned on their pages until the meeting."""
    found = queries.result_class_of(request.actor, class_id)
    asked = request.GET.get("occasion", "")
    occasion = asked if asked in OCCASIONS else BEGINNING
    form = ParentsMeetingForm(request.POST or None, occasion=occasion, room=f"Phòng học lớp {found.name}")
    if form.is_valid():
        with refusals_on(form):
            draft = _draft(found, occasion, form)
            made = messaging.announce(actor=request.actor, draft=draft, files=[], at=clock.now())
            said = _("Đã gửi giấy mời tới gia đình các em lớp %(name)s.") % {"name": found.name}
            return flash.say(see_other("messaging:announcement", made.public_id), said)
    tabs = [(label, f"?occasion={key}", key == occasion) for key, label in OCCASIONS.items()]
    shown = {"school_class": found, "form": form, "tabs": tabs}
    return page(request, "gradebook/parents.html", shown, status=422 if form.errors else 200)


def _draft(school_class: SchoolClass, occasion: str, form: ParentsMeetingForm) -> messaging.Draft:
    given = dict(form.cleaned_data)
    key = given.pop("key")
    words = invitation(class_name=school_class.name, year=school_class.school_year.code, occasion=occasion, **given)
    return messaging.Draft(
        key=key, subject=words.subject, body=words.body, class_ids=[school_class.id], asks="receipt",
        pinned_until=given["on"], due_at=form.held_at,
    )  # fmt: skip
