"""The icons of the product: one sprite of the used Lucide drawings, each named once, here."""

from functools import cache

from markupsafe import Markup

from khue.foundation.ui.remembered import file_address

SPRITE = "vendor/icons.svg"

#: Lucide names. To use another, add it here and run `python -m khue.foundation.ui.vendor`.
_USED = """
    archive arrow-down arrow-left arrow-right arrow-up arrow-up-down award badge-check ban banknote bell book
    book-check book-open book-open-check bookmark briefcase building building-2 bus calculator calendar
    calendar-check calendar-clock calendar-days calendar-x chart-column chart-line chart-no-axes-column check
    check-check chevron-down chevron-left chevron-right chevron-up chevrons-up-down circle circle-alert
    circle-check circle-dot circle-help circle-play circle-user circle-x clipboard-check clipboard-list
    clipboard-pen clock cloud-off cloud-upload columns-3 copy download ellipsis external-link eye eye-off file
    file-archive file-audio file-check file-image file-pen file-search file-spreadsheet file-text file-up
    file-video file-x files filter fingerprint-pattern flag flask-conical folder folder-open gauge globe
    graduation-cap grid-3x3 hand hash heart history hourglass house image inbox info key-round keyboard landmark
    languages laptop layers layout-dashboard layout-grid library link list list-checks list-filter list-ordered
    list-todo loader-circle lock lock-open log-in log-out mail map map-pin maximize megaphone menu merge message-circle
    message-square messages-square minus monitor monitor-check monitor-play moon newspaper notebook-pen package
    paperclip pause pen pencil pencil-line percent phone play plus printer puzzle qr-code quote refresh-cw
    rotate-ccw rows-3 save scale school scroll-text search send server settings share-2 shield shield-alert
    shield-check shuffle sigma smartphone sparkles split square-check square-pen star sun table table-2 tag tags target
    timer trash-2 trending-down trending-up triangle-alert trophy undo-2 upload user user-check user-cog user-plus
    user-round user-x users users-round video wallet wifi wifi-off wrench x
"""
NAMES = frozenset(_USED.split())


@cache
def icon(name: str, label: str = "") -> Markup:
    """One drawing of the sprite, as large as the text beside it.

    label  what a screen reader says; empty beside a text that says the same
    """
    if name not in NAMES:
        raise KeyError(f"no icon {name!r}: add its Lucide name to khue/foundation/ui/icons.py")
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(spoken, file_address(SPRITE), name)
