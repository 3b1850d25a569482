"""What tests that look at every page have of equipment: things in each state, hand-overs, stock-takes."""

from haicap.means.things import recording
from haicap.units.rights import tell_database
from haicap.units.sign_in import today
from means.counting import closes, counts, opens
from means.store import does, gives, records, takes
from pages import person


def equipped() -> None:
    """The ward's things in each state; hand-overs with the department; a stock-take signed, one going on."""
    tell_database(person("director"))
    one, other, third, fourth = records("computer", 4, place="Kho", name="Máy bàn")
    (chairs,) = records("chair", 40, place="Kho")
    (radio,) = records("radio", account="logistics_head", at_unit="31-PH10")
    closes(counts(counts(opens(), one), chairs, 40))
    does(recording.judge, one, condition="broken", when=today(), note="Không lên nguồn")
    does(recording.send, one, to="Cửa hàng", when=today())
    takes(gives(chairs, to="31-PH10", counts={chairs.id: 10}), chairs, receiver="31-PH10")
    gives(radio, to="11311", account="logistics_head")
    tell_database(person("director"))
    for thing in (other, third):
        does(recording.recount, thing, count=1, reason="Để ở kho tạm", when=today())
    its = counts(counts(opens("Kho"), chairs, 28), chairs, 29, account="officer")
    counts(counts(its, other, place="Phòng họp"), None, 2, how="words", words="Quạt đứng")
    assert fourth
