"""Making a timetable: the problem, how to read, solve and verify it. Knows no table, no page and no other room."""
