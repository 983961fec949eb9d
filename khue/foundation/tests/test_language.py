"""The language in force: of each thread and each task its own, and Django's own rules for the rest."""

import asyncio
from threading import Thread

from django.utils import translation
from django.utils.translation import get_language, gettext, trans_real

from khue.foundation.language import Spoken


def test_django_keeps_the_language_where_we_look_for_it() -> None:
    assert isinstance(trans_real._active, Spoken)  # type: ignore[attr-defined]


def test_a_language_ends_with_its_block_and_leaves_the_one_around() -> None:
    with translation.override("en"):
        with translation.override("vi"):
            assert get_language() == "vi"
        assert (get_language(), gettext("Lưu")) == ("en", "Save")
        with translation.override(None):
            assert get_language() is None
        assert get_language() == "en"
    translation.deactivate()
    assert get_language() == "vi"


def test_a_thread_reads_in_its_own_language() -> None:
    heard: list[str | None] = []

    def read() -> None:
        heard.append(get_language())
        translation.activate("vi")
        heard.append(get_language())

    with translation.override("en"):
        other = Thread(target=read)
        other.start()
        other.join()
        assert get_language() == "en"

    assert heard == ["vi", "vi"]


def test_tasks_of_one_thread_do_not_hear_each_other() -> None:
    async def read(language: str) -> str | None:
        translation.activate(language)
        await asyncio.sleep(0)
        return get_language()

    async def both() -> list[str | None]:
        return list(await asyncio.gather(read("vi"), read("en"), read("vi")))

    assert asyncio.run(both()) == ["vi", "en", "vi"]
