"""Everything that foundation hooks into, on one page."""

from khue.foundation.ui import wordings

wordings.speak_plainly()
