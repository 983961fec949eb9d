"""What is sealed in a line: the words, and the fact they are about."""

import json
from dataclasses import dataclass

from khue.foundation.text import fold, nfc
from khue.messaging import keys
from khue.messaging.models import DataKey, Line
from khue.messaging.queries.keys import opened


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote.

    fact   "kind|key" of what it is about (extensions.facts), "" for nothing
    """

    text: str
    fact: str = ""

    def hold(self, text: str) -> bool:
        """Whether all words of the search stand in these, with or without diacritics."""
        folded = fold(self.text)
        return all(word in folded for word in fold(nfc(text)).split())


def words_of(line: Line) -> Words | None:
    """The words of a line fetched with its key; None where the office has hidden them. Raises KeyUnreadable."""
    return None if line.hidden_at else sealed_words(line)


def sealed_words(line: Line) -> Words:
    """The words also of a hidden line, for whoever decides on a report."""
    text = keys.unseal(opened(line.data_key), bytes(line.sealed), _place(line))
    return Words(*json.loads(text))


def seal_words(line: Line, words: Words, key: DataKey) -> bytes:
    """What a line keeps of these words under a key of its school. The line has its ids."""
    text = json.dumps([words.text, words.fact], ensure_ascii=False, separators=(",", ":"))
    return keys.seal(opened(key), text, _place(line))


def _place(line: Line) -> bytes:
    return keys.place_of_line(line.organisation_id, line.conversation_id, line.public_id)
