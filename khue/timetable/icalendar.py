"""Writing a calendar as programs read it: RFC 5545, in the clock of Vietnam, which knows no summer time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

LONGEST_LINE = 75
ZONE = "Asia/Ho_Chi_Minh"
HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Khuê//Timetable//VI",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
)
ZONE_LINES = (
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    "BEGIN:STANDARD",
    "DTSTART:19750613T000000",
    "TZOFFSETFROM:+0700",
    "TZOFFSETTO:+0700",
    "TZNAME:+07",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing on a day.

    uid    the same for the same thing as long as it is that thing
    hours  from and to on the wall clock; None for something that has a day and no hours
    """

    uid: str
    day: date
    hours: tuple[time, time] | None
    summary: str
    location: str = ""
    description: str = ""


def event_lines(events: Iterable[Event]) -> list[list[str]]:
    """The properties of each event, without the stamp that says when they were last true."""
    return [list(_properties(event)) for event in events]


def written(name: str, events: Iterable[Iterable[str]], *, changed_at: datetime) -> bytes:
    """A whole calendar.

    events      from `event_lines`
    changed_at  when what is in it last changed
    """
    stamp = changed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [*HEAD, f"X-WR-CALNAME:{escaped(name)}", f"X-WR-TIMEZONE:{ZONE}", *REFRESH, *ZONE_LINES]
    for properties in events:
        lines += ["BEGIN:VEVENT", f"DTSTAMP:{stamp}", f"LAST-MODIFIED:{stamp}", *properties, "END:VEVENT"]
    return "".join(f"{folded(line)}\r\n" for line in (*lines, "END:VCALENDAR")).encode()


#: How often a program should look again (RFC 7986, and what older ones read).
REFRESH = ("REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H")


def escaped(text: str) -> str:
    """A text value: RFC 5545, 3.3.11. What is no printable character but a line's end is left out."""
    kept = "".join(
        each for each in text.replace("\r\n", "\n").replace("\r", "\n") if each == "\n" or each.isprintable()
    )
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """At most 75 octets a line, never in the midst of a letter: RFC 5545, 3.1."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])


def _properties(event: Event) -> Iterator[str]:
    yield f"UID:{event.uid}"
    if event.hours is None:
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    else:
        for name, hour in zip(("DTSTART", "DTEND"), event.hours, strict=True):
            yield f"{name};TZID={ZONE}:{event.day:%Y%m%d}T{hour:%H%M%S}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.location:
        yield f"LOCATION:{escaped(event.location)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
