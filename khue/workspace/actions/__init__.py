"""What the staff of an office does with documents, tasks and the week."""

from khue.workspace.actions.duties import finish_task as finish_task
from khue.workspace.actions.duties import give_task as give_task
from khue.workspace.actions.duties import withdraw_task as withdraw_task
from khue.workspace.actions.incoming import Arrival as Arrival
from khue.workspace.actions.incoming import assign as assign
from khue.workspace.actions.incoming import finish as finish
from khue.workspace.actions.incoming import register as register
from khue.workspace.actions.outgoing import Draft as Draft
from khue.workspace.actions.outgoing import approve as approve
from khue.workspace.actions.outgoing import draft as draft
from khue.workspace.actions.outgoing import redraft as redraft
from khue.workspace.actions.outgoing import release as release
from khue.workspace.actions.outgoing import send_back as send_back
from khue.workspace.actions.outgoing import submit as submit
from khue.workspace.actions.week import add_venue as add_venue
from khue.workspace.actions.week import cancel_occasion as cancel_occasion
from khue.workspace.actions.week import plan_occasion as plan_occasion
