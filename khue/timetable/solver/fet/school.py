"""Who and what a `.fet` file speaks of: its week, teachers, sets of pupils and activities, by their names."""

from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _
from lxml import etree

from khue.timetable.solver.fet.document import UnreadableFet, items, number, text, texts, yes
from khue.timetable.solver.problem import Grid

LARGEST_WEEK = 1_000
MOST_ACTIVITIES = 20_000
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity that is switched on, with the names it was filed under."""

    id: int
    duration: int
    teachers: tuple[str, ...]
    students: tuple[str, ...]
    subject: str
    tags: tuple[str, ...]


@dataclass
class School:
    """The file's own words. Pupils are cut into *parts*: the smallest sets that are always together."""

    name: str
    grid: Grid
    days: dict[str, int]
    hours: dict[str, int]
    teachers: dict[str, int]
    parts: dict[str, tuple[int, ...]]
    part_names: list[str]
    activities: list[Activity]
    blocks: dict[int, int] = field(default_factory=dict)

    def time(self, element: etree._Element, day: str, hour: str) -> int:
        """The time that two child elements name."""
        return self.grid.time(self.day(element, day), self.hour(element, hour))

    def day(self, element: etree._Element, name: str) -> int:
        """The day a child element names."""
        return _known(self.days, text(element, name), element)

    def hour(self, element: etree._Element, name: str) -> int:
        """The period a child element names."""
        return _known(self.hours, text(element, name), element)

    def teacher(self, element: etree._Element) -> int:
        """The resource of the teacher an element is about; older files call the child Teacher_Name."""
        return _known(self.teachers, text(element, "Teacher") or text(element, "Teacher_Name"), element)

    def students(self, element: etree._Element) -> tuple[int, ...]:
        """The resources of the pupils an element is about."""
        return _known(self.parts, text(element, "Students") or text(element, "Students_Name"), element)

    def block(self, element: etree._Element, name: str = "Activity_Id") -> int | None:
        """The number of the block a child element names; None when that activity is switched off."""
        return self.blocks.get(number(element, name, most=10**9))

    def named_blocks(self, element: etree._Element) -> tuple[int, ...]:
        """The blocks an element lists, without those that are switched off."""
        ids = texts(element, "Activity_Id")
        if not all(found.isascii() and found.isdigit() for found in ids):
            raise UnreadableFet(
                detail=_("dòng %(line)s: số của hoạt động không phải là số.") % {"line": element.sourceline}
            )
        return tuple(dict.fromkeys(self.blocks[int(found)] for found in ids if int(found) in self.blocks))


def school_of(root: etree._Element) -> School:
    """Read everything but the constraints."""
    days, hours = _names(root, "Days_List"), _names(root, "Hours_List")
    if not days or not hours or len(days) * len(hours) > LARGEST_WEEK:
        said = _(
            "tuần có %(days)s ngày, mỗi ngày %(hours)s tiết; phải có ít nhất một và không quá %(most)s tiết cả tuần."
        )
        raise UnreadableFet(detail=said % {"days": len(days), "hours": len(hours), "most": LARGEST_WEEK})
    grid = Grid(tuple(days), tuple(hours), ((0, len(hours) - 1),))
    teachers = {name: index for index, name in enumerate(_names(root, "Teachers_List"))}
    parts, part_names = _parts(root, first=len(teachers))
    activities = _activities(root, longest=len(hours))
    school = School(text(root, "Institution_Name"), grid, days, hours, teachers, parts, part_names, activities)
    for index, activity in enumerate(activities):
        if school.blocks.setdefault(activity.id, index) != index:
            raise UnreadableFet(detail=_("hai hoạt động cùng mang số %(id)s.") % {"id": activity.id})
        for name in activity.teachers:
            _known(teachers, name, root)
        for name in activity.students:
            _known(parts, name, root)
    return school


def _names(root: etree._Element, name: str) -> dict[str, int]:
    found = [text(item, "Name") for item in items(root, name) if item.find("Name") is not None]
    if len(set(found)) != len(found):
        raise UnreadableFet(detail=_("danh sách %(name)s có hai tên trùng nhau.") % {"name": name})
    return {item: index for index, item in enumerate(found)}


def _parts(root: etree._Element, first: int) -> tuple[dict[str, tuple[int, ...]], list[str]]:
    """Every set of pupils as the parts it is made of, and the names of the parts; numbers begin at `first`."""
    numbers: dict[str, int] = {}
    sets: dict[str, dict[int, None]] = {}
    for year in items(root, "Students_List"):
        groups = year.findall("Group")
        for group in groups or [year]:
            for part in group.findall("Subgroup") or [group]:
                index = numbers.setdefault(text(part, "Name"), first + len(numbers))
                for whole in (year, group, part):
                    sets.setdefault(text(whole, "Name"), {})[index] = None
    return {name: tuple(found) for name, found in sets.items()}, list(numbers)


def _activities(root: etree._Element, longest: int) -> list[Activity]:
    found = [
        item for item in items(root, "Activities_List") if item.tag == "Activity" and yes(item, "Active", absent=True)
    ]
    if len(found) > MOST_ACTIVITIES:
        said = _("có %(count)s hoạt động, nhiều hơn %(most)s.")
        raise UnreadableFet(detail=said % {"count": len(found), "most": MOST_ACTIVITIES})
    return [
        Activity(
            id=number(item, "Id", most=10**9),
            duration=number(item, "Duration", least=1, most=longest),
            teachers=tuple(texts(item, "Teacher")),
            students=tuple(texts(item, "Students")),
            subject=text(item, "Subject"),
            tags=tuple(texts(item, "Activity_Tag")),
        )
        for item in found
    ]


def _known(names: dict[str, Found], name: str, element: etree._Element) -> Found:
    if name not in names:
        said = _("dòng %(line)s nhắc đến “%(name)s”, tên không có trong danh sách của tệp.")
        raise UnreadableFet(detail=said % {"line": element.sourceline, "name": name[:60]})
    return names[name]
