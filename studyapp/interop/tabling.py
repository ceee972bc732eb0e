"""The way of a table from a file's bytes to a preview of the import."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from studyapp.interop import tables
from studyapp.interop.html import Lost
from studyapp.interop.planning import Preview, preview
from studyapp.interop.rows import said
from studyapp.storage.bulk import many

if TYPE_CHECKING:
    from studyapp.study.desk import Desk


def look(desk: Desk, data: bytes, *, name: str, deck: str | None = None, separator: str | None = None) -> Preview:
    """What an import of a file would do.

    Args: `data`: the file's bytes; `name`: what its deck is called where the file does not say; `deck`: the id of the
    deck that takes all; `separator`: between columns, by default what the file says or looks like.
    Raises: ImportRefusedError when the file cannot be taken in at all.
    """
    desk.refresh()
    lost = Lost()
    with many():
        table = tables.read(data, separator=separator)
        plan = preview(desk, said(table, lost), name=name, deck=deck)
    told = tuple(f"{what}: {count}" for what, count in sorted(lost.counts.items()))
    return replace(plan, notices=(*table.notices, *told, *plan.notices))
