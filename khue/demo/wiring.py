"""Everything that demo hooks into, on one page."""

from khue.demo.deeds import DEEDS
from khue.foundation import extensions

extensions.deeds.fill_all(DEEDS)
