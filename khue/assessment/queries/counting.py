"""How much a school tests online."""

from datetime import datetime

from khue.assessment.models import Assignment


def count_assigned(organisation_id: int, since: datetime) -> int:
    """Tests set to classes of a school since then. One query."""
    return Assignment.objects.filter(organisation_id=organisation_id, assigned_at__gte=since).count()
