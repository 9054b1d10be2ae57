"""What states something, and what only names, asks or repeats."""

from __future__ import annotations

import pytest

from kb.statement import states
from kb.words import content

ASKED = content("How much did the Chandrayaan-3 mission cost?")


@pytest.mark.parametrize(
    "text",
    [
        "The mission cost 75 million dollars.",
        "It was free of charge.",
        "What did it cost, and who paid the 75 million?",
        "- a hundred francs",
        "Among the ships were the Alma, the Berta, the Clara, the Dora, the Emma, the Frieda, the "
        "Gerda, the Hanna, the Ida, the Jutta, the Karla, the Lina, the Martha and the Nora.",
    ],
)
def test_what_states_something(text: str) -> None:
    assert states(text, ASKED)


@pytest.mark.parametrize(
    "text",
    [
        "# What it cost",
        "The cost of the mission",
        "How much did the Chandrayaan-3 mission cost?",
        "The Chandrayaan-3 mission: how much did it cost?",
        "mission cost chandrayaan-3 " * 12 + ".",
    ],
)
def test_what_only_names_asks_or_repeats(text: str) -> None:
    assert not states(text, ASKED)
