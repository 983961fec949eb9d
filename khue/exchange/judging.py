"""What is wrong with the records of a batch: pure, thousands at once, rule by rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_noop as _

from khue.exchange import checks, shapes
from khue.exchange.catalogue import Kind
from khue.exchange.checks import Rule
from khue.exchange.envelope import CANCEL, EVENTS, Envelope

#: Complaints that need no row of ValidationRule: about the envelope, the form of fields, and who may send what.
MESSAGES = {
    "unknown_kind": _("Loại bản ghi này không có trong chuẩn dữ liệu."),
    "unknown_event": _("Sự kiện phải là NEW, UPdate hoặc CANCEL."),
    "field_not_allowed": _("Cấp này không được xem trường dữ liệu này, hoặc chuẩn không có trường này."),
    "wrong_form": _("Giá trị không đúng kiểu hoặc dài quá quy định."),
    "school_not_yours": _("Trường này không thuộc đơn vị gửi dữ liệu."),
    "kept_by_another": _("Bản ghi này do một hệ thống khác giữ."),
    "version_conflict": _("Hai nội dung khác nhau có cùng phiên bản."),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One reason to hold a record back."""

    rule: str
    field: str
    message: str
    duty: str


@dataclass
class Judgement:
    """errors by the record's place in the batch; how many warnings each has."""

    errors: dict[int, list[Wrong]] = field(default_factory=dict)
    warnings: dict[int, int] = field(default_factory=dict)

    def refuse(self, place: int, rule: str, name: str = "", duty: str = "operator") -> None:
        """Hold a record back for a reason of MESSAGES."""
        self.errors.setdefault(place, []).append(Wrong(rule, name, MESSAGES[rule], duty))


def judge(
    records: Sequence[Envelope], rules: Sequence[Rule], allowed: Mapping[str, frozenset[str]], day: date
) -> Judgement:
    """Everything that is wrong with each record by itself. A cancelled record has no fields to complain about.

    cost  one pass over the records for each field and rule of their kind
    """
    judged = Judgement()
    by_kind: dict[str, list[int]] = {}
    for place, record in enumerate(records):
        by_kind.setdefault(record.Loai, []).append(place)
        if record.SuKien not in EVENTS:
            judged.refuse(place, "unknown_event")
    for name, places in by_kind.items():
        if name not in Kind._value2member_map_ or name not in allowed:
            for place in places:
                judged.refuse(place, "unknown_kind")
            continue
        _judge_kind(judged, records, places, Kind(name), rules, allowed[name], day)
    return judged


def _judge_kind(
    judged: Judgement,
    records: Sequence[Envelope],
    places: Sequence[int],
    kind: Kind,
    rules: Sequence[Rule],
    allowed: frozenset[str],
    day: date,
) -> None:
    payloads = [records[place].DuLieu for place in places]
    for at, name in shapes.strangers(payloads, allowed):
        judged.refuse(places[at], "field_not_allowed", name)
    for at, name in shapes.misshapen(kind, payloads):
        judged.refuse(places[at], "wrong_form", name, duty="clerk")
    live = [place for place in places if records[place].SuKien != CANCEL]
    # A field that this level may not see is not missed.
    seen = [rule for rule in rules if rule.field in allowed]
    for complaint in checks.complaints(kind, [records[place].DuLieu for place in live], seen, day):
        place, rule = live[complaint.position], complaint.rule
        if rule.is_error:
            wrong = Wrong(rule.code, rule.field, rule.message, rule.duty)
            judged.errors.setdefault(place, []).append(wrong)
        else:
            judged.warnings[place] = judged.warnings.get(place, 0) + 1
