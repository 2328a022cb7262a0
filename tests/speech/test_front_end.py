"""A text to sentences and phones: every word said as a reader would, nothing skipped."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.errors import PLAIN, SpeechError
from speech.narrator.front_end import LONGEST, Sentence, Word, one_by_one, sentences
from speech.narrator.heteronyms import HETERONYMS
from speech.narrator.reading import WEAK
from speech.narrator.spoken import MAX_CHARS
from speech.phones import INVENTORY, is_vowel, parse


def words(text: str) -> list[Word]:
    return [word for sentence in sentences(text) for word in sentence.words]


def said(text: str) -> str:
    """'DH AH | D AO G' of a text."""
    return " | ".join(" ".join(word.phones) for word in words(text))


def phones(word: str, text: str) -> str:
    return " ".join(next(w for w in words(text) if w.text == word).phones)


def texts(text: str) -> list[str]:
    """Each sentence as its words."""
    return [" ".join(w.text for w in sentence.words) for sentence in sentences(text)]


def check(text: str, found: list[Sentence]) -> None:
    """What holds for every text."""
    done = 0
    covered = set()
    for word in (w for s in found for w in s.words):
        assert text[word.at : word.to] == word.text != ""
        assert word.at >= done
        done = word.to
        covered |= set(range(word.at, word.to))
        assert word.phones and set(word.phones) <= set(INVENTORY)
        assert len(word.stress) == len(word.phones)
        assert all(is_vowel(p) or not d for p, d in zip(word.phones, word.stress, strict=True))
        assert word.starts[0] == 0 and list(word.starts) == sorted(set(word.starts))
        assert word.starts[-1] < len(word.phones)
        assert word.after in ("", ",", ".", "?", "!", "...")
    for sentence in found:
        assert sentence.words and 0 < sentence.pause_s <= 1
        assert sentence.kind in ("statement", "question", "yes_no", "exclamation")
    missed = {at for at, c in enumerate(text) if c.isalnum()} - covered
    assert not missed, [text[at] for at in sorted(missed)]


@given(st.text(max_size=80).filter(lambda t: "<" not in t))
@settings(max_examples=60, deadline=1000)
def test_of_any_text_nothing_is_skipped(text: str) -> None:
    try:
        found = sentences(text)
    except SpeechError as error:
        assert error.code == "nothing_to_say"
        assert not any(c.isalnum() for c in text)
        return
    check(text, found)


MESSY = [
    "Mr. O’Neil’s <b>B</b>ig &amp; bold café… “Hi!” 😀👨‍👩‍👧🇪🇸 ½ ² Ⅳ ① ﬁne 日本 π Привет 𒐀",
    "—¡Hola! —dijo la abuela—. See http://example.com/a_b?c=1, me@x.org #BestDay2024!",
    "5️⃣ 3/5/2024 12:61 1.2.3.4 555-1234 10–15 -3 .5 $5 million 30 °C 1990s x²y _a_ **b**",
    "e\u0301 a\u200bb \u202eabc\u202c A\u0300\u0316\u0332 ١٢٣ ß Æ ŉ ½½ 1½",
]


@pytest.mark.parametrize("text", MESSY)
def test_of_messy_text_nothing_is_skipped(text: str) -> None:
    without_tags = text.replace("<b>", "   ").replace("</b>", "    ")
    found = sentences(without_tags)
    check(without_tags, found)
    assert sentences(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cat and the owl sat.", "DH AH | K AE T | AH N D | DH IY | AW L | S AE T"),
        ("Look at a bag of apples for me.", "L UH K | AH T | AH | B AE G | AH V | AE P AH L Z"
         " | F ER | M IY"),
        ("What is it for?", "W AH T | IH Z | IH T | F AO R"),
        ("the", "DH AH"),
        ("to", "T UW"),
        ("of", "AH V"),
        ("I go to school. I want to.", "AY | G OW | T AH | S K UW L | AY | W AA N T | T UW"),
        ("Plan A", "P L AE N | EY"),
    ],
)  # fmt: skip
def test_function_words_are_weak_inside_a_phrase_only(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("read", "I like to read books.", "R IY D"),
        ("read", "Yesterday he read a book.", "R EH D"),
        ("read", "She has read it.", "R EH D"),
        ("read", "Did you read it?", "R IY D"),
        ("Read", "Read with me!", "R IY D"),
        ("read", "I read every day.", "R IY D"),
        ("live", "We live here.", "L IH V"),
        ("live", "They play live music.", "L AY V"),
        ("lives", "He lives in Spain.", "L IH V Z"),
        ("lives", "Cats have nine lives.", "L AY V Z"),
        ("lives", "It was the best day of their lives.", "L AY V Z"),
        ("Close", "Close the door.", "K L OW Z"),
        ("close", "Please close your eyes.", "K L OW Z"),
        ("close", "He is close to me.", "K L OW S"),
        ("close", "She is a close friend.", "K L OW S"),
        ("use", "You can use it.", "Y UW Z"),
        ("use", "It is of no use.", "Y UW S"),
        ("used", "I used to sing.", "Y UW S T"),
        ("used", "I used a pen.", "Y UW Z D"),
        ("house", "This is my house.", "HH AW S"),
        ("house", "We can house ten people.", "HH AW Z"),
        ("record", "We record songs.", "R IH K AO R D"),
        ("record", "He broke the record.", "R EH K ER D"),
        ("present", "I got a present.", "P R EH Z AH N T"),
        ("present", "Let me present my friend.", "P R IY Z EH N T"),
        ("present", "I will present my friend.", "P R IY Z EH N T"),
        ("object", "A round object fell.", "AA B JH EH K T"),
        ("object", "They object to it.", "AH B JH EH K T"),
        ("wind", "The wind blew.", "W IH N D"),
        ("wind", "Wind up. You wind up the clock.", "W AY N D"),
        ("tear", "A tear fell.", "T IH R"),
        ("tear", "Do not tear it apart.", "T EH R"),
        ("bow", "She wore a red bow.", "B OW"),
        ("bow", "They took a bow.", "B AW"),
        ("lead", "A lead pencil.", "L EH D"),
        ("lead", "You lead the way.", "L IY D"),
    ],
)
def test_heteronyms_follow_their_neighbours(word: str, text: str, expected: str) -> None:
    assert phones(word, text) == expected


def test_the_tables_hold_phones_of_the_inventory() -> None:
    for usual, other, _ in HETERONYMS.values():
        assert usual != other and parse(usual) and parse(other)
    assert all(parse(weak) for weak in WEAK.values())


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("42", "forty-two"), ("1990s", "nineteen nineties"), ("10:30", "ten thirty"),
        ("$3.50", "three dollars and fifty cents"), ("$5 million", "five million dollars"),
        ("May 3rd, 2024", "May third, twenty twenty-four"), ("May 3", "May third"),
        ("Jan. 5", "January fifth"), ("3 May", "the third of May"),
        ("3/5/2024", "March fifth twenty twenty-four"),
        ("2024-03-05", "March fifth twenty twenty-four"),
        ("25/12/2024", "December twenty-fifth twenty twenty-four"), ("1/2", "one half"),
        ("3½", "three and one half"), ("24/7", "twenty-four, seven"), ("10-15", "ten to fifteen"),
        ("Dr. Smith", "doctor Smith"), ("Main St.", "Main street"), ("St. Paul", "saint Paul"),
        ("No. 5", "number five"), ("cats, etc.", "cats, et cetera"),
        ("30 °C", "thirty degrees celsius"),
        ("5 km", "five kilometers"), ("1 kg", "one kilogram"), ("20kg", "twenty kilograms"),
        ("60 km/h", "sixty kilometers per hour"), ("Henry VIII", "Henry the eighth"),
        ("Chapter IV", "Chapter four"), ("a red ❤️", "a red, red heart"),
        ("2 * 3 = 6", "two times three equals six"),
        ("x < y", "x less than y"), ("&", "and"), ("Привет", "Cyrillic word"), ("π", "pi"),
        ("cats&amp;dogs", "cats and dogs"), ("**Stop** _it_", "Stop it"),
        ("<p>Hi<br>you</p>", "Hi. You"),
        ("example.com", "example dot com"), ("https://a.es/x", "A. dot es slash X."),
        ("me@dog.org", "me at dog dot org"), ("#BestDay", "hashtag best day"), ("HELLO", "hello"),
    ],
)  # fmt: skip
def test_what_is_no_word_is_said_in_words(text: str, spoken: str) -> None:
    def strong(text: str) -> list[str]:
        full = {"AH N D": "AE N D", "T UW": "T AH", "DH IY": "DH AH", "AH T": "AE T"}
        runs = [
            " ".join(w.phones[a:b])
            for w in words(text)
            for a, b in zip(w.starts, [*w.starts[1:], len(w.phones)], strict=True)
        ]
        return [full.get(run, run) for run in runs]

    assert strong(text) == strong(spoken)


def test_a_sign_that_python_has_no_name_for_is_said_to_be_one() -> None:
    assert said("I see \U000e1234.") == said("I see symbol.")
    assert said("\ue000") == said("symbol")


def test_a_script_is_no_part_of_the_word_beside_it() -> None:
    assert texts("<b>world</b><script>alert('x')</script>") == ["world", "alert x"]


def test_initials_are_letters_and_acronyms_words() -> None:
    assert said("NASA") == "N AE S AH"
    assert said("BBC") == "B IY B IY S IY"
    assert said("the U.S.A.") == "DH AH | Y UW EH S EY"
    assert said("the US won and told us") == "DH AH | Y UW EH S | W AH N | AH N D | T OW L D | AH S"


def test_a_number_of_several_words_says_where_each_begins() -> None:
    (word,) = words("42")
    assert (word.text, word.phones) == ("42", ("F", "AO", "R", "T", "IY", "T", "UW"))
    assert word.starts == (0, 5) and word.stress == (0, 1, 0, 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("text", "spanish"),
    [
        ("My abuela makes tortillas.", "abuela tortillas"),
        ("“¿Qué?” asked Mateo.", "Qué Mateo"),
        ("José's niño saw a cotorra in México.", "José's niño cotorra México"),
        ("I drink coffee at the café in San Francisco.", ""),
        ("No, me and the animal come once. Total: red pan, son.", ""),
        ("She said la casa de mi abuela was big.", "la casa de mi abuela"),
        ("¡Vamos a la playa, John!", "Vamos a la playa"),
        ("La la la, I sing.", ""),
        ("El conejo saltó sobre la piedra y comió 3 manzanas.",
         "El conejo saltó sobre la piedra y comió 3 manzanas"),
        ("Me gusta mucho el chocolate.", "Me gusta mucho el chocolate"),
    ],
)  # fmt: skip
def test_spanish_is_read_with_spanish_sounds(text: str, spanish: str) -> None:
    found = words(text)
    assert " ".join(w.text for w in found if w.spanish) == spanish
    english = [w for w in found if not w.spanish]
    assert not any(p.startswith("es_") for w in english for p in w.phones)


def test_a_name_without_its_accent_is_stressed_as_with_it() -> None:
    assert phones("Maria", "My aunt Maria came.") == phones("María", "My aunt María came.")
    assert phones("vaca", "La vaca y la mesa grande.") == "es_b es_a K es_a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I met Dr. Lee. He ran.", ["I met Dr. Lee", "He ran"]),
        ("“Stop!” she said. He did.", ["Stop she said", "He did"]),
        ('"Where?" Tom asked. "Here."', ["Where Tom asked", "Here"]),
        ("Wait... what? Well... No.", ["Wait what", "Well", "No"]),
        ("J. K. Rowling wrote it. It cost 3.50 then.",
        ["J. K. Rowling wrote it", "It cost 3.50 then"]),
        ("It is 5 p.m. Let us go.", ["It is 5 p.m.", "Let us go"]),
        ("The U.S. Army left the U.S. They won.", ["The U.S. Army left the U.S.", "They won"]),
        ("I live on Main St. We eat cake, etc. Then we go.",
         ["I live on Main St.", "We eat cake etc.", "Then we go"]),
        ("Title\n\nOne two\nthree.", ["Title", "One two three"]),
        ("- one\n- two\n1. three", ["one", "two", "1 three"]),
        ("No. I am not 5. You are.", ["No", "I am not 5", "You are"]),
        ("Who am I? I do.", ["Who am I", "I do"]),
    ],
)  # fmt: skip
def test_sentences_end_where_they_do(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I see.", "statement"), ("I see", "statement"), ("Do you see?", "yes_no"),
        ("What do you see?", "question"), ("And why?", "question"),
        ("Tell me, who is it?", "question"),
        ("Run!", "exclamation"), ("¿Dónde está?", "question"), ("You see?!", "yes_no"),
    ],
)  # fmt: skip
def test_the_kind_of_a_sentence(text: str, kind: str) -> None:
    assert [sentence.kind for sentence in sentences(text)] == [kind]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('"I am," she said, "here."', "I am here"),
        ("“I’m here,” he said.", "I’m here"),
        ("'I know,' he said. It's the dogs' bowl.", "I know"),
        ("«Hola», dijo.", "Hola"),
        ("—¡Hola! —dijo la abuela—. ¿Qué tal?\nElla ríe.", "Hola Qué tal"),
        ('"An open quote\n\nends with its paragraph.', "An open quote"),
    ],
)
def test_direct_speech_is_marked(text: str, quoted: str) -> None:
    assert " ".join(w.text for w in words(text) if w.quoted) == quoted


def test_marks_become_pauses() -> None:
    text = 'One, two; three (four) – five... six "seven" eight-nine: ten?'
    after = [w.after for w in words(text)]
    assert after == [",", ",", ",", ",", "...", ",", ",", "", ",", "?"]
    plain, before_speech, paragraph = (
        sentences(text)[0].pause_s for text in ("Yes. No.", 'Yes. "No."', "Yes.\n\nNo.")
    )
    assert plain < before_speech < paragraph


def test_a_long_sentence_is_broken_at_a_pause() -> None:
    clause = "the small dog ran to the old house near the river"
    found = sentences(", ".join([clause] * 9) + "?")
    assert all(sum(len(w.starts) for w in s.words) <= LONGEST for s in found)
    assert all(s.words[-1].text == "river" for s in found)
    assert [s.kind for s in found][:-1] == ["statement"] * (len(found) - 1)
    text = "dog cat house tree river " * 400
    endless = sentences(text)
    check(text, endless)
    assert max(len(s.words) for s in endless) <= LONGEST
    assert sum(len(s.words) for s in endless) == 2000


@pytest.mark.parametrize(
    "text", ["", "  \n", "...!?", "—", "«»", "***", "<p></p>", "\ud800", "###"]
)
def test_nothing_to_say_is_named(text: str) -> None:
    with pytest.raises(SpeechError) as error:
        sentences(text)
    assert error.value.code == "nothing_to_say"
    assert error.value.plain == PLAIN["nothing_to_say"]


def test_fifty_thousand_characters_are_read_and_one_more_is_not() -> None:
    page = ("The cat sat on the mat, and the dog ran. " * 1300)[: MAX_CHARS - 1] + "."
    found = sentences(page)
    assert sum(len(s.words) for s in found) > 11_000
    with pytest.raises(SpeechError) as error:
        sentences(page + "!")
    assert error.value.code == "text_too_long"


def test_a_word_of_two_hundred_letters_is_said_in_pieces() -> None:
    text = "so " + "supercalifragilistic" * 10
    found = sentences(text)
    check(text, found)
    pieces = [w for s in found for w in s.words][1:]
    assert "".join(w.text for w in pieces) == text[3:]
    assert max(len(w.phones) for w in pieces) < 40


@pytest.mark.parametrize("unit", ["<b", "1", "a.", "&a", "\n\u1680", "'a ", "—a", "😀", "a@", "½"])
def test_no_repetition_makes_it_hang(unit: str) -> None:
    sentences("Warm up, abuela.")
    seconds = []
    for size in (300, 1200):
        text = (unit * size)[:size] + " a"
        started = time.process_time()
        sentences(text)
        seconds.append(time.process_time() - started)
    assert seconds[1] < 10 * seconds[0] + 0.1  # in proportion, not squared


def test_the_first_sentence_is_read_before_the_rest() -> None:
    page = "The cat sat on the mat, and the dog ran. " * 1200
    sentences(page[:40])
    started = time.process_time()
    first = next(one_by_one(page))
    soon = time.process_time()
    assert first == sentences(page)[0]
    assert soon - started < (time.process_time() - soon) / 2
    with pytest.raises(SpeechError):
        one_by_one("...")  # at once, not when the first is asked for


def test_a_page_is_read_at_once() -> None:
    page = "Once upon a time, the little parrot said “hello” to 3 cats and an owl! " * 20
    sentences(page)
    started = time.process_time()
    sentences(page)
    assert time.process_time() - started < 0.05
