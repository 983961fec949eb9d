"""What rooms above are told of a case."""

from khue.procedures.extensions import CaseFacts
from khue.procedures.models import Case
from khue.procedures.versions import Version


def facts_of(case: Case, kept: Version) -> CaseFacts:
    """The case as ids and values."""
    return CaseFacts(
        case_id=case.id, procedure=kept.key, code=case.code, organisation_id=case.organisation_id,
        partner_id=case.partner_id, subject_id=case.subject_id, subject_name=case.subject_name, born_on=case.born_on,
        filed_at=case.filed_at, is_over=case.finished_on is not None, data=case.data,
    )  # fmt: skip
