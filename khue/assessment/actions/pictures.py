"""Pictures in questions: kept as files, shown as `media:<public id>`."""

import io
from dataclasses import dataclass
from datetime import datetime
from html import escape

from khue.assessment.models import Media, Paper
from khue.foundation import files
from khue.foundation.actor import Actor

PICTURE_PURPOSE = "assessment.picture"


@dataclass(frozen=True)
class Picture:
    """A picture as it comes from a person or a paper.

    name         of the file
    description  for those who cannot see it
    """

    name: str
    data: bytes
    description: str = ""


def store_picture(
    *, actor: Actor, picture: Picture, organisation_id: int, at: datetime, paper: Paper | None = None
) -> Media:
    """Keep a picture of a question. Called by an action that has checked what the actor may do.

    paper    the paper under import that it came with; it goes when the paper is given up
    refuses  what `files.store` refuses: too large, no picture
    """
    file = files.store(
        actor=actor, stream=io.BytesIO(picture.data), name=picture.name, purpose=PICTURE_PURPOSE,
        organisation_id=organisation_id, at=at,
    )  # fmt: skip
    return Media.objects.create(organisation_id=organisation_id, file=file, paper=paper, name=picture.name)


def with_picture(stem: str, media: Media, picture: Picture) -> str:
    """The stem with the picture below it."""
    return f'{stem}<p><img src="media:{media.public_id}" alt="{escape(picture.description)}"></p>'
