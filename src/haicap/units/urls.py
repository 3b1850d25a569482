"""Addresses of the tree of units, and of what an operator does to units, posts and people.

Codes of units are capitals and digits, so that no word of an address can be one. The page of one unit looks
into several rooms and lies in `web`.
"""

from django.urls import path, register_converter

from haicap.units import views, views_posts


class Code:
    """The code of a unit in an address: `31`, `11311`, `31-PC02`."""

    regex = "[0-9A-Z][0-9A-Z-]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Code, "unit")

app_name = "units"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("posts/<uuid:post>/<slug:name>/", views_posts.act, name="post-act"),
    path("<unit:code>/<slug:name>/", views.act, name="act"),
]
