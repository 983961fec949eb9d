"""Everything that schools hooks into, on one page."""

from khue.foundation.permissions import grant
from khue.schools.access import Permission

for role in ("head", "clerk"):
    grant(role, [Permission.CLASSES_READ_ALL, Permission.ROSTER_IMPORT, Permission.ROSTER_EXPORT])
for role in ("department_officer", "ministry_officer"):
    grant(role, [Permission.CLASSES_READ_ALL])
for role in ("subject_teacher", "homeroom_teacher"):
    grant(role, [Permission.CLASSES_READ_TAUGHT])
for role in ("pupil", "guardian"):
    grant(role, [Permission.CLASSES_READ_ATTENDED])
