"""Public reads of procedures."""

from khue.procedures.queries.attachments import attachment_of, attachments_of
from khue.procedures.queries.calendar import exceptions_from, public_days
from khue.procedures.queries.cases import (
    Asked,
    CaseCard,
    Figures,
    Filled,
    asked_at,
    case_card,
    case_of,
    figures,
    late_cases,
    open_step,
    step_of,
    visible_cases,
    waiting_steps,
)
from khue.procedures.queries.definitions import (
    definition_of,
    drawn_procedure,
    drawn_procedures,
    is_far,
    offers,
    open_definition,
    open_procedures,
    procedure_of,
    shipped_procedures,
    versions_of,
)
from khue.procedures.queries.filing import asked_at_filing, offices, partner_of, partner_wanted, questions_of, tasks_of
from khue.procedures.queries.following import Followed, Seen, case_with, followed, notes_of
from khue.procedures.queries.knowledge import known_of
from khue.procedures.queries.results import Granted, granted

__all__ = [
    "Asked",
    "CaseCard",
    "Figures",
    "Filled",
    "Followed",
    "Granted",
    "Seen",
    "asked_at",
    "asked_at_filing",
    "attachment_of",
    "attachments_of",
    "case_card",
    "case_of",
    "case_with",
    "definition_of",
    "drawn_procedure",
    "drawn_procedures",
    "exceptions_from",
    "figures",
    "followed",
    "granted",
    "is_far",
    "known_of",
    "late_cases",
    "notes_of",
    "offers",
    "offices",
    "open_definition",
    "open_procedures",
    "open_step",
    "partner_of",
    "partner_wanted",
    "procedure_of",
    "public_days",
    "questions_of",
    "shipped_procedures",
    "step_of",
    "tasks_of",
    "versions_of",
    "visible_cases",
    "waiting_steps",
]
