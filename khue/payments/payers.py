"""Whose name stands on a receipt: banks send names without marks, in small letters or in capitals."""

from collections.abc import Collection

from khue.foundation.text import fold


def written_name(sent: str, names: Collection[str]) -> str:
    """The payer's name as it is written.

    sent     as the bank tells it, e.g. "tran thi b"
    names    of those who look after the family's children; who is one of them is written as in their file
    returns  else what the bank sent, each word with a capital where it came all in small letters
    """
    known = {fold(name): name for name in names}
    found = known.get(fold(sent)) if sent.strip() else None
    if found is not None:
        return found
    return " ".join(word[:1].upper() + word[1:] for word in sent.split()) if sent == sent.lower() else sent
