"""A writer writes; where it fails it reads less, is stopped, or the articles speak instead."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial

from kb.answer import Citation
from kb.cite import DraftSentence, draft_sentences
from kb.draft import Draft
from kb.errors import ModelError, PromptTooLong, ReplyCut
from kb.evidence import Evidence
from kb.plain import plain
from kb.prompt import without_markers
from kb.protocols import Piece, Short, Usage, Writer

__all__ = ["drafted", "written"]

_REPEATS = 3  # sentences said again, after which a writer is taken to go round in circles
_DAMAGED = "\N{REPLACEMENT CHARACTER}"


def written(
    writer: Writer,
    question: str,
    draft: Draft,
    instead: Writer | None,
    own: Callable[[], Sequence[Evidence]],
) -> Generator[str, None, None]:
    """Let a writer write, and yield each sentence that its sources carry, with markers.

    After a piece that ends no sentence, yields an empty string, so that it can be stopped. What
    became of a writer that failed is among the draft's notes.

    Args:
        instead: Goes on where the writer fails.
        own: Gives the sentences of articles that it goes on with.

    Raises:
        ModelError: The writer failed, and there is none instead.
    """
    try:
        yield from _shown(writer, question, draft)
    except ModelError as error:
        if isinstance(error, ReplyCut) and (draft.sentences or draft.declined):
            draft.notes.append(
                f"{error} Its sentences until then were checked; more may be missing."
            )
            return
        if instead is None:
            raise
        follow = "After the sentences written until then come the articles' own."
        if not draft.text:
            draft.short, follow = "", "So these are the articles' own sentences."
        draft.notes.append(f"{error} {follow}")
        draft.evidence = _uncited(own(), draft.citations)
        yield from _shown(instead, question, draft)


def _shown(writer: Writer, question: str, draft: Draft) -> Iterator[str]:
    """Yield what is shown of a draft; of a second one, where nothing in the first held."""
    yield from _checked(writer, question, draft)
    if draft.withheld and not draft.declined and hasattr(writer, "rewrite"):
        draft.short, draft.confidence = "", None
        yield from _checked(writer, question, draft)


def _checked(writer: Writer, question: str, draft: Draft) -> Iterator[str]:
    with closing(drafted(writer, question, draft)) as pieces:
        for sentences in pieces:
            shown = "".join([draft.add(sentence) for sentence in sentences])
            if shown and writer.name not in draft.writers:
                draft.writers.append(writer.name)
            yield shown


def drafted(
    writer: Writer, question: str, draft: Draft
) -> Generator[list[DraftSentence], None, None]:
    """Yield, after each piece of a writer's draft, the sentences that are now whole, each once.

    The draft takes the direct answer, what writing took, and notes. A prompt that is too long is
    tried once more with less evidence; a writer that goes on repeating itself is stopped.

    Raises:
        ModelError: The writer failed, wrote no words, or what is no text.
    """
    seen: set[str] = set()
    repeats = 0
    readable = any(_DAMAGED in one.text for one in draft.evidence)
    with closing(_texts(writer, question, draft)) as texts:
        for done in draft_sentences(texts):
            fresh = [one for one in done if one.text.casefold() not in seen]
            repeats += len(done) - len(fresh)
            seen.update(one.text.casefold() for one in done)
            if not readable and any(_DAMAGED in one.text for one in fresh):
                raise ModelError(
                    f"The model {writer.name} sent bytes that are no text", "Choose another model"
                )
            yield fresh
            if repeats >= _REPEATS:
                draft.notes.append(f"The model {writer.name} repeated itself and was stopped.")
                return
    if not seen and writer.budget and not draft.declined:
        raise ModelError(f"The model {writer.name} gave a reply without words", "Ask again")


def _texts(writer: Writer, question: str, draft: Draft) -> Generator[str, None, None]:
    """Yield the text of a draft; its direct answer and what it took are put into the draft."""
    pieces = _pieces(writer, question, draft)
    while True:
        try:
            piece = next(pieces)
        except StopIteration as end:
            draft.usage = end.value or draft.usage
            return
        if isinstance(piece, Short):
            draft.short = without_markers(plain(piece.text))
            draft.confidence = piece.certainty
            if draft.doubtful:
                draft.short, draft.declined = "", True
                return
        else:
            yield piece


def _pieces(writer: Writer, question: str, draft: Draft) -> Generator[Piece, None, Usage | None]:
    """Yield and return what the writer does, of less evidence if its prompt was too long."""
    write = writer.write
    if draft.withheld and hasattr(writer, "rewrite"):
        write = partial(writer.rewrite, withheld=draft.withheld)
    try:
        return (yield from write(question, draft.evidence))
    except PromptTooLong:
        fewer = _shorter(draft.evidence)
        if not fewer:
            raise
    draft.notes.append(
        f"The prompt was too long for {writer.name}, which therefore read {len(fewer)} of "
        f"{len(draft.evidence)} pieces of evidence."
    )
    return (yield from write(question, fewer))


def _shorter(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the first pieces that have half of the characters together, without what is longer."""
    left = sum(len(one.text) for one in evidence) // 2
    kept: list[Evidence] = []
    for one in evidence:
        if len(one.text) <= left:
            left -= len(one.text)
            kept.append(one)
    return kept


def _uncited(evidence: Sequence[Evidence], citations: Sequence[Citation]) -> list[Evidence]:
    """Return the evidence of which no character is cited yet."""
    return [
        one
        for one in evidence
        if not any(
            cited.article.id == one.article.id and cited.start < one.end and one.start < cited.end
            for cited in citations
        )
    ]
