"""Does a sentence of an article give orders to a model, instead of telling something?

Such a sentence is no evidence: a model that heeds it says what it was told to, and the words would
be found in the article. Known wordings only, in nine languages, so this is a second line: what
always holds is that a sentence is shown only with characters of an article that carry it. The
articles stay as they are, are found, and are quoted where no model drafts.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["gives_orders"]

_OVERRIDES = (
    r"\b(?:ignor\w+|disregard\w*|forget|overrid\w+|bypass\w*|discard)\b.{0,40}"
    r"\b(?:instructions?|prompts?|rules|guidelines|directives?|constraints|system message"
    r"|(?:everything|anything|all|text|messages?) (?:above|before|previous|prior|you were told)"
    r"|(?:other|all|previous|numbered|above) (?:sources?|passages?|articles?))\b",
    r"\b(?:ignorier\w*|vergiss|vergessen sie|missacht\w*)\b.{0,50}"
    r"\b(?:anweisung\w*|instruktion\w*|regeln|vorgaben|anderen quellen)\b",
    r"\b(?:ignore[rz]?|ignores|oublie[rz]?|ne tiens pas compte|ne tenez pas compte)\b.{0,50}"
    r"\b(?:instructions?|consignes?|regles|directives|autres sources)\b",
    r"\b(?:ignor[aei]\w?|olvid[ae]\w?|haz caso omiso|esquec\w+|dimentic\w+)\b.{0,50}"
    r"\b(?:instrucciones|indicaciones|reglas|instrucoes|regras|istruzioni|regole"
    r"|(?:demas|otras|outras|altre) (?:fuentes|fontes|fonti))\b",
    r"\b(?:игнорируй\w*|забудь\w*|не обращай\w* внимания)\b.{0,50}"
    r"\b(?:инструкци\w+|указани\w+|правил\w*|других источник\w+)",
    r"(?:忽略|無視|无视|忘记|忘記|忘れ|不要理会).{0,16}(?:指令|指示|说明|規則|规则|提示|ルール)",
    r"(?:指令|指示|说明|规则|提示|ルール).{0,8}(?:忽略|無視|无视|忘れ)",
    r"(?:تجاهل|انس |تجاهلوا).{0,40}(?:تعليمات|اوامر|قواعد|ارشادات|مصادر)",
)
_ADDRESSED = (
    r"\b(?:you are|you're|act as|pretend (?:to be|you are)|behave (?:as|like)|role-?play as)\b"
    r"(?: now| from now on| no longer)?(?: an?| the)? (?:[\w-]+ ){0,3}?"
    r"(?:ai|assistant|language model|chat ?bot|llm|dan)\b",
    r"\b(?:note|message|instructions?|notice|attention|reminder|request|memo)s? "
    r"(?:to|for) (?:the |any |all |every )?(?:\w+ )?"
    r"(?:ai|ais|assistants?|language models?|llms?|chat ?bots?|models?)\b",
    r"\b(?:ai|assistants?|language models?|llms?|chat ?bots?)(?: \w+)? "
    r"(?:reading|processing|summari[sz]ing|answering|that reads?|who reads?) ",
    r"\b(?:dear|attention|hey|hello) (?:ai|assistants?|language models?|llms?|chat ?bots?)\b",
    r"\b(?:du bist|sie sind)(?: nun| jetzt| ab sofort| kein\w*| ein\w*){1,2} (?:\w+ ){0,2}"
    r"(?:assistent\w*|ki\b|sprachmodell|chat ?bot)",
    r"\b(?:tu es|vous etes)(?: maintenant| desormais)?(?: une?) (?:\w+ ){0,2}"
    r"(?:assistant|ia|modele|chat ?bot)\b",
    r"\b(?:eres|usted es)(?: ahora)?(?: una?) (?:\w+ ){0,2}(?:asistente|ia|modelo|chat ?bot)\b",
    r"\bты(?: теперь)? (?:\w+ ){0,2}(?:ассистент|помощник|чат-?бот|модель|ии)\b",
    r"你(?:现在)?是.{0,8}(?:助手|模型|机器人)|あなたは.{0,12}(?:アシスタント|モデル)",
    r"\b(?:system|developer|hidden|admin(?:istrator)?) "
    r"(?:prompt|message|instructions?|override|note|notice)\s*[:\]>=-]",
    r"(?:^|[\n.>*\]}#] ?)(?:system|assistant)\s*:(?!//)",
    r"<\s?\|\s?(?:im_start|start_header_id|system|user|assistant|begin_of_text)|<<\s?sys"
    r"|\[\s?/?inst\]|<\s?/?(?:start_of_turn|end_of_turn|think|tool_call)>"
    r"|<\s?\|\s?[\w▁]+\s?\|\s?>",
    r"\b(?:begins?|starts?|ends?|finish\w*) (?:each|every|your|its|all) "
    r"(?:repl\w+|answers?|responses?)",
    r"\b(?:when(?:ever)?|if|each time) (?:\w+ ){0,4}"
    r"(?:asks?|asked|answering|summari[sz]ing|prompted)\b.{0,60}"
    r"\b(?:answer|respond|reply|output|claim|tell (?:them|him|her|the user))\b",
    r"\bnot in the sources\b",  # what a model is asked to write when it finds nothing
    r"\b(?:reveal|print|show|leak|repeat|output|include|append)\b.{0,20}"
    r"\b(?:system prompt|your (?:prompt|instructions)|user's question|question of the user)\b",
)
# What is to be said stands behind it, in quotation marks, in capitals or after a colon.
_TOLD = (
    r"(?:^|[.:;,!?—(*#>\])-]"
    r"|\b(?:you|must|should|shall|always|please|instead|only|and|questions?|prompts?))"
    r"\s*(?:always |only )?(?:answer|respond|reply|output|print|say|write|repeat|insert)\b"
)
_SAID = (
    r"(?:only|exactly|always|verbatim|nothing but|in one word|(?:with |by )?(?:only |exactly )?"
    r"the (?:exact )?(?:words?|phrase|sentence|code|token|following))"
)
_DICTATED = (
    rf"{_TOLD},? (?:\w+ ){{0,2}}?{_SAID}\b",
    rf"{_TOLD}(?: with| this)?\s?[:\"“«„]",
    r"\b(?:antworte|antworten sie|schreib\w*|sag\w*|gib)\b,? (?:sie )?(?:stets |immer |bitte )?"
    r"(?:nur|ausschliesslich|immer|stets|genau|lediglich)\b",
    r"\b(?:reponds|repondez|ecris|ecrivez|dis|dites)\b,? (?:\w+ )?"
    r"(?:uniquement|seulement|toujours|exactement|simplement|par)\b",
    r"\b(?:responde|responda|contesta|conteste|escribe|escriba|di|diga|rispondi|responda)\b,? "
    r"(?:solo|solamente|unicamente|siempre|exactamente|sempre|apenas|soltanto|con)\b",
    r"\b(?:ответь|отвечай|напиши|скажи|пиши)\w*\b,? (?:\w+ )?(?:только|всегда|лишь|словами?)\b",
    r"(?:只|仅|必须|始终|一律|都)(?:要|能|需)?(?:回答|回复|輸出|输出|说)",
    r"(?:اجب|رد|اكتب|قل) (?:\w+ )?(?:فقط|دائما|بعبارة|بكلمة)",
)
_PATTERNS = tuple(re.compile(one) for one in (*_OVERRIDES, *_ADDRESSED))
_DICTATES = tuple(re.compile(one) for one in _DICTATED)
_QUOTED = re.compile(r"[\"“”«»„‘「『:：]|\b[A-Z]{2,}")
_MIXED = re.compile(r"\w*(?:[a-z]\w*[а-яіјѕԁԛο-ω]|[а-яіјѕԁԛο-ω]\w*[a-z])\w*")
_LOOK_ALIKE = str.maketrans("аеорсухіјѕԁԛһκνοιρτ", "aeopcyxijsdqhkvoipt")


def gives_orders(sentence: str) -> bool:
    """Say whether a sentence is addressed to whoever answers, and tells it what to do or say.

    Letters of full width, invisible ones and those of another alphabet that look alike are read as
    what they stand for.
    """
    folded = _folded(sentence)
    if any(pattern.search(folded) for pattern in _PATTERNS):
        return True
    return bool(_QUOTED.search(sentence)) and any(one.search(folded) for one in _DICTATES)


def _folded(sentence: str) -> str:
    """Return a sentence in small letters without marks, in one alphabet a word."""
    parts = unicodedata.normalize("NFKD", sentence).casefold()
    kept = "".join(
        " " if char.isspace() else char
        for char in parts
        if unicodedata.category(char) not in ("Mn", "Cf")
    )
    plain = _MIXED.sub(lambda match: match.group().translate(_LOOK_ALIKE), kept)
    return " ".join(plain.split()).replace("’", "'")
