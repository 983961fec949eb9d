"""The survey of devices and lines at home, filled in for a whole class, or the staff, in one grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import Forbidden, NotFound
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.schools import actions, queries
from khue.schools.access import Permission
from khue.schools.actions import Means
from khue.schools.models import LearnerMeans

COLUMNS = (
    ("has_device", gettext_lazy("Thiết bị"), gettext_lazy("Máy tính, máy tính bảng hoặc điện thoại dùng để học")),
    ("has_connection", gettext_lazy("Đường truyền"), gettext_lazy("Internet ở nhà đủ để học trực tuyến")),
    ("has_software", gettext_lazy("Phần mềm"), gettext_lazy("Cài và mở được phần mềm học trực tuyến")),
)
ANSWERS = (("", gettext_lazy("Chưa hỏi")), ("yes", gettext_lazy("Có")), ("no", gettext_lazy("Không")))
_MEANING = {"yes": True, "no": False}

#: So many people stand on a page: a large class is one, a staff of 120 three.
PAGE = 48


@dataclass(frozen=True, slots=True)
class Line:
    """A person in the grid, with the answers as the selects have them."""

    person_id: int
    full_name: str
    answers: Mapping[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
def of_class(request: Request, public_id: UUID) -> HttpResponse:
    """What the pupils of a class have at home."""
    school_class = queries.class_of(request.actor, public_id)
    if not queries.may_ask_means(request.actor, school_class, today()):
        raise Forbidden
    people = [(m.person_id, m.full_name) for m in queries.members(school_class, today())]
    if request.method == "POST":
        count = actions.record_means_of_class(
            actor=request.actor, school_class=school_class, answers=_given(request, people), on=today()
        )
        return _said(request, people, see_other("schools:class", public_id), count)
    context = {
        "title": _("Điều kiện học trực tuyến lớp %(name)s") % {"name": school_class.name},
        "back": (school_class.name, see_other("schools:class", public_id)["Location"]),
        "who": _("Học sinh"),
    }
    return _grid(request, school_class.organisation_id, people, context)


@require_http_methods(["GET", "HEAD", "POST"])
def of_staff(request: Request) -> HttpResponse:
    """What the staff have at hand."""
    require(request.actor, Permission.MEANS_WRITE_ALL, within=None)
    places = registry.working_places(request.actor, Permission.MEANS_WRITE_ALL)
    if not places:
        raise NotFound
    people = [(each.person_id, each.person.full_name) for each in queries.staff_at(places[0].id, today())]
    if request.method == "POST":
        count = actions.record_means_of_staff(
            actor=request.actor, organisation=places[0], answers=_given(request, people), on=today()
        )
        return _said(request, people, see_other("schools:staff"), count)
    context = {
        "title": _("Điều kiện dạy trực tuyến của giáo viên"),
        "back": (_("Cán bộ, giáo viên"), see_other("schools:staff")["Location"]),
        "who": _("Họ và tên"),
    }
    return _grid(request, places[0].id, people, context)


def _grid(
    request: Request, organisation_id: int, people: Sequence[tuple[int, str]], context: Mapping[str, object]
) -> HttpResponse:
    known = queries.means_of(organisation_id, [person for person, _name in people])
    lines = [Line(person, name, _shown(known.get(person))) for person, name in people]
    number = _page(request, people)
    shown = {
        "lines": lines[(number - 1) * PAGE : number * PAGE],
        "all": len(lines),
        "columns": COLUMNS,
        "choices": ANSWERS,
        "answered": sum(map(_is_answered, lines)),
        "adequate": sum(all(answer == "yes" for answer in line.answers.values()) for line in lines),
        "tabs": _tabs(lines, number),
        "is_last": number * PAGE >= len(lines),
    }
    return page(request, "schools/means.html", {**context, **shown})


def _page(request: Request, people: Sequence[tuple[int, str]]) -> int:
    """The number of the page asked for, from 1; NotFound beyond the last."""
    asked = request.GET.get("page", "1")
    last = max(1, -(-len(people) // PAGE))
    if not asked.isdecimal() or not 1 <= int(asked) <= last:
        raise NotFound
    return int(asked)


def _tabs(lines: Sequence[Line], number: int) -> list[tuple[str, str, bool, int]]:
    """A tab a page, by the given names on it, with how many are not asked yet; none where one page has all."""
    pages = [lines[first : first + PAGE] for first in range(0, len(lines), PAGE)]
    if len(pages) < 2:
        return []
    return [
        (f"{_given_name(some[0])} – {_given_name(some[-1])}", f"?page={place}", place == number,
         sum(not _is_answered(line) for line in some))
        for place, some in enumerate(pages, 1)
    ]  # fmt: skip


def _given_name(line: Line) -> str:
    return line.full_name.split()[-1]


def _is_answered(line: Line) -> bool:
    return any(line.answers.values())


def _shown(row: LearnerMeans | None) -> dict[str, str]:
    words = {True: "yes", False: "no", None: ""}
    return {name: words[getattr(row, name) if row else None] for name, _label, _hint in COLUMNS}


def _given(request: Request, people: Sequence[tuple[int, str]]) -> dict[int, Means]:
    """The answers of those people whom the form names: a page opened yesterday says nothing of a new pupil."""
    return {
        person: Means(*(_MEANING.get(request.POST[f"{name}_{person}"]) for name, _label, _hint in COLUMNS))
        for person, _name in people
        if all(f"{name}_{person}" in request.POST for name, _label, _hint in COLUMNS)
    }


def _said(request: Request, people: Sequence[tuple[int, str]], last: HttpResponse, count: int) -> HttpResponse:
    """To the next page; after the last of them back to where one came from."""
    number = _page(request, people)
    answer = last if number * PAGE >= len(people) else HttpResponseRedirect(f"?page={number + 1}", status=303)
    return flash.say(answer, _("Đã lưu; %(count)s người có câu trả lời mới.") % {"count": count})
