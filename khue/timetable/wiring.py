"""Everything that timetable hooks into, on one page."""
