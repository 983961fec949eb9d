"""The language of this moment, found at once: pages ask for it hundreds of times. docs/decisions/0096"""

from contextvars import ContextVar
from typing import Any

from django.utils.translation import trans_real


class Spoken:
    """Where Django keeps the translation that is in force, for each thread and each task its own.

    Django's own, asgiref's Local, keeps it in a context variable too, in a dictionary that it copies, behind four
    Python functions: 2 µs each time somebody asks.
    """

    __slots__ = ()

    @property
    def value(self) -> Any:
        """The translation. Raises AttributeError where none was activated, which Django expects."""
        found = _SPOKEN.get()
        if found is None:
            raise AttributeError("value")
        return found

    @value.setter
    def value(self, translation: Any) -> None:
        _SPOKEN.set(translation)

    @value.deleter
    def value(self) -> None:
        _SPOKEN.set(None)


_SPOKEN: ContextVar[Any] = ContextVar("khue.language", default=None)


def find_at_once() -> None:
    """Let Django keep it here from now on. Called when the program is ready."""
    active = trans_real._active  # type: ignore[attr-defined]  # private, and asked for by name so that its end is seen
    if not isinstance(active, Spoken):
        kept = getattr(active, "value", None)
        trans_real._active = spoken = Spoken()  # type: ignore[attr-defined]
        spoken.value = kept
