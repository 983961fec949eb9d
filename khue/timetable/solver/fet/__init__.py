"""Reading `.fet` files, the XML format of the free timetabling program FET, into a problem."""

from khue.timetable.solver.fet.reader import Reading, Unread, UnreadableFet, read

__all__ = ["Reading", "Unread", "UnreadableFet", "read"]
