"""A knowledge base of two articles that answers from a script, for the commands' tests."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast

from index.article import Article, Hit, Passage
from index.filter import Filter
from index.sync import Progress, SyncReport
from index.understand import Chip
from kb.answer import Answer, Citation, Delta, Event, Found, Refusal, Sentence, Verdict
from kb.cited import Cited, CitedSentence
from kb.conversation import Conversation
from kb.conversations import Conversations
from kb.errors import NotFoundError
from ui.commands.doors import Doors

CRASH = "Luna-25 crashed into the Moon on 19 August 2023."
TEXT = f"# Luna-25 is lost\n\n{CRASH} Roscosmos lost contact at 14:57.\n"
LUNA = Article(
    id="a1",
    uri="moon/luna-25.md",
    title="Luna-25 is lost",
    text=TEXT,
    source="Footnoted sample",
    published_at="2023-08-21",
    language="en",
    pages=(0, 19),
    origins=(("title", "og:title"), ("published_at", "JSON-LD datePublished")),
)
HOSTILE = Article(
    id="a2",
    uri="evil\x1b[2J.md",
    title="[red]Not red[/red] \x1b]0;owned\x07",
    text="The \x1b[31mcode\x9b was \u202egnorw\u202c [bold]here[/bold].\nNext\rline.",
    source="\x1b[5mblink",
    language="\x1b[2K",
    origins=(("source", "\x1b[7m[bold]og:site_name\u202e"),),
)
CHIP = Chip("date", "2023-08-01/2023-08-31", "Aug 2023", 5, 16)
EVIL_ID = "e\x1b[2J\u202ev"


def cited(article: Article, start: int, end: int, number: int = 1) -> Citation:
    """Return a citation of these characters."""
    return Citation(number, article, f"p{number}", start, end, 0.87)


def answered(question: str, article: Article = LUNA, **changes: Any) -> Answer:
    """Return an answer with three sentences: one carried, one in part, one withheld."""
    start = article.text.find(CRASH) if article is LUNA else 0
    end = start + len(CRASH) if article is LUNA else len(article.text)
    quote = article.text[start:end]
    fields: dict[str, Any] = {
        "question": question,
        "text": f"{quote} [1] It was fast. [1]",
        "model": "scripted",
        "sentences": (
            Sentence(quote, (1,), Verdict.SUPPORTED, 0.91),
            Sentence("It was fast.", (1,), Verdict.PARTIAL, 0.5),
            Sentence("Cheese was found.", (), Verdict.UNSUPPORTED, 0.0),
        ),
        "citations": (cited(article, start, end),),
        "timings": {"search_ms": 31.4, "first_token_ms": 2900.2, "total_ms": 5200.9},
        "notes": ("the local model is not there: answers are quotes",),
    }
    return Answer(**{**fields, **changes})


def refused(question: str) -> Answer:
    """Return a refusal."""
    text = "The articles do not answer this."
    return Answer(question, text, "scripted", refusal=Refusal.NO_EVIDENCE)


@dataclass
class ScriptedKnowledgeBase:
    """Has the methods of ``kb.KnowledgeBase`` and remembers what was asked of it."""

    articles_there: tuple[Article, ...] = (LUNA, HOSTILE)
    answers: Callable[[str], Answer] = answered
    report: Any = None
    fails: BaseException | None = None
    asked: list[tuple[str, Conversation]] = field(default_factory=list)
    opened_with: dict[str, Any] = field(default_factory=dict)
    closed: bool = False
    streams_closed: int = 0
    synced: threading.Event = field(default_factory=threading.Event)
    pace: threading.Event | None = None  # a sync waits for it, half a second at most, at each step
    again: list[dict[str, Any]] = field(default_factory=list)  # reports after the first, of a watch
    stories: list[list[tuple[Article, float]]] = field(default_factory=list)
    excluded_there: dict[str, str] = field(default_factory=dict)
    called_with: dict[str, Any] = field(default_factory=dict)  # of the last call that has options
    stored: Path | None = None  # where conversations are; else in a folder that goes with this
    conversations: Conversations = field(init=False)

    def __post_init__(self) -> None:
        folder = self.stored or Path(tempfile.mkdtemp())
        me = weakref.proxy(self)
        self.conversations = Conversations(
            folder / "conversations.sqlite",
            lambda id: {one.id: one for one in me.articles_there}.get(id),
        )
        if self.stored is None:
            weakref.finalize(self, shutil.rmtree, folder)
        weakref.finalize(self, self.conversations.close)

    def doors(self, **more: Any) -> Doors:
        """Return doors that open on this one."""

        def open_this(home: Path | None = None, **settings: Any) -> Any:
            given = {name: value for name, value in settings.items() if value is not None}
            self.opened_with = {"home": home, **given}
            return self

        def settings(home: Path | None = None, **_: Any) -> Any:
            return SimpleNamespace(home=home or Path(__file__).parent)

        given: dict[str, Any] = {"open": open_this, "settings": settings, **more}
        return Doors(**given)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True

    def _fail(self) -> None:
        if self.fails is not None:
            raise self.fails

    def sync(
        self,
        *places: str,
        dry_run: bool = False,
        progress: Callable[[Progress], None] | None = None,
        stop: Callable[[], bool] = lambda: False,
        **options: bool,
    ) -> SyncReport:
        """Tell of two articles and return the scripted report."""
        self.called_with = {"places": places, **options}
        self._fail()
        for done in (1, 2):
            if self.pace:
                self.pace.wait(0.5)
            if stop():
                return SyncReport(**{**self.report, "stopped": True})
            if progress:
                progress(Progress(done / 2, f"{places[0]}/{done}.md", done, 9 * done, 0.5))
        self.synced.set()
        return SyncReport(**{**self.report, "dry_run": dry_run})

    def watch(
        self,
        *places: str,
        stop: threading.Event,
        sync: Callable[..., SyncReport] | None = None,
        **options: Any,
    ) -> Iterator[SyncReport]:
        """Yield the scripted reports, and stop as if somebody had asked for it."""
        yield (sync or self.sync)(*places, stop=stop.is_set, **options)
        for report in self.again:
            yield SyncReport(**report)

    def search(
        self, question: str, limit: int = 10, *, explain: bool = False, **options: Any
    ) -> list[Hit]:
        """Return the whole of each article, the first with copies in the others."""
        self._fail()
        self.called_with = options
        first, *others = self.articles_there or (None,)
        hits = [
            Hit(
                Passage(f"p{n}", one.id, 0, len(one.text), one.text),
                one,
                1.0 / n,
                0.5,
                tuple(others) if one is first else (),
                (("words", 2.0 / n), ("source", n - 2.0)) if explain else (),
            )
            for n, one in enumerate(self.articles_there, 1)
        ]
        return hits[:limit]

    def chips(self, question: str, *, without: Sequence[str], **_: Any) -> tuple[Chip, ...]:
        """Understand that "August 2023" is asked for, if the question says so."""
        there = "August 2023" in question and CHIP.label not in without
        return (CHIP,) if there else ()

    def why_nothing(self, wanted: Filter) -> str | None:
        """Say why, if a filter is there to be blamed."""
        return f"no article is from {wanted.sources[0]!r}" if wanted.sources else None

    def cite(
        self,
        text: str,
        *,
        progress: Callable[[int, int], None],
        stop: Callable[[], bool],
        **options: Any,
    ) -> Cited:
        """Return the text as one sentence, with a scripted verdict, or stopped before it."""
        self._fail()
        self.called_with = options
        progress(1, 1)
        at = text.find(CRASH)
        if stop() or at < 0:
            return Cited(text, notes=("nothing was found",), stopped=stop())
        end = at + len(CRASH)
        carried = CitedSentence(CRASH, at, end, (1,), Verdict.SUPPORTED, 0.9)
        rest = text[end:].strip()
        start = text.find(rest, end)
        cited_there = cited(LUNA, TEXT.find(CRASH), TEXT.find(CRASH) + len(CRASH))
        other = CitedSentence(rest, start, start + len(rest), (), Verdict.UNSUPPORTED, 0.0)
        wrong = replace(other, nearest=replace(cited_there, number=0))
        part = replace(other, citations=(1,), verdict=Verdict.PARTIAL, score=0.6)
        more = () if not rest else (part,) if "fast" in rest else (wrong,)
        return Cited(text, (carried, *more), (cited_there,), {"total_ms": 1234.5})

    def ask(
        self, question: str, conversation: Conversation | None = None, **options: Any
    ) -> Answer:
        """Return the scripted answer."""
        self._fail()
        self.called_with = options
        self.asked.append((question, conversation or Conversation()))
        return self.answers(question)

    def stream(self, question: str, conversation: Conversation, **options: Any) -> Iterator[Event]:
        """Yield what was found, the shown sentences one by one, and the scripted answer."""
        answer = self.ask(question, conversation, **options)
        try:
            hits = tuple(self.search(question, **options))
            yield Found(question, hits, self.chips(question, without=options["without"]))
            if answer.refusal is None:
                yield Delta(answer.text[:20])
                yield Delta(answer.text[20:])
            yield answer
        finally:
            self.streams_closed += 1

    def articles(self, wanted: Filter | None = None) -> list[Article]:
        """Return the articles, of the sources that are wanted."""
        self.called_with = {"wanted": wanted}
        sources = wanted.sources if wanted else ()
        return [one for one in self.articles_there if not sources or one.source in sources]

    def remove(self, ids: Sequence[str]) -> list[Article]:
        """Remove the articles of these ids."""
        gone = [self.article(id) for id in ids]
        self.articles_there = tuple(one for one in self.articles_there if one not in gone)
        return gone

    def excluded(self) -> dict[str, str]:
        """Return what was removed by hand."""
        return self.excluded_there

    def readmit(self, ids: Sequence[str]) -> None:
        """Remember which."""
        for id in ids:
            if id not in self.excluded_there:
                raise NotFoundError(f"no article {id!r} was removed")
        self.called_with = {"ids": list(ids)}

    def duplicates(self) -> list[list[tuple[Article, float]]]:
        """Return the scripted stories."""
        return self.stories

    def compact(self) -> tuple[int, int]:
        """Return bytes before and after."""
        self._fail()
        return 12_345_678, 2_000_000

    def article(self, id_or_uri: str) -> Article:
        """Return the article of this id or uri."""
        for one in self.articles_there:
            if id_or_uri in (one.id, one.uri):
                return one
        raise NotFoundError(f"there is no article {id_or_uri!r}", "kb articles list shows them")

    def status(self) -> Any:
        """Return the figures."""
        return SimpleNamespace(
            home=Path("home"),
            articles=len(self.articles_there),
            passages=2,
            revision=7,
            index="whole",
            embedder="hashing",
            model="scripted",
            notes=(),
        )


def scripted(**fields: Any) -> tuple[ScriptedKnowledgeBase, Doors]:
    """Return a knowledge base and the doors that open on it."""
    knowledge_base = ScriptedKnowledgeBase(**fields)
    return knowledge_base, knowledge_base.doors()


def reported(**changes: Any) -> dict[str, Any]:
    """Return the fields of a sync report."""
    fields = {
        "added": ("a.md", "b.md"),
        "updated": (),
        "moved": (),
        "removed": ("old.md",),
        "kept": 3,
        "skipped": (),
        "passages": 9,
        "seconds": 1.25,
    }
    return cast("dict[str, Any]", {**fields, **changes})
