"""Which fields of a school the school itself says, because no other row of the node knows them."""

from khue.exchange.catalogue import Field, Kind, fields_of

#: What other rows of the node say: asked for there, not here.
ELSEWHERE = frozenset(
    {
        "maddtc", "matruong", "tentruong", "manhomcaphoc", "maloaihinhtruong", "address", "sodienthoai", "email",
        "hieutruong",
    }
)  # fmt: skip


def declarable() -> list[Field]:
    """The fields that a school fills in itself."""
    return [
        field
        for field in fields_of(Kind.SCHOOL)
        if field.name not in ELSEWHERE and field.type in ("bool", "text", "code", "int", "number")
    ]
