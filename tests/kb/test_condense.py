"""Which questions lean on the conversation, and what they are understood as."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from kb.answer import Answer, Citation, Refusal, Sentence, Verdict
from kb.condense import condense, focus
from kb.conversation import Conversation
from kb.errors import ModelError

Said = tuple[str, tuple[str, ...]]
"""A question, and the sentences of its answer; none if it was refused."""

CLAIM = "How many settlements did Kyiv claim in the Kursk region on 15 August 2024?"
SYRSKYI = "Syrskyi told Zelensky that Kyiv held 82 settlements"
KYIV: Said = (CLAIM, (f"{SYRSKYI}.",))
LUNA: Said = ("When did Luna-25 take off?", ("The spacecraft had been launched on 11 August.",))
TENNIS: Said = ("Who won the men's tennis gold in Paris?", ("Novak Djokovic won on Sunday.",))
SUISSE: Said = ("Who bought Credit Suisse?", ("UBS bought Credit Suisse for three billion.",))
MODI: Said = ("Where did Modi go on 23 August 2024?", ("He came to Kyiv by train.",))
PAIR: Said = ("When did Modi and Zelensky meet in Kyiv?", ("They met on 23 August 2024.",))
OLDER: Said = ("Who is older, Modi or Putin?", ())
POKROVSK: Said = (
    "When was the evacuation of Pokrovsk announced?",
    ("The evacuation was announced on Monday by Vadym Filashkin.",),
)
MISSIONS: Said = (
    "Which missions landed on the Moon?",
    ("Chandrayaan-3 landed in August 2023.", "SLIM landed on its side in January 2024."),
)
COUNTRIES: Said = ("Which leaders met?", ("Modi, Putin and Xi Jinping met in Kazan.",))
SAMPLES: Said = ("How heavy were the samples of Chang'e 6?", ("They weigh 1,935 grams.",))
DAMAGE: Said = ("What did the World Bank say the damage in Turkey was?", ())
EURO: Said = ("Who won Euro 2024?", ("Spain won Euro 2024.",))
PLAIN: Said = ("How many people live in Ostrava?", ("Ostrava has 280,000 people.",))
ONE: Said = ("Which spacecraft crashed?", ("Luna-25 crashed into the Moon.",))
FAMILIES: Said = (
    "When were families told to leave Pokrovsk?",
    ("Ukraine on Monday ordered families to leave Pokrovsk.",),
)
OFFER: Said = ("Who leads OpenAI?", ("Sam Altman leads OpenAI.",))


def conversation(*said: Said, text: str = "") -> Conversation:
    """Return what was said, each question understood after what came before it."""
    so_far = Conversation()
    for question, sentences in said:
        standalone = condense(question, so_far)
        if not sentences:
            answer = Answer(question, "…", "m", refusal=Refusal.NO_EVIDENCE, standalone=standalone)
        else:
            answer = Answer(
                question,
                text or " ".join(sentences),
                "m",
                tuple(Sentence(one, (1,), Verdict.SUPPORTED, 1.0) for one in sentences),
                tuple(
                    Citation(n, Article(f"a{n}", "a.md", f"Title {n}", "text"), "p", 0, 4, 1.0)
                    for n in (1, 2)
                ),
                standalone=standalone,
            )
        so_far = so_far.and_then(answer)
    return so_far


def region(day: str, place: str = "the Kursk region") -> str:
    return f"How many settlements did Kyiv claim in {place} {day}?"


@pytest.mark.parametrize(
    ("said", "question", "standalone"),
    [
        # another time
        (KYIV, "And in September?", region("in September 2024")),
        (KYIV, "in September 2023?", region("in September 2023")),
        (KYIV, "and on 19 August?", region("on 19 August 2024")),
        (KYIV, "What about 19 August 2025?", region("on 19 August 2025")),
        (KYIV, "and on August 19", region("on August 19 2024")),
        (KYIV, "and in 2023?", region("on 15 August 2023")),
        (KYIV, "what about the 12th?", region("on 12 August 2024")),
        (KYIV, "And on Friday?", region("on Friday")),
        (KYIV, "five days later?", region("on 20 August 2024")),
        (KYIV, "and the next day?", region("on 16 August 2024")),
        (KYIV, "And the day before?", region("on 14 August 2024")),
        (KYIV, "a week earlier?", region("on 8 August 2024")),
        (KYIV, "and 20 days later?", region("on 4 September 2024")),
        (KYIV, "no, on 20 August", region("on 20 August 2024")),
        (KYIV, "I meant 2023", region("on 15 August 2023")),
        (KYIV, "Sorry, 16 August.", region("on 16 August 2024")),
        (PLAIN, "And in 1990?", "How many people live in Ostrava in 1990?"),
        (EURO, "and in 2020?", "Who won Euro 2020?"),
        (LUNA, "and in September?", "When did Luna-25 take off in September?"),
        # another place or name
        (KYIV, "and in the Belgorod region?", region("on 15 August 2024", "the Belgorod region")),
        (
            KYIV,
            "How about Moscow?",
            "How many settlements did Moscow claim in the Kursk region on 15 August 2024?",
        ),
        (PLAIN, "And in Brno?", "How many people live in Brno?"),
        (PLAIN, "what about Brno?", "How many people live in Brno?"),
        (DAMAGE, "And for Syria?", "What did the World Bank say the damage in Syria was?"),
        (SAMPLES, "And those of Chang'e 5?", "How heavy were the samples of Chang'e 5?"),
        (LUNA, "How about Chandrayaan-3?", "When did Chandrayaan-3 take off?"),
        (LUNA, "And Chandrayaan-3?", "When did Chandrayaan-3 take off?"),
        (LUNA, "the same for Chandrayaan-3?", "When did Chandrayaan-3 take off?"),
        (LUNA, "No, I meant Chandrayaan-3.", "When did Chandrayaan-3 take off?"),
        (SUISSE, "and First Republic?", "Who bought First Republic?"),
        (MODI, "and Zelensky?", "Where did Zelensky go on 23 August 2024?"),
        # pronouns
        (LUNA, "What did it carry?", "What did Luna-25 carry?"),
        (LUNA, "And did it fail?", "Did Luna-25 fail?"),
        (LUNA, "What was its mass?", "What was Luna-25's mass?"),
        (LUNA, "Why did it crash?", "Why did Luna-25 crash?"),
        (SAMPLES, "Where did they land?", "Where did the samples of Chang'e 6 land?"),
        (SAMPLES, "What is their age?", "What is the samples of Chang'e 6's age?"),
        (TENNIS, "How old was he?", "How old was Novak Djokovic?"),
        (TENNIS, "Whom did he beat?", "Whom did Novak Djokovic beat?"),
        (TENNIS, "Who is his coach?", "Who is Novak Djokovic's coach?"),
        (SUISSE, "When did it fail?", "When did Credit Suisse fail?"),
        (SUISSE, "Who led it?", "Who led Credit Suisse?"),
        (MODI, "What did he do in Kyiv?", "What did Modi do in Kyiv?"),
        (MODI, "Did his wife come too?", "Did Modi's wife come too?"),
        (PAIR, "What did they sign?", "What did Modi and Zelensky sign?"),
        (PAIR, "Who else was there?", "Who else was in Kyiv?"),
        (PLAIN, "Who was born there?", "Who was born in Ostrava?"),
        (POKROVSK, "Where was it announced?", "Where was the evacuation of Pokrovsk announced?"),
        (POKROVSK, "Who is he?", "Who is Vadym Filashkin?"),
        (OFFER, "When was he dismissed?", "When was Sam Altman dismissed?"),
        # what is pointed to
        (MISSIONS, "Who built the second one?", "Who built SLIM?"),
        (MISSIONS, "When did the latter land?", "When did SLIM land?"),
        (MISSIONS, "And who built the first one?", "Who built Chandrayaan-3?"),
        (MISSIONS, "the last one", "Tell me more about SLIM"),
        (MISSIONS, "Tell me more about the first", "Tell me more about Chandrayaan-3"),
        (MISSIONS, "What does source 2 say?", "What does “Title 2” say?"),
        (MISSIONS, "What else is in the second article?", "What else is in “Title 2”?"),
        (MISSIONS, "[1]?", "Tell me more about “Title 1”"),
        (OLDER, "When was the latter born?", "When was Putin born?"),
        (OLDER, "Where does the former live?", "Where does Modi live?"),
        (COUNTRIES, "How old is the third one?", "How old is Xi Jinping?"),
        (COUNTRIES, "Who is the second of them?", "Who is Putin?"),
        # more of it
        (LUNA, "yes", "Tell me more about Luna-25"),
        (LUNA, "Yes, please!", "Tell me more about Luna-25"),
        (LUNA, "tell me more", "Tell me more about Luna-25"),
        (LUNA, "Tell me more about it.", "Tell me more about Luna-25"),
        (LUNA, "go on", "Tell me more about Luna-25"),
        (LUNA, "What else?", "Tell me more about Luna-25"),
        (TENNIS, "ok", "Tell me more about Novak Djokovic"),
        # of what was answered
        (KYIV, "Why?", f"{SYRSKYI} — Why?"),
        (KYIV, "who said that?", f"{SYRSKYI} — who said that?"),
        (TENNIS, "When was that?", "Novak Djokovic won on Sunday — When was that?"),
        (TENNIS, "Is that true?", "Novak Djokovic won on Sunday — Is that true?"),
        (MODI, "how?", "Modi came to Kyiv by train — how?"),
        # what the rules leave comes behind what it leans on
        (LUNA, "From where?", "When did Luna-25 take off — From where?"),
        (SUISSE, "For how much?", "Who bought Credit Suisse — For how much?"),
        (MODI, "How did he get there?", f"{MODI[0][:-1]} — How did Modi get there?"),
        (LUNA, "and then?", "When did Luna-25 take off — and then?"),
        (LUNA, "no", "When did Luna-25 take off — no"),
        (MISSIONS, "and the third?", "Which missions landed on the Moon — and the third?"),
        (FAMILIES, "Who announced it?", f"{FAMILIES[0][:-1]} — Who announced it?"),
        (ONE, "When was it launched?", "When was Luna-25 launched?"),
        (LUNA, "What did it break off to form?", "What did Luna-25 break off to form?"),
        (LUNA, "When did she resign?", "When did Luna-25 take off — When did she resign?"),
        (LUNA, "What did Putin say about it?", f"{LUNA[0][:-1]} — What did Putin say about it?"),
    ],
)  # fmt: skip
def test_a_follow_up_is_made_to_stand_alone(said: Said, question: str, standalone: str) -> None:
    assert condense(question, conversation(said)) == standalone


@pytest.mark.parametrize(
    "question",
    [
        "Who became chairman of OpenAI?",
        "Which countries signed the declaration on artificial minds?",
        "Who is Emmanuel Macron?",
        "Did Merkel say that she would resign?",
        "What did Putin tell his generals?",
        "Is there a bridge at Ostrava?",
        "Who was the first woman in Parliament?",
        "Who claimed that Russia had attacked Kyiv?",
        "What is the second largest city of Moravia?",
    ],
)
def test_another_subject_is_not_brought_into_it(question: str) -> None:
    assert condense(question, conversation(LUNA)) == question == focus(question)


@pytest.mark.parametrize(
    "question", ["Who is Emmanuel Macron?", "Did Merkel say she would resign?"]
)
def test_an_and_before_another_subject_is_only_a_word(question: str) -> None:
    assert condense(f"And {question}", conversation(LUNA)) == question


def test_nothing_leans_on_nothing() -> None:
    assert condense("and when was that?", Conversation()) == "and when was that?"


def test_a_chain_goes_on_from_what_was_understood() -> None:
    chain = conversation(KYIV, ("and on 19 August?", ()), ("And in the Belgorod region?", ()))
    assert condense("and in 2025?", chain) == region("on 19 August 2025", "the Belgorod region")
    assert condense("What did it carry?", conversation(LUNA, ("From where?", ()))) == (
        "What did Luna-25 carry?"
    )


def test_a_chain_that_only_leans_does_not_grow() -> None:
    leaning = conversation(LUNA, ("From where?", ()), ("and then?", ()), ("For how much?", ()))
    standalone = condense("and why not?", leaning)
    assert standalone == "When did Luna-25 take off — For how much — and why not?"
    assert focus(standalone) == "and why not?"
    long = conversation(("x" * 4000, ()), ("and y" + "y" * 3000, ()))
    assert len(condense("why?", long)) < 700


def test_an_offer_is_accepted() -> None:
    offering = conversation(OFFER, text="Sam Altman leads it. Would you like to know his salary?")
    assert condense("yes", offering) == "Tell me more about his salary"


LEANS = "For how much?"


@pytest.mark.parametrize(
    ("rewritten", "taken"),
    [
        ("For how much did UBS buy Credit Suisse?", True),
        ("How much did Credit Suisse cost?", True),
        ("For how much did Deutsche Bank buy Credit Suisse?", False),
        ("For how much did UBS buy Credit Suisse in 2023?", False),
        ("For how much?", False),
        ("", False),
        ("For how much did UBS buy Credit Suisse? " * 20, False),
    ],
)
def test_a_rewriting_is_taken_only_if_it_adds_nothing(rewritten: str, taken: bool) -> None:
    standalone = condense(LEANS, conversation(SUISSE), lambda *_: rewritten)
    assert standalone == (rewritten if taken else f"Who bought Credit Suisse — {LEANS}")


def test_a_rewriting_keeps_the_names_and_numbers_of_the_question() -> None:
    question = "and how many of the 7 shareholders of Swisscom then?"
    said = conversation(SUISSE)
    joint = condense(question, said)
    assert condense(question, said, lambda *_: "How many shareholders of Credit Suisse?") == joint
    whole = "How many of the 7 shareholders of Swisscom bought Credit Suisse?"
    assert condense(question, said, lambda *_: whole) == whole


def test_a_model_is_asked_only_where_the_rules_do_not_reach_and_may_fail() -> None:
    asked: list[str] = []

    def rewrite(question: str, _: Conversation) -> str:
        asked.append(question)
        raise ModelError("the server is gone")

    said = conversation(SUISSE)
    for question in ("Who led it?", "Who is Emmanuel Macron?", LEANS):
        assert condense(question, said, rewrite) == condense(question, said)
    assert asked == [LEANS]


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_was_said_a_question_is_never_lost(first: str, said: str, question: str) -> None:
    standalone = condense(question, conversation((first, (said,) if said else ())))
    assert standalone.strip() or not question.strip()
