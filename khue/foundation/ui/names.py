"""Names that the database has in one language and a page says in another."""

from khue.foundation import extensions


def named(name: object) -> object:
    """A subject by its name in the database, as the reader calls it. {{ lesson.subject_name|subject }}; no query."""
    return extensions.subject_words.filling(name) if type(name) is str else name
