"""A question and its answer as one statement, by rules; what no rule fits is left out."""

from __future__ import annotations

import re

__all__ = ["stated"]

_BE = "was|were|is|are"
_UNIT = "year|century|decade|month|country|city|state|region|language"
_AFTER = re.compile(rf"(?:In|On|At) (?:what|which) (?:{_UNIT}) (?:did|do|does) (?P<rest>.+)", re.I)
_RULES = (
    (re.compile(rf"Who (?P<be>{_BE}) (?P<rest>.+)"), "{answer} {be} {rest}"),
    (re.compile(r"Who (?!did |does |do |else )(?P<rest>.+)"), "{answer} {rest}"),
    (re.compile(r"When (?:did|do|does) (?P<rest>.+)"), "{rest} in {answer}"),
    (re.compile(r"Where (?:did|do|does) (?P<rest>.+)"), "{rest} in {answer}"),
    (_AFTER, "{rest} in {answer}"),
    (re.compile(r"How many (?P<what>\w+) (?:did|do|does) (?P<rest>.+)"), "{rest} {answer} {what}"),
    (re.compile(rf"How many (?P<rest>\w+ (?:{_BE}|have|had) .+)"), "{answer} {rest}"),
    (re.compile(rf"What (?P<be>{_BE}) (?P<rest>(?:the|a|an) .+)"), "{rest} {be} {answer}"),
    (re.compile(r"What (?:did|do|does) (?P<rest>.+)"), "{rest} {answer}"),
)
_ANSWER_AT_MOST = 8  # words; a longer one is a sentence itself


def stated(question: str, answer: str) -> str | None:
    """Return what the answer says as a sentence, or None: "Otters swim in the Odra."

    Its verbs stay as the question has them.
    """
    asked = " ".join(question.split()).rstrip("? .")
    told = answer.strip(" .")
    if not 1 <= len(told.split()) <= _ANSWER_AT_MOST:
        return None
    for pattern, form in _RULES:
        if match := pattern.fullmatch(asked):
            told = re.sub(r"^(?:in|on|at) ", "", told) if " in {answer}" in form else told
            sentence = form.format(answer=told, **match.groupdict())
            return f"{sentence[0].upper()}{sentence[1:]}."
    return None
