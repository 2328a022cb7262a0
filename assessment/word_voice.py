"""A single word read aloud: one of an exercise or of the tips, not whatever somebody types."""

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from assessment import tips
from learning.models import Exercise
from learning.voice_views import spoken
from speech import lexicon


@require_safe
def word_voice(request: HttpRequest, word: str, speed: str, kind: str) -> HttpResponse:
    word = word.lower()
    # PostgreSQL refuses to look for a NUL.
    if not (word in tips.words() or (word.isprintable() and _is_taught(word))):
        raise Http404(word)
    return spoken(request, word, speed, kind)


def _is_taught(word: str) -> bool:
    """Whether an exercise holds it as a word of its own."""
    holding = Q(text__icontains=word) | Q(kind="dialogue", content__answer__icontains=word)
    texts = (exercise.said or exercise.text for exercise in Exercise.objects.filter(holding))
    return any(word in map(str.lower, lexicon.words(text)) for text in texts)
