"""The tables of the workspace, by their canonical path."""

from khue.workspace.models.documents import Attachment, Document, Register, Step
from khue.workspace.models.duties import Attendance, Decision, Meeting, Task
from khue.workspace.models.folders import Folder, SharedFile, Version
from khue.workspace.models.leave import LeaveAllowance, StaffLeave
from khue.workspace.models.week import Occasion, Venue

__all__ = [
    "Attachment",
    "Attendance",
    "Decision",
    "Document",
    "Folder",
    "LeaveAllowance",
    "Meeting",
    "Occasion",
    "Register",
    "SharedFile",
    "StaffLeave",
    "Step",
    "Task",
    "Venue",
    "Version",
]
