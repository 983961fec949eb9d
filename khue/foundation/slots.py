"""Typed holes that a lower room leaves open and a higher room fills in its wiring."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Slot(Generic[T]):
    """Filled exactly once, by one room. A slot with a default may stay empty."""

    def __init__(self, name: str, default: T | None = None) -> None:
        self.name = name
        self._filling: T | None = None
        self._default = default

    def fill(self, filling: T) -> None:
        """Plug in the behaviour. Filling twice is a mistake in the wiring."""
        if self._filling is not None and self._filling != filling:
            raise RuntimeError(f"{self.name} is filled twice")
        self._filling = filling

    @property
    def filling(self) -> T:
        """What was plugged in."""
        filling = self._default if self._filling is None else self._filling
        if filling is None:
            raise RuntimeError(f"{self.name} is empty: the room that fills it is not installed")
        return filling


class Slots(Generic[T]):
    """Filled by any number of rooms, each under its own key; read in the order of filling."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._fillings: dict[str, T] = {}

    def fill(self, key: str, filling: T) -> None:
        """Plug in the behaviour under a key that no other room uses."""
        if key in self._fillings and self._fillings[key] != filling:
            raise RuntimeError(f"{self.name}[{key!r}] is filled twice")
        self._fillings[key] = filling

    def fill_all(self, fillings: Mapping[str, T]) -> None:
        """Plug in several at once."""
        for key, filling in fillings.items():
            self.fill(key, filling)

    def get(self, key: str) -> T | None:
        """What was plugged in under the key, if anything was."""
        return self._fillings.get(key)

    def __getitem__(self, key: str) -> T:
        return self._fillings[key]

    def __contains__(self, key: str) -> bool:
        return key in self._fillings

    def __iter__(self) -> Iterator[T]:
        return iter(self._fillings.values())

    def items(self) -> list[tuple[str, T]]:
        """Keys and fillings, in the order of filling."""
        return list(self._fillings.items())
