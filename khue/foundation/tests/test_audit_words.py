"""What an inspector reads in the trail: words and days, not numbers of rows."""

from django.utils import translation

from khue.foundation.audit_words import in_words


def test_details_are_said_in_the_readers_language():
    details = {
        "reason": "Cộng sót", "recipients": [1, 2], "due_on": "2026-11-28", "is_barred": True,
        "classes": list("ABCDEFGH"), "after": {"12": "P", "15": "K"}, "note": "",
    }  # fmt: skip

    with translation.override("vi"):
        said = dict(in_words(details))

    assert said == {
        "lí do": "Cộng sót", "hạn": "28/11/2026", "bị cấm theo toà án": "có", "sau": "12: P, 15: K",
        "lớp": "A, B, C, D, E, F, … (8)",
    }  # fmt: skip
    with translation.override("en"):
        assert dict(in_words({"due_on": "2026-11-28T07:05:00+00:00"})) == {"due": "28/11/2026 07:05"}
