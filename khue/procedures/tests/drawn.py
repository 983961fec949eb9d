"""Small drawings and sheets to test with."""

from datetime import date
from typing import Any

from khue.foundation.actor import SYSTEM
from khue.procedures import actions
from khue.procedures.models import Definition
from khue.registry.models import Organisation
from tests.world import NOON

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="https://khue.example/bpmn">\n'
)


def drawing(inside: str) -> bytes:
    return f'{HEAD}<process id="p" isExecutable="true">\n{inside}\n</process></definitions>'.encode()


def flow(name: str, source: str, target: str, condition: str = "") -> str:
    inner = f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>' if condition else ""
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


REVIEW = drawing(
    """<startEvent id="start"/>
<userTask id="review" name="Xem xét hồ sơ"/>
<exclusiveGateway id="choice" default="no"/>
<userTask id="sign" name="Kí quyết định"/>
<endEvent id="done"/><endEvent id="turned_down"/>"""
    + flow("a", "start", "review")
    + flow("b", "review", "choice")
    + flow("yes", "choice", "sign", 'decision = "accept"')
    + flow("no", "choice", "turned_down")
    + flow("c", "sign", "done")
)
SHEET: dict[str, Any] = {
    "filing": {
        "properties": {
            "why": {"type": "string", "title": "Lý do", "maxLength": 500},
            "address": {"type": "string", "title": "Địa chỉ", "x-from": "person.address"},
        },
        "required": ["why"],
    },
    "tasks": {
        "review": {
            "role": "clerk",
            "form": {
                "properties": {
                    "decision": {
                        "type": "string", "title": "Kết luận", "enum": ["accept", "refuse"],
                        "x-names": ["Đồng ý", "Từ chối"],
                    },
                    "reason": {"type": "string", "title": "Lý do", "format": "paragraph"},
                },
                "required": ["decision"],
            },
        },
        "sign": {"role": "head"},
    },
    "ends": {"done": "granted", "turned_down": "refused"},
}  # fmt: skip


def published(at: Organisation, bpmn: bytes = REVIEW, sheet: dict[str, Any] = SHEET, days: int = 5) -> Definition:
    """A procedure of that office, published long ago."""
    procedure = actions.draw_procedure(actor=SYSTEM, organisation=at, title="Xin học lại", summary="")
    terms = actions.Terms(days, date(2026, 1, 1), "Quy chế của trường")
    drawn = actions.draw_version(actor=SYSTEM, procedure=procedure, bpmn=bpmn, sheet=sheet, terms=terms, at=NOON)
    return actions.publish_version(actor=SYSTEM, definition=drawn, at=NOON)
