"""A small local model as a ``Writer``: it names the answer, and the articles' own sentences say it.

Left to write by itself, a model of a billion parameters cites at random and adds what it half
knows. What it is good at is reading: it finds the words that answer a question. So it is asked for
no more than these words, or for a yes or no, and the sentences of the sources that have them are
the answer; only where a question wants an explanation does it write one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from index.sentences import sentence_spans
from kb.errors import ReplyCut
from kb.evidence import Evidence
from kb.expect import YES_NO, asks_to_explain, asks_yes_or_no, fits
from kb.models.chat import usage
from kb.models.stream import stream_text
from kb.prompt import DECLINED, decision, explanation, few_words, without_markers
from kb.protocols import Piece, Short, Usage
from kb.words import content, numbers, stems

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

    from kb.models.local import LocalLLM

__all__ = ["SmallWriter"]

_SHORT_TOKENS, _LONG_TOKENS = 32, 160  # a small model that writes more repeats itself
_CARRIERS = 3  # sentences that are shown for a direct answer
_YES_BIAS = 1.0  # how much likelier, as a logarithm, this model finds "Yes" whatever is asked
# Beside the share of the question's words that a sentence has, or in part the passage around it.
_HAS_ANSWER, _FITS, _AROUND = 1.0, 0.2, 0.3
_HALF = 0.5  # of the words that were named must stand in a sentence
_SMALL = frozenset("a an the of in on at by to and".split())
_LINE = r"root ::= [^ \t\r\n] [^\r\n]*"
_MARKER = re.compile(r"\s*\[[\d\s,;-]*\]?")


class SmallWriter:
    """A ``Writer`` for a ``LocalLLM`` of a few billion parameters at most.

    Args:
        name: ``provider:model``, as it is shown with an answer.
        budget: Tokens of evidence in the prompt.
    """

    def __init__(self, llm: LocalLLM, name: str, budget: int) -> None:
        self.llm = llm
        self.name = name
        self.budget = budget

    def write(
        self, question: str, evidence: Sequence[Evidence]
    ) -> Generator[Piece, None, Usage | None]:
        """Yield a draft; raises ``ModelError``."""
        if asks_yes_or_no(question):
            yield from self._decided(question, evidence)
        elif asks_to_explain(question):
            yield from self._generated(explanation(question, evidence), _LONG_TOKENS)
        else:
            yield from self._named(question, evidence)
        return usage(self.llm)

    def rewrite(
        self, question: str, evidence: Sequence[Evidence], withheld: Sequence[str]
    ) -> Generator[Piece, None, Usage | None]:
        """Yield the articles' own sentences: this model would not write better ones."""
        yield _quoted(_best(question, "", evidence))
        return usage(self.llm)

    def warm(self) -> None:
        """Load the model and let it read what begins its prompts."""
        self.llm.warm()
        with closing(self.write("What?", ())) as draft:
            any(draft)

    def close(self) -> None:
        """Free the model."""
        self.llm.close()

    def _decided(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Piece]:
        yes, no = YES_NO
        weights = self.llm.weigh(_messages(decision(question, evidence)), YES_NO)
        likelier = math.log((weights[yes] + 1e-9) / (weights[no] + 1e-9)) - _YES_BIAS
        certainty = 1 / (1 + math.exp(-abs(likelier)))
        yield Short(yes if likelier > 0 else no, certainty)
        yield _quoted(_best(question, "", evidence))

    def _named(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Piece]:
        said = ""
        asked = few_words(question, evidence)
        with suppress(ReplyCut):  # of a line that is too long the beginning will do
            for piece in self._generated(asked, _SHORT_TOKENS, grammar=_LINE, logprobs=True):
                said += piece
                yield ""
        named = _bare(said)
        carriers = _best(question, named, evidence) if named else []
        if not carriers:
            yield DECLINED
            return
        took = self.llm.last_timings
        yield Short(named, took.certainty if took else None)
        yield _quoted(carriers)

    def _generated(
        self, messages: Sequence[tuple[str, str]], tokens: int, **options: Any
    ) -> Iterator[str]:
        return stream_text(self.llm, _messages(messages), max_tokens=tokens, **options)


def _messages(said: Sequence[tuple[str, str]]) -> list[ChatMessage]:
    from llama_index.core.llms import ChatMessage

    return [ChatMessage(role=role, content=text) for role, text in said]


def _bare(said: str) -> str:
    """Return what the model named, without markers, quotation marks and the stop at its end."""
    return _MARKER.sub(", ", said).strip(" ,").strip().strip("\"“”'‘’ ").rstrip(".,;: ")


def _best(question: str, named: str, evidence: Sequence[Evidence]) -> list[tuple[str, int]]:
    """Return the sentences that say best what is asked for, with the numbers of their blocks.

    No more than one of an article, because another source is worth more than another sentence; of
    those with nothing that was named, none.
    """
    asked, wanted = set(content(question)), stems(named) - _SMALL
    counted = numbers(named)
    scored = []
    for one in evidence:
        around = stems(one.context)
        for start, end in sentence_spans(one.text):
            text = one.text[start:end]
            own = stems(text)
            has = len(wanted & own) / len(wanted) if wanted else 1.0
            if has < _HALF or not counted <= numbers(text):
                continue
            covered = sum(1.0 if word in own else _AROUND * (word in around) for word in asked)
            score = covered / (len(asked) or 1) + _HAS_ANSWER * has + _FITS * fits(question, text)
            scored.append((score, text, one))
    kept: dict[str, tuple[str, int]] = {}
    for _, text, one in sorted(scored, key=lambda item: -item[0]):
        kept.setdefault(one.article.id, (text, one.number))
    return list(kept.values())[:_CARRIERS]


def _quoted(sentences: Sequence[tuple[str, int]]) -> str:
    return "\n\n".join(
        f"{' '.join(without_markers(text).split())} [{number}]" for text, number in sentences
    )
