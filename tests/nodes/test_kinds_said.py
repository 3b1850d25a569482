"""What an entry is, in words."""

from django.utils.translation import override

from haicap.journal.kinds import KINDS
from haicap.nodes.kinds_said import ABOUT, DONE, kind_said


def test_every_kind_has_words_and_no_words_are_left_over() -> None:
    its = [
        name for name, kind in KINDS.items() if kind.body.__module__.startswith("haicap.")
    ]  # not the tests' own
    parts = [name.partition(".") for name in its]
    assert {about for about, _dot, _done in parts} <= ABOUT.keys()
    assert {done for _about, _dot, done in parts} <= DONE.keys()
    assert ABOUT.keys() - {about for about, _dot, _done in parts} == set()
    assert DONE.keys() - {done for _about, _dot, done in parts} == set()


def test_a_kind_is_said_in_both_languages() -> None:
    assert kind_said("matter.handed_over") == "hồ sơ vụ việc: bàn giao, chuyển đi"
    with override("en"):
        assert kind_said("matter.handed_over") == "matter: handed over"


def test_a_kind_of_a_newer_version_is_shown_as_it_is() -> None:
    assert kind_said("drone.flown") == "drone.flown"
    assert kind_said("matter.sung") == "matter.sung"
