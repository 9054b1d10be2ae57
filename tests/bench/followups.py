"""``python -m tests.bench.followups DIR``: are follow-ups found as if they stood alone?

DIR is a set whose judgements are paragraphs with answers, as SQuAD's. Two questions on a paragraph
that share a name make a conversation: the first with the sentence that answers it, then the second
with the name as a pronoun, "it", or "he" or "she" where the paragraph speaks so of a name that it
does not put behind an article. The second is searched for as it was written, as it is now, behind
the first, and condensed. Hits@5 counts where a passage overlaps the paragraph and has an answer.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from index.names import named_spans
from index.sentences import sentence_spans
from kb import Answer, Article, Citation, Conversation, Sentence, Verdict, open_knowledge_base
from kb.condense import condense
from kb.evaluate.dataset import Question, load_evaluation_set
from kb.evaluate.homes import default_cache, evaluation_home
from kb.evaluate.judge import judge
from kb.settings import load_settings

__all__ = ["main"]


def _followups(questions: Sequence[Question]) -> Iterator[tuple[Question, Question, str]]:
    """Yield a question, the next on its paragraph, and that one with a pronoun for a name."""
    there = [one for one in questions if one.answerable and one.gold and one.gold[0].paragraph]
    for first, second in pairwise(there):
        same = (first.gold[0].article, first.gold[0].paragraph) == (
            second.gold[0].article,
            second.gold[0].paragraph,
        )
        asked = second.question
        for start, end in named_spans(asked, bytearray(len(asked))) if same else ():
            if asked[start:end] in first.question:
                yield first, second, _with_pronoun(asked, start, end, second.gold[0].text)
                break


def _with_pronoun(asked: str, start: int, end: int, paragraph: str) -> str:
    before = re.sub(r"\bthe $", "", asked[:start], flags=re.I)
    name = re.escape(asked[start:end].split()[-1])
    spoken = re.search(rf"\b{name}\b[^.]*\. (He|She)\b", paragraph)
    word = spoken.group(1).casefold() if spoken and before == asked[:start] else "it"
    if possessive := re.match(r"['’]s?\b", asked[end:]):
        word = {"he": "his", "she": "her", "it": "its"}[word]
        end += possessive.end()
    return f"{before}{word}{asked[end:]}"


def _conversation(question: Question, article: Article) -> Conversation:
    gold = question.gold[0]
    said = [gold.text[a:b] for a, b in sentence_spans(gold.text)]
    fact = next((one for one in said if question.answers[0] in one), said[0])
    sentence = Sentence(fact, (1,), Verdict.SUPPORTED, 1.0)
    citation = Citation(1, article, "", 0, 1, 1.0)
    return Conversation((Answer(question.question, fact, "bench", (sentence,), (citation,)),))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, help="of follow-ups, drawn evenly")
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--reranker", default="none")
    parser.add_argument("--show", type=int, default=0, help="how many that are lost to print")
    given = parser.parse_args()
    made = list(_followups(load_evaluation_set(given.folder)))
    made = made[:: max(1, len(made) // given.limit)] if given.limit else made
    home = evaluation_home(
        given.folder.absolute(), load_settings(given.cache).embedder, given.cache
    )
    found = dict.fromkeys(("as it was written", "as it is", "behind the first", "condensed"), 0)
    chosen = {"model": "quotes", "reranker": given.reranker}
    with open_knowledge_base(home, create=False, **chosen) as kb:
        articles = {one.id: kb.article(one.id) for one in kb.articles()}
        for first, second, followup in made:
            said = _conversation(first, articles[first.gold[0].article])
            condensed = condense(followup, said)
            asked = (
                second.question,
                followup,
                f"{first.question.rstrip('?')} — {followup}",
                condensed,
            )
            hit = [any(judge(second, kb.search(one, 5)).ranks) for one in asked]
            for name, is_hit in zip(found, hit, strict=True):
                found[name] += is_hit
            if hit[2] and not hit[3] and given.show:
                given.show -= 1
                print(f"{first.question}\n    {followup}\n    {condensed}")
    print(f"{len(made)} follow-ups; Hits@5:")
    for name, hits in found.items():
        print(f"    {name:<18} {hits / max(len(made), 1):.3f}")


if __name__ == "__main__":
    main()
