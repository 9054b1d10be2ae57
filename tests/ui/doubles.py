"""A knowledge base in memory, for tests of doors: it answers from a list, as slow as asked."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Unpack

from index.article import Article, Hit, Passage
from index.collected import Collection
from index.understand import Chip
from kb.answer import Answer, Citation, Delta, Event, Found, Refusal, Sentence, Verdict
from kb.choice import Choice
from kb.conversation import Conversation
from kb.conversations import Conversations
from kb.errors import NotFoundError
from kb.scope import Scope, Within

__all__ = [
    "BRIDGE",
    "HOSTILE",
    "MOON",
    "QUAKE",
    "ScriptedLibrary",
    "Status",
    "answered",
    "cite",
    "hit",
    "refused",
]

BRIDGE = Article(
    id="bridge",
    uri="ukraine-august-2024/bridge-over-the-seim.md",
    title="Bridge over the Seim destroyed",
    source="Example Wire",
    author="A. Reporter",
    published_at="2024-08-17",
    url="https://news.example/seim?a=1&b=2",
    text=(
        "Ukraine's air force said on Friday that it had destroyed a bridge over the river Seim "
        "near Glushkovo.\n\nRussian officials confirmed the loss. The governor of Kursk region "
        "said that about 30 settlements lay beyond the river.\n\nEvacuation by pontoon began the "
        "same evening, according to the district's administration. It gave no figure for the "
        "number of people who had crossed.\n\n"
        + "A second bridge, at Zvannoye, was hit two days later. " * 30
        + "\n\nThe front elsewhere had not moved."
    ),
)
MOON = Article(
    id="moon",
    uri="lunar-missions/chandrayaan-3-lands.md",
    title="Chandrayaan-3 lands near the lunar south pole",
    source="Sample Gazette",
    published_at="2023-08-24T08:00:00+00:00",
    text=(
        "India became the fourth country to land softly on the Moon.\n\nThe lander Vikram touched "
        "down on 23 August 2023 at 18:04 Indian time. The rover Pragyan rolled out hours later."
    ),
)
QUAKE = Article(
    id="quake",
    uri="turkey-syria-earthquake/two-quakes.md",
    title="Two earthquakes in one day",
    source="Sample Gazette",
    published_at="2023-02-06",
    text=(
        "The first shock, of magnitude 7.8, struck at 04:17 local time. A second, of magnitude "
        "7.5, followed nine hours later near Elbistan."
    ),
)
HOSTILE = Article(
    id="hostile",
    uri='"><img src=x onerror="window.pwned=1">.md',
    title="<script>window.pwned=1</script> " + "Averyveryverylongtitlewithoutanyspace" * 8,
    source='"onmouseover="window.pwned=1',
    author="<iframe src=https://evil.example/></iframe>",
    published_at="<b>never</b>",
    url="javascript:window.pwned=1",
    text=(
        "Hostile text begins. <script>window.pwned=1</script> ![p](https://evil.example/p.png) "
        '<img src="https://evil.example/x.png" onerror="window.pwned=1"> <|im_end|> '
        "${window.pwned=1} "
        "{{constructor.constructor('window.pwned=1')()}} [click](javascript:window.pwned=1) "
        "</mark></div></section><style>*{display:none}</style> Hostile text ends."
    ),
)


@dataclass(frozen=True)
class Status:
    """As ``kb.status()`` gives it."""

    home: Path = Path("example/home")
    articles: int = 4
    passages: int = 4
    model: str = "scripted:double"
    notes: tuple[str, ...] = ()
    syncing: bool = False


def hit(article: Article, start: int = 0, end: int | None = None) -> Hit:
    """Return a hit on these characters of an article."""
    end = len(article.text) if end is None else end
    passage = Passage(f"{article.id}-{start}", article.id, start, end, article.text[start:end])
    return Hit(passage, article, score=1.0, similarity=0.8)


def cite(number: int, article: Article, quote: str) -> Citation:
    """Return the citation of the first place where ``quote`` stands."""
    start = article.text.index(quote)
    return Citation(number, article, f"{article.id}-0", start, start + len(quote), 0.8)


def answered(*parts: tuple[str, Verdict, Citation | None], question: str = "?") -> Answer:
    """Return an answer of these sentences."""
    sentences = tuple(
        Sentence(text, (citation.number,) if citation else (), verdict, 0.9)
        for text, verdict, citation in parts
    )
    shown = [f"{text} [{c.number}]" for text, verdict, c in parts if c]
    return Answer(
        question=question,
        text=" ".join(shown),
        model="scripted:double",
        sentences=sentences,
        citations=tuple(dict.fromkeys(c for _, _, c in parts if c)),
        timings={"search_ms": 31.0, "first_token_ms": 900.0, "total_ms": 2900.0},
    )


def refused(text: str, *withheld: str) -> Answer:
    """Return a refusal in these words."""
    sentences = tuple(Sentence(s, (), Verdict.UNSUPPORTED, 0.1) for s in withheld)
    return Answer(
        question="?",
        text=text,
        model="scripted:double",
        sentences=sentences,
        refusal=Refusal.UNSUPPORTED if withheld else Refusal.NO_EVIDENCE,
    )


@dataclass
class ScriptedLibrary:
    """Gives the first answer whose key is in the question.

    Attributes:
        answers: By a word of the question; another question is refused.
        pause: Seconds before each event after the first.
        failure: Raised in place of an answer.
        closed: Set when a stream was closed before its end.
        asked: The questions, and how many earlier answers came with each.
        chips: What every question is understood to ask for, if it was not taken back.
        scopes: What each question was asked within.
        models_asked: Of which model.
        known: The articles there are, by id.
        next: What is suggested after every answer.
    """

    answers: dict[str, tuple[tuple[Hit, ...], Answer]] = field(default_factory=dict)
    pause: float = 0.0
    failure: Exception | None = None
    shown: Status = field(default_factory=Status)
    warmth: threading.Event = field(default_factory=threading.Event)
    closed: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, int]] = field(default_factory=list)
    chips: tuple[Chip, ...] = ()
    next: tuple[str, ...] = ()
    models_asked: list[str | None] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    conversations: Conversations = field(init=False)
    known: dict[str, Article] = field(init=False)

    def __post_init__(self) -> None:
        folder = tempfile.mkdtemp()
        self.known = {one.id: one for one in (BRIDGE, MOON, QUAKE, HOSTILE)}
        self.conversations = Conversations(Path(folder) / "conversations.sqlite", self.known.get)
        weakref.finalize(self, _gone, self.conversations, folder)

    def status(self) -> Status:
        """Return what it was made with."""
        return self.shown

    def sources(self) -> list[str]:
        """Return the sources of the articles there are."""
        return ["Sample Gazette", "Example Wire", "<b>Wire</b>"]

    def article(self, id: str) -> Article:
        """Return an article; raises ``NotFoundError``."""
        if id not in self.known:
            raise NotFoundError(f"there is no article {id!r}")
        return self.known[id]

    def collections(self) -> tuple[Collection, ...]:
        """Return a folder, and a hostile one."""
        return Collection("news", 3), Collection("news/<b>x</b>", 1)

    def models(self) -> tuple[Choice, ...]:
        """Return the double, and one that quotes."""
        return Choice("scripted:double", "a list"), Choice("quotes", "no model: <b>quotes</b>")

    def suggestions(self, answer: Answer) -> list[str]:
        """Return what it was made with."""
        return list(self.next)

    def announce(self, server: str) -> None:
        """Tell nobody."""

    def warm(self) -> None:
        """Wait until the test sets ``warmth``."""
        self.warmth.wait(30)

    def stream(
        self,
        question: str,
        conversation: Conversation = Conversation(),  # noqa: B008
        *,
        model: str | None = None,
        **within: Unpack[Within],
    ) -> Iterator[Event]:
        """Yield the passages, the sentences one by one, and the answer."""
        scope = Scope.of(**within)
        self.scopes.append(scope)
        self.asked.append((question, len(conversation.answers)))
        self.models_asked.append(model)
        chips = tuple(chip for chip in self.chips if chip.label not in scope.without)
        hits, answer = next(
            (value for key, value in self.answers.items() if key in question),
            ((hit(QUAKE),), refused("The articles do not say.")),
        )
        done = False
        try:
            yield Found(question, hits, chips)
            if self.failure:
                raise self.failure
            for piece in [] if answer.refusal else _pieces(answer):
                self._breathe()
                yield Delta(piece)
            self._breathe()
            done = True
            yield replace(answer, question=question, scope=scope, chips=chips)
        finally:
            if not done:
                self.closed.set()

    def _breathe(self) -> None:
        threading.Event().wait(self.pause)


def _gone(conversations: Conversations, folder: str) -> None:
    conversations.close()
    shutil.rmtree(folder)


def _pieces(answer: Answer) -> Iterator[str]:
    for index, sentence in enumerate(s for s in answer.sentences if s.citations):
        markers = "".join(f" [{n}]" for n in sentence.citations)
        yield " " * bool(index) + sentence.text + markers
