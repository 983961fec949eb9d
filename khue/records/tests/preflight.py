"""An independent judge of the archive's form: Apache PDFBox Preflight, from Debian, which knows PDF/A-1b.

A rendering is PDF/A-3b, which allows more. What Preflight finds is therefore wrong unless ISO 19005-3 lifted that very
rule; those are listed here one by one, and nothing else is let pass.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

JARS = ("preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "commons-io", "javax.activation", "jaxb-api")
PACKAGES = "libpdfbox2-java libactivation-java libjaxb-api-java openjdk-17-jre-headless"
ABSENT = f"no PDFBox Preflight on this machine (Debian: apt install {PACKAGES})"
#: Said of a file -> why PDF/A-3b allows it.
ALLOWED = {
    "1.4 : Trailer Syntax error, /XRef cross reference streams are not allowed": "19005-3 6.1.4: PDF 1.7 has them",
    "1.4.7 : Trailer Syntax error, EmbeddedFile entry is present in the Names dictionary": "19005-3 6.8: files inside",
    "1.2.9 : Body Syntax error, EmbeddedFile entry is present in a FileSpecification dictionary": "19005-3 6.8",
    "1.2.7 : Body Syntax error, Filter specified in metadata dictionary": "19005-1 6.7.2 only: metadata may be packed",
    "The CIDSet entry is missing for the Composite Subset": "19005-3 6.2.11.4.2: a CIDSet may be left out",
    "widget annotation lacks an appearance dictionary": "19005-3 6.3.3: not where the rectangle is empty, see the test",
}


def faults(file: Path) -> list[str]:
    """What is wrong with a file by PDF/A-1b and not allowed by PDF/A-3b; skips, or fails, without the program."""
    folder = Path("/usr/share/java")
    jars = [folder / f"{name}.jar" for name in JARS]
    java = shutil.which("java")
    if java is None or not all(jar.exists() for jar in jars):
        if os.environ.get("KHUE_REQUIRE_BROWSER") == "1":
            pytest.fail(f"KHUE_REQUIRE_BROWSER is set, but there is {ABSENT}")
        pytest.skip(ABSENT)
    said = subprocess.run(
        [java, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", ":".join(map(str, jars)),
         "org.apache.pdfbox.preflight.Validator_A1b", str(file)],
        capture_output=True, text=True,
    ).stdout  # fmt: skip
    first, *found = said.splitlines()
    assert "is a valid PDF/A-1b file" in first or "error(s) :" in first, said
    return [each for each in found if each and not any(allowed in each for allowed in ALLOWED)]
