"""Reading FET's files: what a small one says, what is not understood, and what nobody should be able to break."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.timetable.solver import fet
from khue.timetable.solver.problem import (
    AllowedStarts,
    Apart,
    Block,
    DaysPerWeek,
    GapsPerWeek,
    Grid,
    Kind,
    PeriodsPerDay,
    Resource,
)

EXAMPLES = Path("/usr/share/doc/fet-data/examples")
VIETNAM = EXAMPLES / "FET-5-official" / "Vietnam"
installed = pytest.mark.skipif(not VIETNAM.is_dir(), reason="FET's examples are missing: apt-get install fet-data")


def fet_file(*constraints: str, activities: str = "") -> bytes:
    """A school of two teachers and a year of two classes, one of them in two halves."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5">
<Institution_Name>Trường THCS Bình Minh</Institution_Name>
<Days_List><Number_of_Days>2</Number_of_Days><Day><Name>T2</Name></Day><Day><Name>T3</Name></Day></Days_List>
<Hours_List><Number_of_Hours>3</Number_of_Hours>
<Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour><Hour><Name>3</Name></Hour></Hours_List>
<Teachers_List><Teacher><Name>An</Name></Teacher><Teacher><Name>Bình</Name></Teacher></Teachers_List>
<Students_List><Year><Name>6</Name>
<Group><Name>6A</Name><Subgroup><Name>6A1</Name></Subgroup><Subgroup><Name>6A2</Name></Subgroup></Group>
<Group><Name>6B</Name></Group></Year></Students_List>
<Activities_List>
<Activity><Teacher>An</Teacher><Subject>Toán</Subject><Students>6A</Students><Duration>2</Duration>
<Id>7</Id><Active>true</Active></Activity>
<Activity><Teacher>Bình</Teacher><Subject>Văn</Subject><Students>6</Students><Duration>1</Duration>
<Id>9</Id><Active>true</Active></Activity>
<Activity><Teacher>Bình</Teacher><Subject>Văn</Subject><Students>6A2</Students><Duration>1</Duration>
<Id>11</Id><Active>false</Active></Activity>{activities}
</Activities_List>
<Time_Constraints_List>{"".join(constraints)}</Time_Constraints_List>
<Space_Constraints_List></Space_Constraints_List>
</fet>""".encode()


def rule(kind: str, inside: str, weight: str = "100") -> str:
    """One constraint that is switched on."""
    return f"<{kind}><Weight_Percentage>{weight}</Weight_Percentage>{inside}<Active>true</Active></{kind}>"


def test_a_school_is_read_with_its_classes_cut_into_the_parts_that_are_always_together():
    reading = fet.read(fet_file())

    assert reading.problem.name == "Trường THCS Bình Minh"
    assert reading.problem.grid == Grid(("T2", "T3"), ("1", "2", "3"), ((0, 2),))
    assert reading.problem.resources == (
        Resource("An", Kind.TEACHER),
        Resource("Bình", Kind.TEACHER),
        Resource("6A1", Kind.CLASS),
        Resource("6A2", Kind.CLASS),
        Resource("6B", Kind.CLASS),
    )
    assert reading.problem.blocks == (Block("Toán · 6A", 2, (0, 2, 3)), Block("Văn · 6", 1, (1, 2, 3, 4)))
    assert reading.activity_ids == (7, 9)
    assert reading.unread == ()


def test_constraints_become_rules():
    reading = fet.read(
        fet_file(
            rule("ConstraintBasicCompulsoryTime", ""),
            rule(
                "ConstraintMinDaysBetweenActivities",
                "<Consecutive_If_Same_Day>true</Consecutive_If_Same_Day><Number_of_Activities>3</Number_of_Activities>"
                "<Activity_Id>7</Activity_Id><Activity_Id>9</Activity_Id><Activity_Id>11</Activity_Id>"
                "<MinDays>1</MinDays>",
                "95",
            ),
            rule("ConstraintTeachersMaxGapsPerWeek", "<Max_Gaps>1</Max_Gaps>"),
            rule(
                "ConstraintTeacherMaxDaysPerWeek",
                "<Teacher_Name>An</Teacher_Name><Max_Days_Per_Week>1</Max_Days_Per_Week>",
            ),
            rule(
                "ConstraintStudentsSetIntervalMaxDaysPerWeek",
                "<Students>6B</Students><Interval_Start_Hour>1</Interval_Start_Hour>"
                "<Interval_End_Hour>3</Interval_End_Hour><Max_Days_Per_Week>1</Max_Days_Per_Week>",
            ),
            rule(
                "ConstraintTeacherMinHoursDaily",
                "<Teacher_Name>Bình</Teacher_Name><Minimum_Hours_Daily>2</Minimum_Hours_Daily>"
                "<Allow_Empty_Days>true</Allow_Empty_Days>",
            ),
            rule(
                "ConstraintActivitiesPreferredTimeSlots",
                "<Subject_Name>Toán</Subject_Name><Preferred_Time_Slot><Preferred_Day>T3</Preferred_Day>"
                "<Preferred_Hour>2</Preferred_Hour></Preferred_Time_Slot><Preferred_Time_Slot>"
                "<Preferred_Day>T3</Preferred_Day><Preferred_Hour>3</Preferred_Hour></Preferred_Time_Slot>",
            ),
        )
    )

    assert reading.problem.rules == (
        Apart((0, 1), 1, adjoining=True, weight=95),
        GapsPerWeek(0, 1),
        GapsPerWeek(1, 1),
        DaysPerWeek(0, 1, 0, 2),
        DaysPerWeek(4, 1, 0, 1),
        PeriodsPerDay(1, 2, 3),
        AllowedStarts((0,), frozenset({4})),
    )
    assert reading.unread == ()


def test_times_off_and_breaks_close_a_resource():
    off = "<Not_Available_Time><Day>T3</Day><Hour>1</Hour></Not_Available_Time>"
    pause = "<Break_Time><Day>T2</Day><Hour>2</Hour></Break_Time>"

    reading = fet.read(
        fet_file(
            rule("ConstraintStudentsSetNotAvailableTimes", f"<Students>6A</Students>{off}"),
            rule("ConstraintBreakTimes", pause),
        )
    )

    assert [sorted(resource.closed) for resource in reading.problem.resources] == [[1], [1], [1, 3], [1, 3], [1]]


def test_what_is_not_known_is_listed_and_what_is_switched_off_is_not():
    asleep = "<ConstraintAsleep><Active>false</Active></ConstraintAsleep>"

    reading = fet.read(fet_file(rule("ConstraintOfTomorrow", ""), rule("ConstraintOfTomorrow", ""), asleep))

    assert reading.unread == (fet.Unread("ConstraintOfTomorrow", 2),)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"<fet>",
        b"<timetable/>",
        b"<fet/>",
        b'<!DOCTYPE fet [<!ENTITY a "aaaa">]>' + fet_file().split(b"?>")[1],
        fet_file(activities="<Activity><Duration>0</Duration><Id>1</Id></Activity>"),
        fet_file(activities="<Activity><Duration>4</Duration><Id>1</Id></Activity>"),
        fet_file(activities="<Activity><Duration>1</Duration><Id>7</Id></Activity>"),
        fet_file(activities="<Activity><Duration>1</Duration><Id>99999999999999999999</Id></Activity>"),
        fet_file(activities="<Activity><Teacher>Ma</Teacher><Duration>1</Duration><Id>1</Id></Activity>"),
        fet_file(rule("ConstraintTeachersMaxGapsPerWeek", "<Max_Gaps>-1</Max_Gaps>")),
        fet_file(rule("ConstraintTeachersMaxGapsPerWeek", "<Max_Gaps>1</Max_Gaps>", weight="nan")),
        fet_file(rule("ConstraintTeacherMaxGapsPerWeek", "<Teacher>Ma</Teacher><Max_Gaps>1</Max_Gaps>")),
        fet_file(rule("ConstraintMinDaysBetweenActivities", "<Activity_Id>x</Activity_Id><MinDays>1</MinDays>")),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(data):
    with pytest.raises(fet.UnreadableFet):
        fet.read(data)


def test_a_file_too_large_for_any_school_is_refused_before_it_is_parsed():
    with pytest.raises(fet.UnreadableFet, match="16 MB"):
        fet.read(b"<fet>" + b" " * 16_000_000)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data):
    whole = fet_file(rule("ConstraintTeachersMaxGapsPerWeek", "<Max_Gaps>1</Max_Gaps>"))
    begin = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(begin, min(len(whole), begin + 60)))

    damaged = whole[:begin] + data.draw(st.binary(max_size=12)) + whole[end:]

    with suppress(fet.UnreadableFet):
        assert len(fet.read(damaged).problem.blocks) <= 3


@installed
@pytest.mark.parametrize(
    ("name", "blocks", "rules"),
    [("Khoi-chieu", 288, 383), ("Khoi-sang", 361, 353), ("VietNamHungYen", 230, 269), ("TKB-THCS-DucHop", 206, 187)],
)
def test_the_vietnamese_schools_are_read_whole(name, blocks, rules):
    [path] = VIETNAM.glob(f"*/{name}*.fet")

    reading = fet.read(path.read_bytes())

    assert (len(reading.problem.blocks), len(reading.problem.rules)) == (blocks, rules)
    assert reading.unread == ()
