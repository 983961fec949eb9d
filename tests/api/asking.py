"""The API's document as schemathesis reads it, and the real application behind it, in this process."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from khue.foundation import api
from khue.wsgi import application

T = TypeVar("T")
#: What every answer must be: foreseen, of the type and in the shape that the document says.
FORESEEN = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
REFUSES_WHAT_IS_WRONG = [*FORESEEN, negative_data_rejection]


@cache
def document() -> BaseSchema:
    """The document of this node, loaded once; read as a program reads it."""
    made = schemathesis.openapi.from_dict(dict(api.root().get_openapi_schema()))
    made.app = application
    return made


def operations(under: str) -> list[APIOperation]:
    """What can be asked for at addresses that begin so."""
    found = [result.ok() for result in document().get_all_operations()]
    return [operation for operation in found if operation.path.startswith(under)]


def every(values: SearchStrategy[T], examples: int, check: Callable[[T], None]) -> None:
    """Check so many values, the same ones each time, and none shrunk: what fails stands in the message."""

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(value=values)
    def each(value: T) -> None:
        check(value)

    each()
