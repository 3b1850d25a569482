"""How one count stands to another, and how sure that is: the ratio of two Poisson counts.

Given x + y events in two periods of equal length, x is binomial; the exact interval of its share (Clopper and
Pearson, Biometrika 26, 1934, 404-413) gives that of the ratio (Przyborowski and Wilenski, Biometrika 31, 1940,
313-323). It never covers less than it says, whatever the counts.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, sqrt

LEVEL = 0.95
_Z = 1.959963984540054
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Change:
    """`now` against `then`; `low` and `high` bound the change of the underlying rate, as shares (-0.1: -10 %)."""

    now: int
    then: int
    low: float
    high: float

    @property
    def by(self) -> int:
        """The difference of the counts."""
        return self.now - self.then

    @property
    def share(self) -> float | None:
        """The difference as a share of `then`; None where that is nothing."""
        return self.by / self.then if self.then else None

    @property
    def sure(self) -> bool:
        """Whether the interval leaves no change out, so that one may speak of more or less."""
        return self.low > 0 or self.high < 0


@lru_cache(maxsize=4096)
def change(now: int, then: int) -> Change:
    """How `now` stands to `then`, counts of periods of equal length, with a 95 % interval.

    With nothing in either period nothing is known: the interval is everything from -100 % on.
    """
    if not now and not then:
        return Change(0, 0, -1.0, inf)
    low, high = share_interval(now, now + then)
    return Change(now, then, _ratio(low) - 1, _ratio(high) - 1)


def _ratio(share: float) -> float:
    return inf if share >= 1 else share / (1 - share)


def share_interval(x: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """The Clopper-Pearson interval of x successes in n trials."""
    tail = (1 - level) / 2
    low = beta_quantile(tail, x, n - x + 1) if x else 0.0
    high = beta_quantile(1 - tail, x + 1, n - x) if x < n else 1.0
    return low, high


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x at which the beta distribution function of (a, b) is p: Newton's steps within a shrinking bracket."""
    low, high = 0.0, 1.0
    mean = a / (a + b)
    x = min(0.999, max(0.001, mean + (_Z if p > 0.5 else -_Z) * sqrt(mean * (1 - mean) / (a + b + 1))))
    norm = lgamma(a + b) - lgamma(a) - lgamma(b)
    for _step in range(100):
        off = beta_share(x, a, b) - p
        low, high = (low, x) if off > 0 else (x, high)
        slope = exp(norm + (a - 1) * log(x) + (b - 1) * log1p(-x))
        nearer = x - off / slope if slope > _TINY else inf
        if not low < nearer < high:
            nearer = (low + high) / 2
        if abs(nearer - x) <= 1e-12 * x:
            return nearer
        x = nearer
    return x


def beta_share(x: float, a: float, b: float) -> float:
    """The beta distribution function I_x(a, b), 0 < x < 1 (DLMF 8.17.22, by Lentz's method)."""
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    h = d
    for m in range(1, 500):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for term in (even, odd):
            d = 1 / _off_zero(1 + term * d)
            c = _off_zero(1 + term / c)
            step = d * c
            h *= step
        if abs(step - 1) < 1e-14:
            break
    return h


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
