"""Whether a school works in the digital workspace (indicator B6)."""

from datetime import datetime

from khue.workspace.models import Document, Task


def schools_at_work(since: datetime) -> set[int]:
    """Schools with a task given, or a document registered, since then. Two queries."""
    tasks = Task.objects.filter(given_at__gte=since).values_list("organisation_id", flat=True).distinct()
    documents = Document.objects.filter(registered_on__gte=since.date()).values_list("organisation_id", flat=True)
    return {*tasks, *documents.distinct()}


def is_at_work(organisation_id: int, since: datetime) -> bool:
    """The same of one school. At most two queries."""
    if Task.objects.filter(organisation_id=organisation_id, given_at__gte=since).exists():
        return True
    return Document.objects.filter(organisation_id=organisation_id, registered_on__gte=since.date()).exists()
