"""A learner's whole record: the files that belong to it, our own and what came from other schools."""

from khue.foundation import files
from khue.foundation.models import StoredFile
from khue.records.content import Manifest, read
from khue.records.models import ReceivedPackage, Transcript
from khue.records.queries.sheets import sheets_of_transcript


def documents_of(transcript: Transcript) -> dict[str, bytes]:
    """Every sealed sheet that holds, as XML and PDF, and the sheets of other schools, by their names in a package.

    transcript  from a query that says who may see it
    """
    found = {}
    for sheet in sheets_of_transcript(transcript):
        for file, ending in ((sheet.xml, "xml"), (sheet.pdf, "pdf")):
            assert file is not None  # sealed
            found[f"hoc-ba/{sheet.school_year.code}-lan-{sheet.version}.{ending}"] = _content(file)
    rows = ReceivedPackage.objects.filter(person_id=transcript.person_id).select_related("file")
    for package in rows.order_by("id"):
        found |= _received(package)
    return found


def _received(package: ReceivedPackage) -> dict[str, bytes]:
    from khue.records.signing.packages import is_document, unpacked

    data, ending = _content(package.file), package.file.name.rpartition(".")[2]
    place = f"hoc-ba/nhan-{package.digest[:12]}"
    if ending != "zip":
        return {f"{place}.{ending}": data}
    return {
        f"{place}-{name.removeprefix('hoc-ba/').replace('/', '-')}": content
        for name, content in unpacked(data).items() if is_document(name)
    }  # fmt: skip


def _content(file: StoredFile) -> bytes:
    with files.open_file(file) as stream:
        return stream.read()


def listed_in(sealed: bytes) -> dict[str, str]:
    """What a sealed list names: SHA-256, hexadecimal, by the name of the file. It was made here, so it is only read."""
    from khue.records.signing.xades import parsed

    manifest = read(parsed(sealed)[0], Manifest)
    return {entry.name: entry.digest for entry in manifest.files}
