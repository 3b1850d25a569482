"""Histories of plans, as `histories` has them for the room."""

from datetime import date

from haicap.means.distances.entries import DistanceStated, DistanceWithdrawn
from haicap.means.plans import entries as e
from haicap.means.plans.outcome import Answer, Item, Said, Without

ITEM = Item(key="11311>11329:officer", from_unit="11311", to_unit="11329", what="officer", count=2, km="3.4")
ANSWER = Answer(
    items=(ITEM,), without=(Without(unit="11329", what="driver", count=1, reason="nobody-near"),),
    figures=(Said(code="shortage-before", value="3"),), value="1", bound="1", gap="0", inputs="a" * 64,
)  # fmt: skip
ADOPTED = e.PlanAdopted(
    name="Điều động hỗ trợ quý I", sort="staff", province="31", paper="15/KH-PX01", due=date(2026, 3, 31),
    asked={"longest": "40"}, kept=(ITEM.key,), answer=ANSWER,
)  # fmt: skip
WITHDRAWN = e.PlanWithdrawn(reason="Thay bằng phương án quý II")
STATED = DistanceStated(province="31", from_unit="11311", to_unit="11329", km="7.50", source="Quốc lộ 5")
UNSTATED = DistanceWithdrawn(reason="Đường cũ")
