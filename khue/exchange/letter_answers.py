"""What nodes say to each other about letters: the bodies of answers."""

import msgspec


class Sealed(msgspec.Struct, frozen=True):
    """A letter kept for whoever asks. writer: the node that signed it."""

    id: int
    writer: str
    content: bytes


class Passed(msgspec.Struct, frozen=True):
    """How many letters are forgotten, or taken."""

    count: int


class Known(msgspec.Struct, frozen=True):
    """A node one may write to, with its public keys."""

    node: str
    name: str
    keys: list[dict[str, str]]


class Behind(msgspec.Struct, frozen=True):
    """A node below the one that tells of it, with the codes of the schools whose rows it keeps."""

    node: str
    name: str
    keys: list[dict[str, str]]
    schools: list[str]


class School(msgspec.Struct, frozen=True):
    """A school and the node that keeps its rows."""

    code: str
    name: str
    node: str


class Listing(msgspec.Struct, frozen=True):
    """Schools in the order of their codes, and all nodes.

    more      there are further ones behind the last
    position  up to which change the list is true; 0 from a node that does not count changes
    """

    nodes: list[Known]
    schools: list[School]
    more: bool
    position: int = 0


class Changes(msgspec.Struct, frozen=True):
    """What changed in the list of schools behind a position, in order.

    nodes     those that keep the rows of these schools
    gone      codes of schools that are not to be had by way of the answering node any more
    position  of the last change told; more: there are further ones
    """

    nodes: list[Known]
    schools: list[School]
    gone: list[str]
    position: int
    more: bool
