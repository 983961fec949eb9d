"""The doors of the timetable: weeks, drafts, wishes."""
