"""What the votes of the preference study say: figures by hand, picture, CSV, who may look."""

import csv
import io
import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from learning.models import Trial
from learning.preference import drawing
from learning.preference.report import Pair, report
from learning.preference.report import voted as votes_on
from learning.preference.statistics import bootstrap, sign_test, wilson
from tests.preference import study

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STORY, NEUTRAL, FALLBACK = Trial.Condition
RESULTS = "/admin/learning/trial/resultados/"
CSV = "/admin/learning/trial/votos.csv"
STYLES: frozenset[str] = frozenset({STORY, NEUTRAL})
STAND_IN: frozenset[str] = frozenset({NEUTRAL, FALLBACK})

# Of the votes that are cast below, by scipy 1.17 (binomtest, its proportion_ci by Wilson, and
# bootstrap of 20,000 draws of persons): Wilson, persons, p of the signs of votes and of persons.
BY_SCIPY = (
    ((0.4587760, 0.7083323), (0.4746, 0.7000), (0.2288055412343561, 0.26317596435546875)),
    ((0.8478082, 0.9750344), (0.8033, 1.0000), (1.3821257506541063e-13, 4.00543212890625e-05)),
    ((0.3401293, 0.5827595), (0.3710, 0.5441), (0.6089207154048286, 1.0)),
)


@pytest.fixture
def chief(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("jefa", password="x"))
    return client


def pair(*persons: tuple[int, int]) -> Pair:
    return Pair(STORY, NEUTRAL, same=0, skipped=0, persons=persons)


def words(client: Client, address: str = RESULTS) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_wilson_by_hand() -> None:
    # 61 of 100: centre (0.61 + 0.0192073) / 1.0384146, half 1.959964 * 0.0498839 / 1.0384146
    assert wilson(61, 100) == pytest.approx((0.5120, 0.6998), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)  # z2 / (10 + z2)
    assert wilson(10, 10) == pytest.approx((0.7225, 1), abs=1e-4)
    assert wilson(0, 0) == (0, 1)


def test_the_sign_test_by_hand() -> None:
    assert sign_test(0, 0) == 1
    assert sign_test(5, 5) == 1
    assert sign_test(5, 0) == sign_test(0, 5) == 2 / 32
    assert sign_test(9, 1) == 2 * (10 + 1) / 1024
    assert sign_test(610, 300) < 1e-20  # exact, however many


def test_the_bootstrap_draws_persons_not_votes() -> None:
    assert bootstrap([]) is bootstrap([(4, 0)]) is bootstrap([(4, 1), (0, 0)]) is None
    assert bootstrap([(2, 2)] * 50) == (0.5, 0.5)  # persons who all are alike
    # Two persons who always choose otherwise: 0, 1/2 and 1 with 1/4, 1/2 and 1/4.
    assert bootstrap([(4, 0), (0, 4)]) == (0, 1)
    low, high = bootstrap([(4, 0)] * 30 + [(0, 4)] * 20) or (0, 0)
    # A share of 50 persons: 0.6 +- 1.96 * sqrt(0.24 / 50). As votes of 200 it would be 0.07.
    assert (low, high) == pytest.approx((0.464, 0.736), abs=0.03)
    assert wilson(120, 200).low > low + 0.05


def test_a_preference_is_of_persons() -> None:
    assert pair(*[(4, 0)] * 25).preferred == STORY
    assert pair(*[(0, 4)] * 25).preferred == NEUTRAL
    assert pair((60, 0), *[(1, 1)] * 24).preferred is None  # one person alone is no majority
    found = pair((4, 0), (3, 1), (2, 2), (0, 1))
    assert (found.wins, found.losses, found.share) == (9, 4, 9 / 13)
    assert found.p_persons == sign_test(2, 1) == 1


def test_votes_are_counted_whatever_the_order_they_were_heard_in() -> None:
    study.voted(0, {STYLES: [STORY, STORY, NEUTRAL, ""], STAND_IN: [NEUTRAL, ""]})
    study.voted(1, {STYLES: [STORY, ""]})
    study.voted(2, {STYLES: [NEUTRAL] * 9}, voice="older")
    Trial.objects.filter(participant__number=1, position=1).update(choice="skipped")
    found = report(list(votes_on(study.VOICE)))
    assert (found.persons, found.votes, found.skipped, found.decided) == (2, 7, 1, 5)
    styles, apart, stand_in = found.pairs
    assert (styles.left, styles.right) == (STORY, NEUTRAL)
    assert (styles.wins, styles.losses, styles.same, styles.skipped) == (3, 1, 1, 1)
    assert styles.shares == (3 / 5, 1 / 5, 1 / 5)
    assert (apart.answered, apart.p_votes, apart.share) == (0, 1, 0.5)
    assert (stand_in.wins, stand_in.losses, stand_in.same) == (1, 0, 1)
    # Even positions in the order of the alphabet, odd ones the other way round.
    assert found.first == sum(
        [False, True, True, False]  # neutral/story: story; story/neutral: story; n/s: n; same
        + [False]  # position 4: fallback/neutral: neutral
        + [False]  # position 0 of the other: neutral/story: story
    )


def test_nothing_is_claimed_before_enough_have_voted(chief: Client) -> None:
    assert "Todavía no ha votado nadie" in words(chief)
    for number in range(19):
        study.voted(number, {STYLES: [STORY] * 11})
    page = words(chief)
    assert "Todavía no se puede decir nada." in page and "menos de 20 personas" in page
    assert "se prefiere la voz" not in page
    study.voted(19, {STYLES: [STORY] * 11})
    page = words(chief)
    assert "Todavía no se puede decir nada." not in page
    assert "De cuento / neutra: se prefiere la voz de cuento" in page
    assert page.count("no se ve preferencia") == 2
    assert "Personas: 20 . Votos: 220 ." in page and "220 / 0" in page and "98–100 %" in page


def chosen(trial: Trial, person: int) -> str:
    """What a person votes: for a story to the neutral voice two times in three, to the stand-in
    more often; between neutral and the stand-in without a preference; now and then no difference.
    """
    if (person + trial.position) % 10 == 0:
        return "same"
    likes: dict[frozenset[str], str] = {
        STYLES: STORY if (person + trial.position) % 3 else NEUTRAL,
        STAND_IN: NEUTRAL if trial.position % 2 else FALLBACK,
    }
    liked = likes.get(frozenset({trial.first, trial.second}), FALLBACK if person == 4 else STORY)
    return "a" if trial.first == liked else "b"


def test_votes_cast_in_the_pages_are_what_is_reported(chief: Client, readings: None) -> None:
    cast: Counter[tuple[frozenset[str], str]] = Counter()
    for person in range(20):
        client = Client()
        assert study.agree(client).number == person
        for _ in range(10):
            trial = study.listen(client)
            choice = chosen(trial, person)
            assert study.vote(client, trial, choice) == 302
            preferred = {"a": trial.first, "b": trial.second}.get(choice, "")
            cast[frozenset({trial.first, trial.second}), preferred] += 1
    found = report(list(votes_on(study.VOICE)))
    assert found.is_enough and (found.persons, found.votes, found.decided) == (20, 200, 180)
    for pair in found.pairs:
        both = frozenset({pair.left, pair.right})
        counted = {pair.left: pair.wins, pair.right: pair.losses, "": pair.same}
        assert counted == {each: cast[both, each] for each in counted}
    for pair, known in zip(found.pairs, BY_SCIPY, strict=True):
        drawn = pair.bootstrap
        assert drawn is not None
        assert pair.wilson == pytest.approx(known[0], abs=1e-6)
        assert drawn == pytest.approx(known[1], abs=0.02)  # by chance
        assert (pair.p_votes, pair.p_persons) == pytest.approx(known[2])
    assert found.first_wilson == pytest.approx((0.4006356, 0.5449697), abs=1e-6)
    page = words(chief)
    assert "Personas: 20 . Votos: 200 ." in page and "no se puede decir nada" not in page
    assert "De cuento / neutra: no se ve preferencia" in page
    assert "De cuento / sintética (espeak-ng): se prefiere la voz de cuento" in page
    assert "De cuento / neutra 33 / 23 6 59 % 46–71 % 48–70 % 0,229 0,263" in page


def test_the_picture_has_every_share_in_its_place() -> None:
    study.voted(0, {STYLES: [STORY, STORY, NEUTRAL, ""]})
    drawn = drawing.picture(report(list(votes_on(study.VOICE))))
    row = drawn.rows[0]
    assert [(each.x, each.width, each.percent) for each in row.segments] == [
        (20, 300, 50),
        (320, 150, 25),
        (470, 150, 25),
    ]
    assert row.point == 20 + 200  # two of three: a third of the way from the left one's end
    assert (row.p_votes_says, drawing.chance(0.0009), drawing.chance(0.125)) == (
        "1,0",
        "< 0,001",
        "0,125",
    )
    assert row.wilson[0] > row.point > row.wilson[1] and row.bootstrap is None


def test_a_pair_nobody_voted_on_has_no_share(chief: Client) -> None:
    study.voted(0, {STYLES: [STORY, ""], STAND_IN: ["", ""]})
    page = chief.get(RESULTS).content.decode()
    assert page.count("todavía sin votos") == 1 and page.count("study-point") == 1
    told = words(chief)
    assert "De cuento / sintética (espeak-ng) 0 / 0 0 – – – – –" in told
    assert "Neutra / sintética (espeak-ng) 0 / 0 2 – – – – –" in told


def test_the_results_ask_as_much_for_many_votes(chief: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            words(chief)
        return len(queries)

    study.voted(0, {STYLES: [STORY] * 4})
    one = asked()
    for number in range(1, 6):
        study.voted(number, {STYLES: [STORY] * 4, STAND_IN: [""] * 4})
    assert asked() == one <= 5


def test_the_votes_as_csv_name_nobody(chief: Client) -> None:
    study.voted(0, {STYLES: [STORY, ""]})
    participant = study.voted(1, {STAND_IN: [FALLBACK]})
    participant.user = User.objects.create_user("ana@example.es")
    participant.save()
    answer = chief.get(CSV)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode()
    assert "ana" not in text and str(participant.person) not in text
    found = list(csv.DictReader(io.StringIO(text)))
    assert [each["person"] for each in found] == ["1", "1", "2"]
    assert [each["preferred"] for each in found] == [STORY, "", FALLBACK]
    assert found[2]["first"] == FALLBACK and found[2]["seconds"] == "12.3"
    assert found[0]["voice"] == study.VOICE and found[1]["choice"] == "same"


def test_only_who_may_look_sees_results(chief: Client, author: Client, client: Client) -> None:
    for address in (RESULTS, CSV, "/admin/learning/trial/"):
        assert author.get(address).status_code == 403
        assert client.get(address).status_code == 302
        assert chief.get(address).status_code == 200
    trial = study.voted(0, {STYLES: [STORY]}).trials.get()
    assert chief.post(f"/admin/learning/trial/{trial.pk}/delete/").status_code == 403
    assert chief.get("/admin/learning/trial/add/").status_code == 403


def test_older_voices_are_reported_apart(chief: Client) -> None:
    study.voted(0, {STYLES: [STORY] * 3})
    study.voted(0, {STYLES: [NEUTRAL] * 5}, voice="older")
    assert "Votos: 3 ." in words(chief, f"{RESULTS}?voz={study.VOICE}")
    assert "Votos: 5 ." in words(chief, f"{RESULTS}?voz=older")
    assert "Otras versiones:" in words(chief)
