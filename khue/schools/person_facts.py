"""What a person's page says of a pupil: the class, and the pages about the pupil in it."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from khue.foundation.actor import Actor
from khue.registry.extensions import PersonFact, Whom
from khue.schools import queries
from khue.schools.access import Permission
from khue.schools.extensions import enrolment_pages

CLASS_PAGES = (Permission.CLASSES_READ_ALL, Permission.CLASSES_READ_TAUGHT)


def of_pupil(actor: Actor, whom: Whom) -> Sequence[PersonFact]:
    """The class a pupil is in today, and the pages about it that the actor may open. One query."""
    enrolment = queries.enrolment_today(actor, whom.person_id)
    if enrolment is None:
        return []
    school_class = enrolment.school_class
    teacher = school_class.homeroom_teacher
    in_class = _("Lớp %(name)s") % {"name": school_class.name}
    led = _("Chủ nhiệm: %(name)s") % {"name": teacher.person.full_name} if teacher else _("Chưa có chủ nhiệm")
    opens = any(actor.may(may, school_class) for may in CLASS_PAGES)
    address = reverse("schools:class", args=[school_class.public_id]) if opens else ""
    pages = [each for each in enrolment_pages if actor.may(each.permission, enrolment)]
    return [
        PersonFact(in_class, led, "users", address, 10),
        *(PersonFact(each.label, "", each.icon, reverse(each.url, args=[enrolment.public_id]), 20) for each in pages),
    ]
