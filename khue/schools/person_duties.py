"""What lists of people say beside a name: "Lớp 6A", "Giáo viên, chủ nhiệm 6A"."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.schools import labels, queries


def of_people(actor: Actor, person_ids: Sequence[int]) -> Mapping[int, str]:
    """The class of each pupil and the work of each member of staff that the actor may see. One query."""
    told: dict[int, dict[str, str]] = defaultdict(dict)
    for person, kind, what in queries.duties_of(actor, person_ids, clock.today()):
        if kind == "staff":
            told[person][str(labels.POSITIONS[what])] = ""
        elif kind == "pupil":
            told[person][_("Lớp %(name)s") % {"name": what}] = ""
        else:
            told[person][_("chủ nhiệm %(name)s") % {"name": what}] = ""
    return {person: ", ".join(said) for person, said in told.items()}
