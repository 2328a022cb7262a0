"""What templates ask about the voice."""

from django import template

from learning import voice

register = template.Library()


@register.simple_tag
def voice_is_stand_in() -> bool:
    return voice.current() is voice.STAND_IN
