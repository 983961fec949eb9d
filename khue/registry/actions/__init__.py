"""Public writes of the registry: organisations, people, guardians, reference data."""

from khue.registry.actions.affiliations import EndsBeforeItBegins, affiliate, end_affiliation, end_affiliations
from khue.registry.actions.bulk import (
    Appointment,
    PersonChange,
    RecordedPerson,
    appoint_guardians,
    correct_people,
    record_people,
)
from khue.registry.actions.campuses import change_campus, close_campus, found_campus
from khue.registry.actions.guardians import (
    GuardianBarred,
    GuardianOfSelf,
    appoint_guardian,
    bar_guardian,
    change_guardian_rights,
    end_guardianship,
    lift_bar,
)
from khue.registry.actions.moved_files import move_file
from khue.registry.actions.organisations import (
    CodeTaken,
    HasOpenUnits,
    ManagedAlready,
    MovedAhead,
    MovedIntoItself,
    OrganisationDetails,
    WrongParent,
    close_organisation,
    correct_organisation,
    found_organisation,
    move_organisation,
)
from khue.registry.actions.papers import (
    PaperDetails,
    PaperNumberMissing,
    PaperTwice,
    correct_paper,
    record_paper,
    withdraw_paper,
)
from khue.registry.actions.people import (
    NameMissing,
    NumberTaken,
    NumberTooLong,
    correct_person,
    record_person,
)
from khue.registry.actions.reference import load_reference_data
from khue.registry.person_details import PersonDetails

__all__ = [
    "Appointment",
    "CodeTaken",
    "EndsBeforeItBegins",
    "GuardianBarred",
    "GuardianOfSelf",
    "HasOpenUnits",
    "ManagedAlready",
    "MovedAhead",
    "MovedIntoItself",
    "NameMissing",
    "NumberTaken",
    "NumberTooLong",
    "OrganisationDetails",
    "PaperDetails",
    "PaperNumberMissing",
    "PaperTwice",
    "PersonChange",
    "PersonDetails",
    "RecordedPerson",
    "WrongParent",
    "affiliate",
    "appoint_guardian",
    "appoint_guardians",
    "bar_guardian",
    "change_campus",
    "change_guardian_rights",
    "close_campus",
    "close_organisation",
    "correct_organisation",
    "correct_paper",
    "correct_people",
    "correct_person",
    "end_affiliation",
    "end_affiliations",
    "end_guardianship",
    "found_campus",
    "found_organisation",
    "lift_bar",
    "load_reference_data",
    "move_file",
    "move_organisation",
    "record_paper",
    "record_people",
    "record_person",
    "withdraw_paper",
]
