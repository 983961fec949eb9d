"""What a calendar says is what was meant, whatever letters are in it, read back by another's rules."""

from datetime import UTC, date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from khue.timetable.icalendar import Event, event_lines, folded, written

AT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
EVENT = Event("a@khue", date(2026, 11, 24), (time(7), time(7, 45)), "Toán 6A", "P.101", "Sáng tiết 1\nGiáo viên: Hoa")


def properties(body: bytes) -> list[tuple[str, str]]:
    """The lines of a calendar unfolded, as name and value."""
    text = body.decode().replace("\r\n ", "")
    return [(line.partition(":")[0], line.partition(":")[2]) for line in text.split("\r\n") if line]


def read(text: str) -> str:
    """A text value as a program reads it."""
    found, letters = "", iter(text)
    for letter in letters:
        found += {"n": "\n", "N": "\n"}.get(follows := next(letters), follows) if letter == "\\" else letter
    return found


def test_a_lesson_has_its_hours_in_the_clock_of_vietnam() -> None:
    found = properties(written("Thời khoá biểu", event_lines([EVENT]), changed_at=AT))

    assert found[0] == ("BEGIN", "VCALENDAR")
    assert ("VERSION", "2.0") in found
    assert found[found.index(("BEGIN", "VTIMEZONE")) + 1] == ("TZID", "Asia/Ho_Chi_Minh")
    assert ("TZOFFSETTO", "+0700") in found
    begin = found.index(("BEGIN", "VEVENT"))
    assert found[begin:] == [
        ("BEGIN", "VEVENT"),
        ("DTSTAMP", "20261123T050000Z"),
        ("LAST-MODIFIED", "20261123T050000Z"),
        ("UID", "a@khue"),
        ("DTSTART;TZID=Asia/Ho_Chi_Minh", "20261124T070000"),
        ("DTEND;TZID=Asia/Ho_Chi_Minh", "20261124T074500"),
        ("SUMMARY", "Toán 6A"),
        ("LOCATION", "P.101"),
        ("DESCRIPTION", "Sáng tiết 1\\nGiáo viên: Hoa"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]


def test_without_hours_it_is_a_thing_of_the_day() -> None:
    found = properties(written("x", event_lines([Event("b@khue", date(2026, 12, 31), None, "Nghỉ")]), changed_at=AT))

    assert ("DTSTART;VALUE=DATE", "20261231") in found
    assert ("DTEND;VALUE=DATE", "20270101") in found


@given(st.text(), st.text(max_size=300))
def test_no_text_breaks_out_of_its_line(summary: str, where: str) -> None:
    body = written("x", event_lines([Event("c@khue", date(2026, 11, 24), None, summary, where)]), changed_at=AT)

    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    names = [name for name, _value in properties(body)]
    assert names.count("BEGIN") == names.count("END") == 4
    told = read(next(value for name, value in properties(body) if name == "SUMMARY"))
    meant = summary.replace("\r\n", "\n").replace("\r", "\n")
    assert told == "".join(each for each in meant if each == "\n" or each.isprintable())


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=400))
def test_folding_loses_no_letter(line: str) -> None:
    assert folded(line).replace("\r\n ", "") == line
