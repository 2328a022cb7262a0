"""The player: exercises one at a time, every answer checked here, and how it went at the end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import consent, profiles
from learning.exercises import playing, recording, slowly
from learning.exercises.checking import NotAnAnswer, check
from learning.exercises.playing import Play
from learning.exercises.questions import questions
from learning.exercises.summary import Summary
from learning.models import Exercise, Lesson, Sitting
from learning.progress import GOOD
from learning.voice_views import spoken

MOST_TURNS = 1000


@never_cache
@require_safe
def play(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A lesson or quiz from where it was left; without a name, what is due today."""
    lesson = _lesson(request, slug)
    profile = profiles.current(request, create=False)
    now = timezone.now()
    found = playing.standing(lesson, profile, now)
    if found.sitting is not None and not found.queue:  # what was left is not there any more
        found.end_if_done(now)
        found = playing.standing(lesson, profile, now)
    if lesson is None and found.sitting is None:  # today's plan is settled when it is begun
        return redirect("learning:today")
    context = {
        "profile": profile,
        "lesson": lesson,
        "play": found,
        "questions": questions(found.exercises.values()),
        "may_record": consent.may_record(profile),
        "good_from": GOOD,
        "answer_url": _url("answer", slug),
        "leave_url": lesson.get_absolute_url() if lesson else reverse("learning:home"),
    }
    return render(request, "learning/player/play.html", context)


@never_cache
@require_POST
def answer(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Check what was answered, write it down, and say what comes next."""
    try:
        sent = Sent.parse(request.body)
        return _answer(request, slug, sent)
    except NotAnAnswer as error:
        return JsonResponse({"code": error.code, "plain": str(error.plain)}, status=422)
    except Http404:
        plain = _("Esto ya no está aquí: alguien lo ha cambiado. Vuelve al inicio.")
        return JsonResponse({"code": "gone", "plain": plain}, status=404)


def _answer(request: HttpRequest, slug: str, sent: Sent) -> HttpResponse:
    lesson = _lesson(request, slug)
    profile = profiles.current(request)
    assert profile is not None
    sitting = (
        Sitting.objects.filter(pk=sent.sitting, profile=profile, lesson=lesson).first()
        if sent.sitting
        else playing.begin(lesson, profile, timezone.now())
    )
    if sitting is None:
        raise Http404(slug)
    result = _taken(playing.of_sitting(lesson, sitting), sitting, sent)
    play = playing.of_sitting(lesson, sitting)
    play.end_if_done(timezone.now())
    result |= {"turn": play.next_turn, "queue": play.queue, "done": play.done, "total": play.total}
    ended = {"sitting": str(sitting.pk), "summary": _url("played", slug, sitting.pk)}
    return JsonResponse(result | ended)


def _taken(play: Play, sitting: Sitting, sent: Sent) -> dict[str, Any]:
    """What a turn comes to; one that was taken already changes nothing."""
    now = timezone.now()
    result: dict[str, Any] = {}
    if sent.quiet:
        play.be_quiet()
    else:
        exercise = play.exercises.get(sent.exercise)
        if exercise is None:
            raise Http404(sent.exercise)
        wanted = exercise.pk in play.queue
        if exercise.pk in play.spoken:
            right = recording.said(sitting, sent.turn, exercise, now) if wanted else False
            if right is None:
                raise NotAnAnswer("not_said")
        else:
            checked = check(exercise.as_read(), sent.given)
            right = checked.right
            if wanted:
                recording.answered(sitting, sent.turn, exercise, checked, now)
            (question,) = questions([exercise])
            context = {"solution": question.solution(checked), "quiz": play.is_quiz}
            result["html"] = render_to_string("learning/player/feedback.html", context)
        result["right"] = right
    return result


@never_cache
@require_safe
def played(request: HttpRequest, sitting: UUID, slug: str = "") -> HttpResponse:
    """How a sitting went, and what to review; a fragment for the page of the player."""
    lesson = _lesson(request, slug)
    profile = profiles.current(request, create=False)
    found = get_object_or_404(Sitting, pk=sitting, profile=profile, lesson=lesson)
    context = {"lesson": lesson, "summary": Summary(playing.of_sitting(lesson, found))}
    return render(request, "learning/player/summary.html", context)


@require_safe
def exercise_voice(
    request: HttpRequest, pk: int, which: int, speed: str, kind: str
) -> HttpResponse:
    """One of the texts of an exercise, read aloud."""
    heard = get_object_or_404(Exercise, pk=pk).heard
    if which >= len(heard):
        raise Http404(which)
    return spoken(request, heard[which], speed, kind)


@require_safe
def syllable_voice(
    request: HttpRequest, pk: int, which: int, speed: str, kind: str
) -> HttpResponse:
    """One syllable of what is said slowly."""
    exercise = get_object_or_404(Exercise, pk=pk, kind=Exercise.Kind.SAY_SLOWLY)
    syllables = slowly.spoken(exercise)
    if which >= len(syllables):
        raise Http404(which)
    return spoken(request, syllables[which], speed, kind)


def _url(name: str, slug: str, *arguments: UUID) -> str:
    if slug:
        return reverse(f"learning:{name}", args=[slug, *arguments])
    return reverse(f"learning:{name}_today", args=arguments)


def _lesson(request: HttpRequest, slug: str) -> Lesson | None:
    """None for today's; authors play a lesson before it is published."""
    if not slug:
        return None
    lessons = Lesson.objects.select_related("unit__course")
    if not request.user.has_perm("learning.change_lesson"):
        lessons = lessons.filter(published=True)
    return get_object_or_404(lessons, slug=slug)


@dataclass(frozen=True)
class Sent:
    """What a page sends: an answer, word that something was said, or that nobody can speak now."""

    sitting: UUID | None
    turn: int
    exercise: int
    given: object
    quiet: bool

    @classmethod
    def parse(cls, body: bytes) -> Sent:
        """Raises NotAnAnswer."""
        try:
            raw = json.loads(body)
            sitting = raw.get("sitting")
            sent = cls(
                UUID(sitting) if sitting else None,
                int(raw.get("turn", 0)),
                int(raw.get("exercise", 0)),
                raw.get("given"),
                raw.get("quiet") is True,
            )
        except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
            raise NotAnAnswer("bad_answer") from error
        if not 0 <= sent.turn < MOST_TURNS:
            raise NotAnAnswer("bad_answer")
        return sent
