"""English words that say how a question is asked, not what it is about.

A short list: "after", "all" and "not" are common, but a passage that has them too ranks rightly
higher, and BM25 weighs them by how common they are.
"""

from __future__ import annotations

__all__ = ["STOP_WORDS"]

STOP_WORDS = frozenset(
    """
    a about according an and are article articles as at be been being between both but by can
    could did do does doing done for from had has have having he her here hers him his how i if
    in into is it its me my of on or our ours reported she should so some such than that the
    their them then there these they this those to too was we were what when where which while
    who whom whose why will with would you your
    """.split()
)
