"""A history for every kind of entry of norms and of facts of units."""

from datetime import date

from haicap.means.norms import entries as n
from haicap.units.entries import Label

DAY = date(2026, 1, 5)
SAID = {
    "name": Label(vi="Máy tính", en="Computers"), "means": "computer", "units": ("commune", "ward"), "rounding": "up",
    "lines": (
        n.Line(formula="20.0", when=n.When(units=("ward",), remote=False)), n.Line(formula="officers * 0.5"),
    ),
    "rule": "Quyết định 1", "mark": "verified", "since": DAY, "issuer": "31-PH10",
}  # fmt: skip
PUBLISHED = n.NormPublished.model_validate({**SAID, "code": "computers", "province": "31"})
REVISED = n.NormRevised.model_validate({**SAID, "until": date(2027, 1, 1), "changed": "Hết hiệu lực"})
WITHDRAWN = n.NormWithdrawn(reason="Thay bằng quyết định 2", since=date(2026, 6, 1))
STATED = n.FactStated(
    unit="11311", fact="population", value="52000", since=DAY, source="Niên giám", synthetic=True
)
