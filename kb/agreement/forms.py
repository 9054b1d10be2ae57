"""English words that are one for a comparison, and words of which one denies the other."""

from __future__ import annotations

from kb.words import folded, stem

__all__ = ["LIGHT", "are_opposite", "key", "opposites"]

# Forms that no stemmer brings together; the first is the one that is looked up.
_IRREGULAR = """
arise arose arisen/beat beaten/become became/begin began begun/break broke broken/bring brought/
build built/buy bought/catch caught/choose chose chosen/come came/deal dealt/draw drew drawn/
drive drove driven/eat ate eaten/fall fell fallen/feel felt/fight fought/find found/flee fled/
fly flew flown/forbid forbade forbidden/forget forgot forgotten/get got gotten/give gave given/
go went gone/grow grew grown/hear heard/hold held/keep kept/know knew known/lay laid/lead led/
leave left/lend lent/lose lost/make made/mean meant/meet met/pay paid/ride rode ridden/
rise rose risen/run ran/say said/see saw seen/seek sought/sell sold/send sent/
shake shook shaken/shoot shot/show shown/shrink shrank shrunk/sing sang sung/sink sank sunk/
sit sat/sleep slept/speak spoke spoken/spend spent/stand stood/steal stole stolen/strike struck/
swim swam swum/take took taken/teach taught/tell told/think thought/throw threw thrown/
understand understood/wake woke woken/wear wore worn/win won/withdraw withdrew withdrawn/
write wrote written/overthrow overthrew overthrown/undergo underwent undergone/man men/
woman women/child children/foot feet/person people/life lives/wife wives/half halves/
analysis analyses analyze analyse/death dead/birth born/choice choices chose/loss losses/
flight flights/growth/speech speeches/belief believe/proof prove proven/sale sales/
defence defense/centre center/labour labor/colour color/licence license/programme program/
tonne ton/kilometre kilometer km/metre meter/percent per-cent
"""

# Words that news uses for one another; only such as hold in nearly every sentence.
_ALIKE = """
begin start commence/end finish conclude cease/buy purchase acquire/help aid assist/
say tell declare/show demonstrate/need require necessary/large big/build construct/
choose select/get obtain receive/try attempt/hit strike/kill slay/seize capture/happen occur/
leader chief head/firm company/cost price/employ hire/allow permit/enable/forbid prohibit ban/
destroy demolish/injure wound hurt/vote ballot/nearly almost/about approximately roughly around/
large-scale big/country nation/fast quick rapid/crash collide/dismiss sack oust/resign quit/
name call term know/kind type sort/basis foundation/car automobile/film movie/doctor physician/
child kid/lawyer attorney/worker employee/soldier troop/aim goal purpose/speak talk/
earthquake quake/blaze fire/drop fall decline decrease/rise increase climb grow/
rebuild reconstruct/wed marry/halt stop/conquer conquest/withdraw withdrawal/lose loss/
die death/win victory/defeat beat/drone uav/reply answer respond/rescue save/
use employ utilise utilize
"""

_OPPOSITES = """
rise fall/gain lose/gain fall/lose rise/win lose/accept reject/accept refuse/approve reject/
support oppose/arrive leave/enter leave/join leave/open close/open shut/begin end/begin stop/
hire dismiss/appoint dismiss/live die/survive die/guilty innocent/convict acquit/allow forbid/
allow refuse/allow deny/import export/success failure/succeed fail/confirm deny/admit deny/
advance retreat/expand shrink/strengthen weaken/improve worsen/public private/true false/
always never/left right/high low/higher lower/highest lowest/large small/larger smaller/
largest smallest/long short/longer shorter/hot cold/warm cool/include exclude/ally enemy/
friend enemy/profit loss/majority minority/maximum minimum/upper lower/urban rural/
domestic foreign/more less/more fewer/most least/best worst/better worse/early late/
earlier later/earliest latest/oldest youngest/oldest newest/old young/north south/east west/
northern southern/eastern western/first last/man woman/male female/strong weak/rich poor/
easy difficult/legal illegal/alive dead/internal external/push pull/agree disagree/agree refuse/
praise criticise/praise criticize/praise condemn/deploy withdraw/arrest release/raise lower/
raise cut/extend shorten/tighten ease/safe dangerous/full empty/morning evening/summer winter/
spring autumn/ancient modern/wet dry/before after/above below/inside outside/with without
"""

_LIGHT = """
name call term type kind sort example instance form way thing part use usual include mean refer
become happen take place make one another certain particular specific general current main primary
give get come go say tell report accord new so various several number amount group people person
someone something year time also associate express describe consider represent
identify different area common typical besides total exact original actual today
"""


def _table(text: str, change: bool) -> dict[str, str]:
    """Return each word of a table by the first of its line; ``change`` makes stems of them."""
    found: dict[str, str] = {}
    for line in " ".join(text.split()).split("/"):
        words = line.split()
        for word in words if change else words[1:]:
            found.setdefault(stem(word) if change else word, stem(words[0]) if change else words[0])
    return found


_FORMS = _table(_IRREGULAR, change=False)
_SAME = _table(_ALIKE, change=True)
_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "mis")


def key(word: str) -> str:
    """Return what stands for a word in a comparison: "began", "starts" and "begin" are one."""
    low = folded(word)
    found = stem(_FORMS.get(low, low))
    return _SAME.get(found, found)


LIGHT = frozenset(key(word) for word in _LIGHT.split())
"""Keys of words that say little of what a sentence is about."""


def _pairs() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in " ".join(_OPPOSITES.split()).split("/"):
        one, other = (key(word) for word in line.split())
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others - {word}) for word, others in found.items()}


_DENIED_BY = _pairs()


def opposites(word: str) -> frozenset[str]:
    """Return the keys of the words that deny the word of this key; few are known."""
    return _DENIED_BY.get(word, frozenset())


def are_opposite(one: str, other: str) -> bool:
    """Say whether one key denies the other: rise and fall, lawful and unlawful."""
    if other in opposites(one):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) > 3 and any(long == prefix + short for prefix in _PREFIXES)
