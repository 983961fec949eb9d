"""A school's year: terms and days, classes and who is in them, staff and what they teach, rooms and things."""

from khue.schools.models.admission import AdmissionPlace, AdmissionPlan
from khue.schools.models.classes import Enrolment, HomeroomAppointment, SchoolClass
from khue.schools.models.means import Connection, Device, LearnerMeans, Room
from khue.schools.models.rosters import ColumnChoice, RosterImport
from khue.schools.models.staff import StaffMember, SubjectGroup
from khue.schools.models.teaching import ClassSubject, ElectiveChoice, TeachingAssignment
from khue.schools.models.years import SchoolYear, SpecialDay, Term

__all__ = [
    "AdmissionPlace",
    "AdmissionPlan",
    "ClassSubject",
    "ColumnChoice",
    "Connection",
    "Device",
    "ElectiveChoice",
    "Enrolment",
    "HomeroomAppointment",
    "LearnerMeans",
    "Room",
    "RosterImport",
    "SchoolClass",
    "SchoolYear",
    "SpecialDay",
    "StaffMember",
    "SubjectGroup",
    "TeachingAssignment",
    "Term",
]
