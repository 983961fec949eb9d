"""Word papers made in the tests, as a teacher would write them."""

import io

from docx import Document


def plain_paper(*questions: str) -> bytes:
    """A .docx with one paragraph for each line of the given questions. `**` before a line makes it bold."""
    document = Document()
    for text in questions:
        for line in text.strip().splitlines():
            stripped = line.strip()
            run = document.add_paragraph().add_run(stripped.removeprefix("**"))
            run.bold = stripped.startswith("**")
    return saved(document)


def saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
