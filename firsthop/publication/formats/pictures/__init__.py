"""The pictures of a publication as SVG: one function for all of them."""

from __future__ import annotations

from firsthop.publication.bulletin.document import Ladder, Picture, Relations
from firsthop.publication.formats.pictures.ladder import ladder
from firsthop.publication.formats.pictures.relations import relations
from firsthop.publication.formats.pictures.timeline import timeline


def svg(picture: Picture, language: str, ink: str = "currentColor") -> str:
    """A picture in one language. `ink` is the colour of all that is drawn: that of the
    page around it, or a colour where there is no page."""
    if isinstance(picture, Ladder):
        return ladder(picture, language, ink)
    if isinstance(picture, Relations):
        return relations(picture, language, ink)
    return timeline(picture, language, ink)
