"""The facade: what doors and programs call."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Unpack

from index.article import Hit
from index.filter import Filter, day
from index.home import Home
from index.kept import CONVERSATIONS
from index.protocols import Ranker
from index.reindex import ReindexProgress, ReindexReport
from index.understand import Chip
from kb.answer import Answer, Event
from kb.choice import Choice, Choices
from kb.cited import Cited
from kb.conversation import Conversation
from kb.conversations import Conversations
from kb.errors import QuestionError
from kb.footnote import Footnoter
from kb.library import Library
from kb.nothing import why_nothing
from kb.recall import answer_of
from kb.scope import Scope, Within
from kb.suggest import Suggester
from kb.tracing import traced

__all__ = ["KnowledgeBase", "ReindexProgress", "ReindexReport", "Status"]


@dataclass(frozen=True, slots=True)
class Status:
    """What a knowledge base is at this moment.

    Attributes:
        revision: Grows with every change to what it holds.
        index: How the vector index is: whole, changing, healing or missing (``VectorIndex.state``).
        syncing: Whether articles are being read, or removed.
        notes: Lines a user should know of.
    """

    home: Path
    articles: int
    passages: int
    revision: int
    index: str
    embedder: str
    model: str
    notes: tuple[str, ...]
    syncing: bool = False


_SYNCING = "Articles are still being read; ask again once they are."


class KnowledgeBase(Library):
    """An open home with everything that answers from it; made by ``open_knowledge_base``.

    Its methods may be called from several threads.

    Attributes:
        conversations: What was asked and answered, as far as somebody stores it here.
    """

    def __init__(
        self,
        home: Home,
        ranker: Ranker,
        choices: Choices,
        footnoter: Footnoter,
        suggester: Suggester,
    ) -> None:
        super().__init__(home)
        self._ranker = ranker
        self._choices = choices
        self._chain = choices.default
        self._footnoter = footnoter
        self._suggester = suggester
        self.conversations = Conversations(home.folder / CONVERSATIONS, home.catalog.article)

    def search(
        self,
        question: str,
        limit: int = 10,
        *,
        explain: bool = False,
        **within: Unpack[Within],
    ) -> list[Hit]:
        """Return at most ``limit`` passages for a question, best first, copies of one folded.

        Args:
            explain: Whether each hit's ``signals`` say what speaks for it.
            within: ``sources``, ``collections``, ``since``, ``until``, ``now``, ``as_of`` and
                ``without``, each as ``Within`` has it.

        Raises:
            QuestionError: The question is empty or too long, or a day is not one.
        """
        scope = Scope.of(**within)
        now, without = scope.today, scope.without
        return self._ranker.search(
            question, limit, scope.filter, now=now, without=without, explain=explain
        )

    def chips(
        self, question: str, *, now: str | date | None = None, without: Iterable[str] = ()
    ) -> tuple[Chip, ...]:
        """Return what a question was understood to ask for: sources, days, titles of articles.

        Passages that fit go before others. A chip's label, given as ``without``, takes it back.

        Raises:
            QuestionError: The question is empty or too long, or a day is not one.
        """
        return self._ranker.understand(question, day(now), without).chips

    def why_nothing(self, wanted: Filter) -> str | None:
        """Return why a filter lets no article through, and what would be; None if one passes."""
        return why_nothing(self._home.catalog, wanted)

    def stream(
        self,
        question: str,
        conversation: Conversation | None = None,
        *,
        model: str | None = None,
        **within: Unpack[Within],
    ) -> Generator[Event, None, None]:
        """Yield ``Found``, any number of ``Delta``, and one ``Answer``, the last.

        The deltas together are the answer's text, unless it is a refusal. Closing the iterator
        stops the model.

        Args:
            conversation: What was said before, if the question may lean on it.
            model: The name of one of ``models``, which writes the answer; without it the first.
            within: As for ``search``; only articles that it lets through are answered from.

        Raises:
            QuestionError: The question is empty or too long, a day is not one, or the model may not
                be chosen.
            ModelError: The model failed.
        """
        scope = Scope.of(**within)
        chain = self._choices.chain(model)
        events = chain.stream(question, conversation or Conversation(), scope)
        return traced(question, self._noted(events))

    def _noted(self, events: Generator[Event, None, None]) -> Generator[Event, None, None]:
        """Yield events; a refusal says so if articles are still coming in."""
        with closing(events):
            for event in events:
                if isinstance(event, Answer) and event.refusal and self.syncing:
                    event = replace(event, notes=(*event.notes, _SYNCING))
                yield event

    def ask(
        self,
        question: str,
        conversation: Conversation | None = None,
        *,
        model: str | None = None,
        **within: Unpack[Within],
    ) -> Answer:
        """Return the answer at the end of ``stream``; takes and raises what that does."""
        *_, answer = self.stream(question, conversation, model=model, **within)
        assert isinstance(answer, Answer)
        return answer

    def models(self) -> tuple[Choice, ...]:
        """Return the models that a question may be answered by, the one that is set first."""
        return self._choices.known()

    def suggestions(self, answer: Answer, limit: int = 3) -> list[str]:
        """Return at most ``limit`` questions to ask next, each of which was found to be answered.

        They are made of what the articles of the answer's scope say beside it, or near a question
        that was refused; English only. No model is asked.

        Raises:
            QuestionError: The answer's question is empty or too long, or a day is not one.
        """
        return self._suggester.suggest(answer, limit)

    def recall(self, record: Mapping[str, Any]) -> Answer:
        """Return the answer that became this JSON, its quotes held against the articles of now.

        Raises:
            QuestionError: It is no JSON of an answer.
        """
        try:
            return answer_of(dict(record), self._home.catalog.article)
        except ValueError as error:
            raise QuestionError(f"this is no answer: {error}", "give it as ask does") from error

    def cite(
        self,
        text: str,
        *,
        progress: Callable[[int, int], None] | None = None,
        stop: Callable[[], bool] = lambda: False,
        **within: Unpack[Within],
    ) -> Cited:
        """Return any text sentence by sentence, with the citations and verdicts there are for it.

        No model writes: each sentence is searched for and judged by each quote alone. One that the
        articles contradict is unsupported, and ``nearest`` is what they say.

        Args:
            text: An essay, an answer of some model; plain or Markdown, at most a million
                characters. Markers and references that it has are not looked at.
            progress: Called after every sentence: how many are done, of how many.
            stop: Asked before every sentence; once it says so, those done so far are returned.
            within: As for ``search``.

        Raises:
            QuestionError: The text is too long, or a day is not one.
        """
        return self._footnoter.cite(
            text,
            Scope.of(**within),
            progress=progress,
            stop=lambda: stop() or self._closing.is_set(),
        )

    def compact(self) -> tuple[int, int]:
        """Write everything anew without what was removed; return bytes on disk before and after.

        Of articles that were removed by hand, and are not readmitted, nothing is left in the stored
        conversations either; those whose document is gone are still quoted there as they were.
        """
        with self._syncing:
            return self._home.compact(lambda: self.conversations.compact(self.excluded()))

    def status(self) -> Status:
        """Return counts, the names of the models in use, and notes."""
        catalog = self._home.catalog
        return Status(
            home=self._home.folder,
            articles=catalog.count("articles"),
            passages=catalog.count("passages"),
            revision=catalog.revision,
            index=self._home.vectors.state,
            embedder=self._home.embedder.name,
            model=self._chain.writer.name,
            notes=(*self._home.notes, *self._chain.notes),
            syncing=self.syncing,
        )

    def warm(self) -> None:
        """Load the models now, so that the first question does not wait for them."""
        warm = getattr(self._chain.writer, "warm", None)
        with ThreadPoolExecutor(1) as beside:  # the two load side by side
            writer = beside.submit(warm) if warm else None
            self._home.embedder.embed_query("warm")
            self._ranker.search("warm", 1)
            if writer:
                writer.result()

    def close(self) -> None:
        """Close the home and free the models; what is at work stops first. May be called twice."""
        self._closing.set()
        with self._reindexing, self._syncing:
            try:
                self._choices.close()
            finally:
                self.conversations.close()
                self._home.close()

    def __enter__(self) -> KnowledgeBase:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
