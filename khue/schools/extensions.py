"""What higher rooms plug into a school's year."""

from dataclasses import dataclass

from django.utils.functional import Promise

from khue.foundation.slots import Slots


@dataclass(frozen=True)
class EnrolmentPage:
    """A page of a higher room about one pupil in one class, offered where the pupil is: "Chuyên cần".

    label       lazy translation
    icon        name of a Lucide icon
    url         name of an address that takes the enrolment's public id
    permission  what the reader needs in the pupil's school
    """

    label: str | Promise
    icon: str
    url: str
    permission: str


enrolment_pages: Slots[EnrolmentPage] = Slots("enrolment_pages")
