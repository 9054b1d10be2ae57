"""A language is told from the text only where that is clear; tags are read as people write them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from index.readers.language import detected, normalised

SENTENCES = {
    "en": "The old bridge was closed on Monday after engineers found cracks in its piers.",
    "de": "Die alte Brücke wurde am Montag gesperrt, nachdem Ingenieure Risse gefunden hatten.",
    "fr": "Le vieux pont a été fermé lundi après que des ingénieurs ont trouvé des fissures.",
    "es": "El viejo puente fue cerrado el lunes después de que encontraran grietas en sus pilares.",
    "cs": "Starý most byl v pondělí uzavřen poté, co inženýři našli v jeho pilířích trhliny.",
    "pl": "Stary most został zamknięty w poniedziałek po tym, jak inżynierowie znaleźli pęknięcia.",
    "no": "Den gamle broen ble stengt mandag etter at ingeniører fant sprekker i pilarene.",
    "ru": "Старый мост закрыли в понедельник после того, как инженеры нашли трещины в его опорах.",
    "uk": "Старий міст закрили в понеділок після того, як інженери знайшли тріщини в його опорах.",
    "ja": "技術者が橋脚にひび割れを発見したため、古い橋は月曜日に閉鎖された。修理が要る。",
    "zh": "工程师在桥墩上发现裂缝后，这座旧桥于周一关闭。修理将花费三百万欧元，市长这样说。",
    "ar": "أغلق الجسر القديم يوم الاثنين بعد أن وجد المهندسون شقوقا في دعاماته.",
}


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items())
def test_one_sentence_shows_its_language(code: str, sentence: str) -> None:
    assert detected(sentence) == code


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n ", "Yes.", "Hello there", "x" * 500),
        "1987 31 14 3.2 2024-08-19 12:30 +420 596 123 456 " * 20,
        "Abe Beame, Alex Wilhelm, Adriana Morga, Eva Malá, Jan Dohnal, Aidan Wohl, Sarah Fielding",
        "for (i = 0; i < n; i++) { a[i] = b[i] ^ c[k]; }\n" * 20,
        "Stari most zatvoren je u ponedjeljak nakon što su inženjeri pronašli pukotine.",
    ],
)
def test_what_is_not_clear_is_not_told(text: str) -> None:
    assert detected(text) is None


def test_only_the_beginning_is_looked_at() -> None:
    assert detected(SENTENCES["en"] * 60 + SENTENCES["de"] * 600) == "en"
    assert detected(f"{SENTENCES['cs']} \ud800\x00") == "cs"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        *(("en-US", "en"), ("EN_gb", "en"), ("eng", "en"), (" en ", "en"), ("en_US.UTF-8", "en")),
        *(("zh-Hans-CN", "zh"), ("ger", "de"), ("deu", "de"), ("iw", "he"), ("nb-NO", "no")),
        *(("x-default", None), ("C", None), ("English", None), ("", None), ("en, de", None)),
        *((None, None), (7, None), (["en"], None), ("und", None), ("xx", None), ("en" * 99, None)),
    ],
)
def test_a_tag_becomes_two_letters(tag: object, code: str | None) -> None:
    assert normalised(tag) == code


def test_the_model_is_loaded_by_the_first_text_and_not_before() -> None:
    code = (
        "import sys, index.readers.language as l\n"
        "l.normalised('en'), l.detected('no')\n"
        "print('py3langid' in sys.modules)\n"
        "l.detected('The old bridge was closed on Monday, said the city.')\n"
        "print('py3langid' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
