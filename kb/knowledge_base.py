"""The facade: what doors and programs call."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType

from index.article import Article, Hit
from index.home import Home
from index.protocols import Ranker
from index.sync import Progress, SyncReport, sync
from kb.answer import Answer, Event
from kb.ask import Chain
from kb.conversation import Conversation
from kb.errors import NotFoundError

__all__ = ["KnowledgeBase", "Status"]


@dataclass(frozen=True, slots=True)
class Status:
    """What a knowledge base is at this moment.

    Attributes:
        revision: Grows with every change to what it holds.
        notes: Lines a user should know of.
    """

    home: Path
    articles: int
    passages: int
    revision: int
    embedder: str
    model: str
    notes: tuple[str, ...]


class KnowledgeBase:
    """An open home with everything that answers from it; made by ``open_knowledge_base``.

    Its methods may be called from several threads.
    """

    def __init__(self, home: Home, ranker: Ranker, chain: Chain) -> None:
        self._home = home
        self._ranker = ranker
        self._chain = chain
        self._syncing = Lock()

    def sync(
        self,
        *paths: str | Path,
        dry_run: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> SyncReport:
        """Make the home equal to these folders and files, and return what was done.

        Args:
            dry_run: Only report what would be done.
            progress: Called after every stored batch.

        Raises:
            SourceError: A path is not there; then nothing is changed.
        """
        with self._syncing:
            return sync(self._home, paths, dry_run=dry_run, progress=progress)

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """Return at most ``limit`` passages for a question, best first.

        Raises:
            QuestionError: The question is empty or too long.
        """
        return self._ranker.search(question, limit)

    def stream(
        self, question: str, conversation: Conversation | None = None
    ) -> Generator[Event, None, None]:
        """Yield ``Found``, any number of ``Delta``, and one ``Answer``, the last.

        The deltas together are the answer's text, unless it is a refusal. Closing the iterator
        stops the model.

        Args:
            conversation: What was said before, if the question may lean on it.

        Raises:
            QuestionError: The question is empty or too long.
            ModelError: The model failed.
        """
        return self._chain.stream(question, conversation or Conversation())

    def ask(self, question: str, conversation: Conversation | None = None) -> Answer:
        """Return the answer at the end of ``stream``; raises what it raises."""
        *_, answer = self.stream(question, conversation)
        assert isinstance(answer, Answer)
        return answer

    def articles(self) -> list[Article]:
        """Return all articles, newest first, their texts left empty."""
        return self._home.catalog.articles()

    def article(self, id_or_uri: str) -> Article:
        """Return one article with its text; raises ``NotFoundError`` if there is none."""
        found = self._home.catalog.article(id_or_uri)
        if found is None:
            raise NotFoundError(
                f"there is no one article {id_or_uri!r}", "see the ids with: kb articles list"
            )
        return found

    def status(self) -> Status:
        """Return counts, the names of the models in use, and notes."""
        catalog = self._home.catalog
        return Status(
            home=self._home.folder,
            articles=catalog.count("articles"),
            passages=catalog.count("passages"),
            revision=catalog.revision,
            embedder=self._home.embedder.name,
            model=self._chain.writer.name,
            notes=self._chain.notes,
        )

    def warm(self) -> None:
        """Load the models now, so that the first question does not wait for them."""
        warm = getattr(self._chain.writer, "warm", None)
        with ThreadPoolExecutor(1) as beside:  # the two load side by side
            writer = beside.submit(warm) if warm else None
            self._home.embedder.embed_query("warm")
            if writer:
                writer.result()

    def close(self) -> None:
        """Close the home and free the models; may be called twice."""
        try:
            self._chain.writer.close()
        finally:
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
