"""The board's words for templates: `{% load board %}`."""

from django import template

from haicap.matters.board import words

register = template.Library()
register.filter("compared", words.compared)
register.filter("share", words.share)
register.filter("interval", words.interval)
register.filter("few", words.few)
register.filter("days", words.days)
register.filter("age", words.age)
