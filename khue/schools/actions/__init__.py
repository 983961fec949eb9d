"""Public writes of the schools room: rosters in and out."""

from khue.schools.actions.roster_export import export_oneroster, export_roster
from khue.schools.actions.roster_import import (
    AppliedRoster,
    ImportIsOver,
    NothingToImport,
    apply_roster,
    begin_roster_import,
    cancel_roster_import,
    choose_columns,
    confirm_roster_import,
)
from khue.schools.roster.refusals import FileMissing

__all__ = [
    "AppliedRoster",
    "FileMissing",
    "ImportIsOver",
    "NothingToImport",
    "apply_roster",
    "begin_roster_import",
    "cancel_roster_import",
    "choose_columns",
    "confirm_roster_import",
    "export_oneroster",
    "export_roster",
]
