"""Questions at the door: their place in the queue, their events, and what is kept of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from kb.answer import Answer, Delta, Found
from kb.conversation import Conversation
from kb.errors import KBError
from ui.api.problems import TooMuch
from ui.desk import Full
from ui.stoppable import BEAT, Problem, closed, one_line
from ui.wire import Json, answer_json, found_json, line

if TYPE_CHECKING:
    from kb.access import Caller
    from ui.api.service import Service

__all__ = ["Asked", "Event", "Queued", "answered", "answering", "event_json", "server_sent"]


@dataclass(frozen=True, slots=True)
class Queued:
    """The place of a question that waits, from 1."""

    place: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with everything that goes with it.

    Attributes:
        options: For ``KnowledgeBase.stream``.
        conversation: The id of the stored one that it goes on with, and that it is added to.
        before: What was said before, where none is stored.
    """

    question: str
    options: dict[str, Any]
    conversation: str | None = None
    before: Conversation = field(default_factory=Conversation)


Event = Queued | Found | Delta | Answer | Problem


async def answering(service: Service, caller: Caller, asked: Asked) -> AsyncGenerator[Event, None]:
    """Yield what comes of a question: its places, what is found, its words, and the answer.

    An answer that goes into a conversation is stored before it is yielded. Closing this gives the
    place free and stops the model.

    Raises:
        TooMuch: The queue is full.
        KBError: The question cannot be asked like this.
    """
    stored = service.conversations(caller)
    before = asked.before
    if asked.conversation:
        kept = await asyncio.to_thread(stored.get, asked.conversation)
        before = kept.conversation
    try:
        ticket = service.desk.enter(caller.place)
    except Full:
        raise TooMuch(503, "As many questions are waiting as may; ask again soon.", 5) from None
    try:
        place = 0
        while not ticket.served:
            if ticket.ahead != place:
                place = ticket.ahead
                yield Queued(place)
            await asyncio.sleep(BEAT)
        begin = partial(service.knowledge_base.stream, asked.question, before, **asked.options)
        async with contextlib.aclosing(_drawn(begin)) as events:
            async for event in events:
                if isinstance(event, Answer):
                    service.metrics.answer(event)
                    if asked.conversation:
                        await asyncio.to_thread(stored.append, asked.conversation, event)
                yield event
    finally:
        ticket.leave()


async def _drawn(
    begin: Callable[[], Iterator[Found | Delta | Answer]],
) -> AsyncGenerator[Found | Delta | Answer | Problem, None]:
    """Yield the events of ``begin()``, or a ``Problem`` where it failed.

    They are drawn in a thread of their own, which closes them too: a generator cannot be closed
    while it runs, and who waits for it may be gone by then.
    """
    worker = ThreadPoolExecutor(1, "answer")
    opened = worker.submit(begin)
    try:
        events = await asyncio.wrap_future(opened)
        while event := await asyncio.wrap_future(worker.submit(next, events, None)):
            yield event
    except Exception as error:  # noqa: BLE001  # a door tells whatever it was
        yield Problem(one_line(error), error)
    finally:
        worker.submit(closed, opened)
        worker.shutdown(wait=False)


def event_json(event: Event) -> tuple[str, Json]:
    """Return the name of an event and what it says."""
    match event:
        case Queued():
            return "queued", {"place": event.place}
        case Found():
            return "found", found_json(event)
        case Delta():
            return "delta", {"text": event.text, "short": event.short or None}
        case Answer():
            return "answer", answer_json(event)
        case Problem():
            return "problem", {"detail": event.line}


async def server_sent(events: AsyncGenerator[Event, None]) -> AsyncIterator[str]:
    """Yield events as Server-Sent Events; a comment while nothing is new."""
    async with contextlib.aclosing(events) as told:
        async for event in told:
            if isinstance(event, Delta) and not event.text:
                yield ": at work\n\n"
                continue
            name, data = event_json(event)
            yield f"event: {name}\ndata: {line(data)}\n\n"


async def answered(service: Service, caller: Caller, asked: Asked) -> Answer:
    """Return the answer to a question, in its turn.

    Raises:
        TooMuch: The queue is full.
        KBError: The question cannot be asked like this, or the model failed.
    """
    async with contextlib.aclosing(answering(service, caller, asked)) as events:
        async for event in events:
            if isinstance(event, Answer):
                return event
            if isinstance(event, Problem):
                raise event.error if isinstance(event.error, KBError) else KBError(event.line)
    raise KBError("the question was not answered")
