"""Which articles are meant: the options of all commands that take some of them, said once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kb import Filter
    from kb.scope import Within

__all__ = [
    "AsOf",
    "Collections",
    "Now",
    "Since",
    "Sources",
    "Under",
    "Until",
    "Without",
    "Words",
    "asked_for",
    "filter_of",
]

_ADDRESS = re.compile("https?://", re.IGNORECASE)


def _something(value: str | list[str] | None) -> str | list[str] | None:
    """Refuse an empty value: a variable that is not set must not let every article through."""
    if value == "" or (isinstance(value, list) and "" in value):
        raise typer.BadParameter("it is empty")
    return value


Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="NAME",
        help="Only from this source; may be given again.",
        callback=_something,
        show_default=False,
    ),
]
Collections = Annotated[
    list[str] | None,
    typer.Option(
        "--collection",
        metavar="NAME",
        help="Only from this folder, feed or site, as FOLDER or FOLDER/INNER; may be given again.",
        callback=_something,
        show_default=False,
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        metavar="DAY", help="Only published on this day or later: 2024-08-19.", callback=_something
    ),
]
Until = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="Only published on this day or before.", callback=_something),
]
Now = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="DAY",
        help="The day that “yesterday” in the question is before; else today.",
        callback=_something,
        show_default=False,
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help="What was known on this day: nothing later is used, and it is today.",
        callback=_something,
        show_default=False,
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="LABEL",
        help="Take back what the question was understood to ask for, as it is shown "
        "(“from: Reuters”); may be given again.",
        callback=_something,
        show_default=False,
    ),
]
Words = Annotated[
    str | None,
    typer.Option(
        metavar="WORDS",
        help="Only with these words in title, uri, source, author or text.",
        callback=_something,
    ),
]
Under = Annotated[
    str | None,
    typer.Option(
        metavar="PATH_OR_ADDRESS",
        help="Only from this file or page, or what lies under this folder or address.",
        callback=_something,
    ),
]


def asked_for(
    sources: list[str] | None,
    since: str | None,
    until: str | None,
    now: str | None,
    as_of: str | None,
    without: list[str] | None,
    collections: list[str] | None,
) -> Within:
    """Return these options as ``search``, ``ask`` and ``stream`` of a knowledge base take them."""
    return {
        "sources": sources,
        "collections": collections,
        "since": since,
        "until": until,
        "now": now,
        "as_of": as_of,
        "without": tuple(without or ()),
    }


def filter_of(
    sources: list[str] | None,
    since: str | None,
    until: str | None,
    text: str | None,
    under: str | None,
    collections: list[str] | None = None,
) -> Filter:
    """Return the filter of these options; paths count from where the command was given.

    Raises:
        KBError: A day is not one, or there is no such user's folder.
    """
    from kb import Filter

    return Filter.of(
        sources=sources,
        since=since,
        until=until,
        text=text,
        under=under and _location(under),
        collections=collections,
    )


def _location(place: str) -> str:
    """Return a path as the sync has it: absolute, links followed; an address as it is."""
    from kb.errors import SourceError

    if _ADDRESS.match(place):
        return place
    try:
        return str(Path(place).expanduser().resolve())
    except (OSError, RuntimeError, ValueError) as error:
        raise SourceError(f"cannot find {place!r}", "check the path") from error
