"""The page on which a school goes from one year into the next."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from khue.foundation import clock, flash
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.gradebook import actions, queries
from khue.gradebook.access import Permission
from khue.gradebook.forms import MovingUpForm
from khue.schools import queries as schools
from khue.schools.models import SchoolYear


def moving_up(request: Request) -> HttpResponse:
    """Who moves up into which class; one button does it."""
    year = _own_year(request)
    moves, following = queries.moving_up(request.actor, year), schools.year_after(year)
    form = MovingUpForm(request.POST or None, moves=moves)
    if form.is_valid() and following is not None:
        with refusals_on(form):
            done = actions.move_up(actor=request.actor, school_year=year, next_year=following, names=form.names())
            said = _("Đã chuyển %(moved)s học sinh vào năm học %(year)s, %(finished)s em hoàn thành cấp học.")
            values = {"moved": done.moved, "finished": done.finished, "year": following.code}
            return flash.say(see_other("gradebook:moving_up"), said % values)
    shown = {"year": year, "following": following, "rows": [(one, _bound(form, one)) for one in moves], "form": form}
    return page(request, "gradebook/moving_up.html", shown, status=422 if form.errors else 200)


def _bound(form: MovingUpForm, one: queries.ClassMove) -> forms.BoundField | None:
    return form[f"name{one.school_class.id}"] if one.name else None


def _own_year(request: Request) -> SchoolYear:
    """The year under way, or the one that ended last, at the school whose years the actor decides."""
    for place in sorted(request.actor.organisations(Permission.YEAR_DECIDE) or ()):
        year = schools.school_year_on(place, clock.today())
        if year is not None:
            return year
    raise NotFound
