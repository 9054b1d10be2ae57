"""English words that say how a question is asked, not what it is about."""

from __future__ import annotations

__all__ = ["STOP_WORDS"]

STOP_WORDS = frozenset(
    """
    a about according after all also am an and any are as at be because been before being between
    both but by can could did do does doing done during each either for from further had has have
    having he her here hers him his how however i if in into is it its itself just may me might
    more most much must my neither no nor not now of off on once only or other our ours out over
    own per s same shall she should so some such t than that the their theirs them themselves then
    there these they this those though through to too under until up upon us very was we were what
    when where whether which while who whom whose why will with within without would yes you your
    yours
    """.split()
)
