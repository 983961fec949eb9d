"""What the staff of an office looks at."""

from khue.workspace.queries.documents import StepLine as StepLine
from khue.workspace.queries.documents import document_of as document_of
from khue.workspace.queries.documents import path_of as path_of
from khue.workspace.queries.documents import steps_of as steps_of
from khue.workspace.queries.documents import visible_documents as visible_documents
from khue.workspace.queries.people import colleague as colleague
from khue.workspace.queries.people import offices as offices
from khue.workspace.queries.tasks import task_of as task_of
from khue.workspace.queries.tasks import visible_tasks as visible_tasks
from khue.workspace.queries.week import Day as Day
from khue.workspace.queries.week import occasion_of as occasion_of
from khue.workspace.queries.week import venue_of as venue_of
from khue.workspace.queries.week import venues as venues
from khue.workspace.queries.week import week as week
