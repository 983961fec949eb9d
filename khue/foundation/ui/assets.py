"""Static files under names that carry their content's hash, so that a browser keeps them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed and compressed when collected; plain names while nothing is collected (tests, development)."""

    manifest_strict = False
