"""Sheets for the wall and for Excel: every lesson once, every name told apart."""

from hypothesis import given
from hypothesis import strategies as st

from khue.foundation.text import name_sort_key
from khue.timetable.planning.differences import Taught
from khue.timetable.planning.sheets import of_class, of_teacher, sheets, short_names
from khue.timetable.planning.tables import tables

lessons = st.lists(
    st.builds(
        Taught,
        weekday=st.integers(1, 6),
        session=st.sampled_from(["am", "pm"]),
        period=st.integers(1, 5),
        class_id=st.integers(1, 20),
        class_name=st.sampled_from(["6A", "6B", "10A1"]),
        subject=st.sampled_from(["Toán", "Văn"]),
        staff_id=st.integers(1, 5),
        teacher=st.sampled_from(["Lê Thị Hoa", "Ngô Văn Đức"]),
    ).map(lambda each: each),
    max_size=40,
)


@given(lessons, st.integers(1, 30))
def test_every_lesson_stands_on_one_sheet_in_its_place(taught, across) -> None:
    for whose in (of_class, of_teacher):
        found = sheets(taught, whose, name_sort_key, across=across)

        shown = [each for sheet in found for cell in sheet.cells.values() for each in cell]
        assert sorted(shown) == sorted(taught)
        for sheet in found:
            assert 0 < len(sheet.whose) <= across
            assert len({len(periods) for _day, periods in sheet.days()}) == 1
            for (key, when), cell in sheet.cells.items():
                assert when in sheet.periods
                assert all((whose(each)[0], each.when, each.session) == (key, when, sheet.session) for each in cell)


@given(st.lists(st.text("aăbcd ", min_size=1, max_size=12)))
def test_two_names_are_never_cut_to_the_same(names) -> None:
    found = short_names(names)

    assert set(found) == set(names)
    assert len(set(found.values())) == len(found)


def test_a_given_name_is_enough_until_somebody_shares_it() -> None:
    assert short_names(["Lê Thị Hoa", "Ngô Văn Đức", "Trần Thanh Hoa"]) == {
        "Lê Thị Hoa": "L.T.Hoa",
        "Ngô Văn Đức": "Đức",
        "Trần Thanh Hoa": "T.T.Hoa",
    }


def test_the_tables_of_a_workbook_hold_the_week() -> None:
    week = [
        Taught(1, "am", 1, 1, "6A", "Toán", 1, "Lê Thị Hoa", "P.1"),
        Taught(1, "am", 2, 2, "6B", "Toán", 1, "Lê Thị Hoa"),
        Taught(1, "pm", 1, 1, "6A", "Văn", 2, "Ngô Văn Đức"),
    ]

    school, teachers, listed = tables(week, lambda when: (f"T{when.weekday + 1}", when.session, when.period), str)

    assert [title for title, _width in school.columns] == ["Thứ", "Buổi", "Tiết", "6A", "6B"]
    assert school.lines == [
        ["T2", "am", 1, "Toán - Hoa", ""],
        ["T2", "am", 2, "", "Toán - Hoa"],
        ["T2", "pm", 1, "Văn - Đức", ""],
    ]
    assert teachers.lines == [["Ngô Văn Đức", 1, "", "", "6A Văn"], ["Lê Thị Hoa", 2, "6A Toán", "6B Toán", ""]]
    assert [line[0] for line in listed.lines] == ["6A", "6A", "6B"]
    assert listed.lines[0][-1] == "P.1"
