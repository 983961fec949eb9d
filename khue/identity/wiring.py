"""Everything that identity hooks into, on one page."""

from khue.foundation import extensions
from khue.identity import sessions

extensions.actor_of_request.fill(sessions.actor_of_request)
