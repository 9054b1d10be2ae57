"""Statements by hand: what says the same in other words is shown, what says else is not."""

from __future__ import annotations

import pytest

from kb.answer import Verdict
from kb.verify import WordVerifier

UBS = (
    "UBS swallows its rival (Sample Ledger) 20 March 2023",
    "UBS is taking over Credit Suisse. The deal between the two largest Swiss banks was "
    "announced in Bern on Sunday evening, after a weekend of negotiations that the government"
    " had pushed for. UBS pays three billion francs in its own shares. On Friday the market "
    "had still valued the bank at more than seven billion. Axel Lehmann, the chairman of "
    "Credit Suisse, spoke of a historic day. Credit Suisse was founded in 1856 by Alfred "
    "Escher, to finance the railways. It employed about 50,000 people at the end of last "
    "year, some 17,000 of them in Switzerland. Customers went on withdrawing money, according"
    " to press reports as much as ten billion francs a day.",
)
RUN = (
    "Five thousandths for Lyles (Sample Sports Desk) 5 August 2024",
    "The American Noah Lyles and the Jamaican Kishane Thompson were both timed at 9.79 "
    "seconds in the final on Sunday night. The photograph decided it: 9.784 for Lyles, 9.789 "
    "for Thompson. Fred Kerley of the United States was third in 9.81. Novak Djokovic beat "
    "Carlos Alcaraz of Spain 7-6, 7-6 in a final that lasted almost three hours. He had an "
    "operation on his right knee in June. Neither lost his serve a single time. Bronze went "
    "to Lorenzo Musetti of Italy.",
)
WAR = (
    "Second Seim bridge hit (Sample Wire) 18 August 2024",
    "Ukraine's air force has struck a second bridge over the Seim, its commander Mykola "
    "Oleshchuk said on Sunday. The Belarusian leader Alexander Lukashenko said that his "
    "country had stationed nearly a third of its army along the border with Ukraine. Moscow "
    "denied that any talks had been under way. The road was not closed. The ministry rejected"
    " the offer of a ceasefire. The fire may have been set by falling debris. Prices rose by "
    "12 per cent in July, and fell by 3 per cent in August. Police arrested the mayor after "
    "the vote. More than 76,000 people have been moved out of the border districts. The "
    "company allegedly paid 3 million euros to two officials. Ukraine controlled more than "
    "1,250 square kilometres and 92 settlements. No one was killed, according to him. The "
    "plant was shut down on Monday and opened again on Friday. Angela Merkel met Emmanuel "
    "Macron in Berlin. Olaf Scholz opened the bridge at Bonn. The governor signed the order. "
    "On Monday 12 people died, on Friday 30 people died.",
)


def source(text: tuple[str, str], begins: str) -> tuple[str, str]:
    """Return the sentence of a text that begins so, and the text as context."""
    start = text[1].index(begins)
    end = text[1].find(". ", start)
    while end > 0 and text[1][end + 2].islower():
        end = text[1].find(". ", end + 1)
    return text[1][start : end + 1 if end > 0 else None], "\n".join(text)


TRUE = [
    (UBS, "UBS is", "UBS is acquiring Credit Suisse in a deal, taking over its rival."),
    (UBS, "UBS is", "UBS takes over Credit Suisse."),
    (UBS, "The deal", "The deal was announced on Sunday evening in Bern."),
    (
        UBS,
        "The deal",
        "On 19 March 2023 the deal between the two largest Swiss banks was announced.",
    ),
    (UBS, "The deal", "The government had pushed for negotiations between the banks."),
    (UBS, "UBS pays", "UBS pays 3 billion francs in its own shares."),
    (UBS, "UBS pays", "UBS paid three billion francs in shares."),
    (UBS, "On Friday", "The bank was valued at more than 7 billion on Friday."),
    (UBS, "Axel", "The chairman of Credit Suisse is Axel Lehmann."),
    (UBS, "Axel", "Lehmann spoke of a historic day."),
    (UBS, "Credit Suisse was", "Alfred Escher founded Credit Suisse in 1856."),
    (UBS, "Credit Suisse was", "Credit Suisse was founded to finance railways."),
    (UBS, "It employed", "Credit Suisse employed about 50,000 people at the end of last year."),
    (UBS, "It employed", "Of its 50,000 people, 17,000 were employed in Switzerland."),
    (UBS, "Customers", "Customers withdrew as much as 10 billion francs a day, press reports say."),
    (RUN, "The American", "Lyles and Thompson were both timed at 9.79 seconds."),
    (RUN, "The American", "The final on Sunday night was timed at 9.79 seconds for both."),
    (RUN, "The photograph", "The photograph decided it, with 9.784 for Noah Lyles."),
    (RUN, "Fred", "Kerley finished third in 9.81."),
    (RUN, "Novak", "Djokovic beat the Spanish player Alcaraz in the final."),
    (RUN, "Novak", "Alcaraz was beaten by Djokovic in a final of almost 3 hours."),
    (RUN, "He had", "Djokovic had an operation on his knee in June."),
    (RUN, "Bronze", "Lorenzo Musetti won bronze for Italy."),
    (
        WAR,
        "Ukraine's",
        "Oleshchuk said that the Ukrainian air force struck a second bridge over the Seim.",
    ),
    (
        WAR,
        "Ukraine's",
        "On 18 August, a second bridge over the Seim was struck, its commander said.",
    ),
    (
        WAR,
        "The Belarusian",
        "Lukashenko said Belarus had stationed nearly a third of its army there.",
    ),
    (WAR, "Moscow", "Moscow said that talks had not been under way."),
    (WAR, "The road", "The road wasn't closed."),
    (WAR, "The ministry", "The offer of a ceasefire was rejected by the ministry."),
    (WAR, "The fire", "Falling debris may have set the fire."),
    (WAR, "Prices", "In July prices increased by 12 percent."),
    (WAR, "Police", "The mayor was arrested by police after the vote."),
    (WAR, "More than", "More than 76,000 people were moved out of border districts."),
    (WAR, "Ukraine controlled", "Ukraine controlled over 1,250 square km and 92 settlements."),
    (WAR, "No one", "Nobody was killed, according to him."),
    (WAR, "The plant", "The plant was opened again on Friday."),
    (WAR, "Angela", "Macron met Merkel in Berlin."),
    (WAR, "Olaf", "The bridge at Bonn was opened by Olaf Scholz."),
    (WAR, "Olaf", "Chancellor Scholz opened the Bonn bridge."),
    (WAR, "On Monday", "On Friday 30 people died."),
]
FALSE = [
    (UBS, "UBS is", "Credit Suisse is taking over UBS."),
    (UBS, "UBS is", "UBS is not taking over Credit Suisse."),
    (UBS, "The deal", "The deal was announced in Bern on Friday evening."),
    (UBS, "The deal", "The deal was announced in Zurich on Sunday evening."),
    (
        UBS,
        "The deal",
        "On 17 March 2023 the deal between the two largest Swiss banks was announced.",
    ),
    (UBS, "The deal", "The deal was announced before a weekend of negotiations."),
    (UBS, "The deal", "The deal between the two smallest Swiss banks was announced in Bern."),
    (UBS, "UBS pays", "UBS pays three million francs in its own shares."),
    (UBS, "UBS pays", "UBS pays three billion euros in its own shares."),
    (UBS, "UBS pays", "UBS pays seven billion francs in its own shares."),
    (UBS, "On Friday", "On Friday the market had valued the bank at less than seven billion."),
    (UBS, "Axel", "Colm Kelleher is the chairman of Credit Suisse."),
    (UBS, "Axel", "Alfred Lehmann spoke of a historic day."),
    (UBS, "Credit Suisse was", "Axel Lehmann founded Credit Suisse in 1856."),
    (UBS, "Credit Suisse was", "Credit Suisse was founded in 1865 by Alfred Escher."),
    (UBS, "It employed", "It employed about 17,000 people at the end of last year."),
    (UBS, "It employed", "It employed about 50,000 people, 5,000 of them in Switzerland."),
    (RUN, "The photograph", "The photograph decided it: 9.784 for Thompson."),
    (RUN, "The American", "They were timed at 9.79 minutes in the final."),
    (RUN, "Fred", "Noah Lyles of the United States was third in 9.81."),
    (RUN, "Fred", "Fred Kerley of Jamaica was third in 9.81."),
    (RUN, "Novak", "Carlos Alcaraz beat Novak Djokovic in the final."),
    (RUN, "Novak", "Novak Djokovic was beaten by Carlos Alcaraz."),
    (RUN, "Novak", "Novak Djokovic beat Carlos Alcaraz of Italy."),
    (RUN, "Bronze", "Bronze went to Carlos Alcaraz of Spain."),
    (WAR, "Ukraine's", "Ukraine's air force has not struck a second bridge over the Seim."),
    (WAR, "Ukraine's", "Oleshchuk said on Monday that the air force had struck a second bridge."),
    (
        WAR,
        "The Belarusian",
        "Zelensky said that his country had stationed a third of its army there.",
    ),
    (WAR, "Moscow", "Moscow said that talks had been under way."),
    (WAR, "Moscow", "Kyiv denied that any talks had been under way."),
    (WAR, "The road", "The road was closed."),
    (WAR, "The ministry", "The ministry accepted the offer of a ceasefire."),
    (WAR, "The ministry", "The ministry did not reject the offer of a ceasefire."),
    (WAR, "Prices", "Prices fell by 12 per cent in July."),
    (WAR, "Prices", "Prices rose by 12 per cent in August."),
    (WAR, "Police", "Police arrested the mayor before the vote."),
    (WAR, "Police", "Police released the mayor after the vote."),
    (WAR, "More than", "Fewer than 76,000 people have been moved out of the border districts."),
    (WAR, "Ukraine controlled", "Ukraine controlled 92 square kilometres."),
    (WAR, "Ukraine controlled", "Ukraine controlled more than 1,250 settlements."),
    (WAR, "No one", "92 people were killed, according to him."),
    (WAR, "The plant", "The plant was shut down on Friday."),
    (WAR, "The plant", "The plant was shut down on Tuesday."),
    (WAR, "Olaf", "Angela Merkel opened the bridge at Bonn."),
    (WAR, "On Monday", "On Friday 12 people died."),
    (WAR, "On Monday", "On Monday 30 people died."),
]
NOT_FIRMER = [
    (WAR, "Ukraine's", "Ukraine's air force has struck a second bridge over the Seim."),
    (WAR, "The fire", "The fire has been set by falling debris."),
    (WAR, "The company", "The company paid 3 million euros to two officials."),
    (WAR, "More than", "76,000 people have been moved out of the border districts."),
    (UBS, "Customers", "Customers withdrew ten billion francs a day."),
]


ALONE = [
    ("The minister resigned on 4 March 2024.", "The minister resigned on Monday.", True),
    ("The minister resigned on 5 March 2024.", "The minister resigned on Monday.", False),
    ("The EU approved the law.", "The European Union approved the law.", True),
    ("The UN approved the law.", "The European Union approved the law.", False),
    ("Nigeria won the match.", "Niger won the match.", False),
    ("Shares in Apple dropped 3%.", "Apple's shares fell by 3 percent.", True),
    ("Shares in Apple gained 3%.", "Apple's shares fell by 3 percent.", False),
    ("Samsung sued Apple.", "Samsung was sued by Apple.", False),
    ("Apple sued Samsung.", "Samsung was sued by Apple.", True),
    ("Authorities said 12 people died.", "Officials said 12 people died.", True),
    ("Biden said 12 people died.", "Trump said 12 people died.", False),
    ("The court acquitted him.", "The court convicted him.", False),
    ("The second bridge was hit.", "The third bridge was hit.", False),
    ("Half of the hostages were freed.", "A third of the hostages were freed.", False),
    ("2 bridges were hit.", "The second bridge was hit.", False),
    ("The 3rd bridge was hit.", "The third bridge was hit.", True),
    ("All of the hostages were freed.", "Some of the hostages were freed.", False),
    ("Twenty-five people died.", "25 people died.", True),
    ("Thirty-five people died.", "25 people died.", False),
    ("1.5 million people fled.", "1,500,000 people fled.", True),
    ("1.5 billion people fled.", "1,500,000 people fled.", False),
    ("He never said that the bridge was closed.", "He said that the bridge was closed.", False),
    ("The talks will be in Doha.", "The talks will not be in Doha but in Cairo.", False),
]


@pytest.mark.parametrize(("statement", "quote", "shown"), ALONE)
def test_a_sentence_against_one_of_its_kind(statement: str, quote: str, shown: bool) -> None:
    context = f"News (Sample Post) 5 March 2024\n{quote}"
    verdict, _ = WordVerifier().verify(statement, quote, context)
    assert (verdict is not Verdict.UNSUPPORTED) == shown


def test_a_title_or_nation_that_no_source_has_is_never_full_support() -> None:
    quote = "President Biden visited Kyiv on Monday."
    verdict, _ = WordVerifier().verify("French President Joe Biden visited Kyiv.", quote, quote)
    assert verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(("text", "begins", "statement"), TRUE)
def test_what_the_quote_says_in_other_words_is_shown(
    text: tuple[str, str], begins: str, statement: str
) -> None:
    verdict, _ = WordVerifier().verify(statement, *source(text, begins))
    assert verdict is not Verdict.UNSUPPORTED


@pytest.mark.parametrize(("text", "begins", "statement"), FALSE)
def test_what_the_quote_does_not_say_is_withheld(
    text: tuple[str, str], begins: str, statement: str
) -> None:
    verdict, _ = WordVerifier().verify(statement, *source(text, begins))
    assert verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize(("text", "begins", "statement"), NOT_FIRMER)
def test_what_the_quote_leaves_open_is_carried_in_part(
    text: tuple[str, str], begins: str, statement: str
) -> None:
    verdict, _ = WordVerifier().verify(statement, *source(text, begins))
    assert verdict is Verdict.PARTIAL
