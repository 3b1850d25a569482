"""A commune's day over a line of 64 kbit/s, 600 ms there and back and 5 % loss, at the line's own speed throughout.

`.venv/bin/python bench/slow_line.py` (as root, for the network namespaces; `tests/nodes/relay_tun.py` says what stands
in for them elsewhere) makes a province and a commune, which writes 200 matters and 40 photos at once, and then one more
matter every twenty seconds while the photos travel. Printed: when the day's matters were there, how long each of the
later ones took, how fast the photos came, and what went over the line. `--minutes` ends it before all photos are there.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests"))

from nodes.relay_tun import Slow, slow_line
from nodes.two_offices import Place, join, two, until

RATE, DELAY, LOSS = 8000.0, 0.3, 0.05
MATTERS, PHOTOS, LEAST, MOST = 200, 40, 200_000, 400_000
EVERY = 20.0  # seconds between two matters while photos travel


def there(province: Place) -> list[tuple[float, int, int, int]]:
    """What the province has told: when, matters, whole files, bytes of files."""
    told = (it.split()[1:] for it in list(province.said) if it.startswith("there "))
    return [(float(at), int(matters), int(files), int(size)) for at, matters, files, size in told]


def day(province: Place, commune: Place, line: Slow, seconds: float) -> None:
    """Write the day's work, and on while its photos travel; what came of it is printed."""
    line.shape.rate, line.shape.delay, line.shape.loss = RATE, DELAY, LOSS
    began, gone = time.monotonic(), line.up.carried
    commune.ask("matters", MATTERS)
    commune.ask("photos", PHOTOS, LEAST, MOST, "photos")
    until(lambda: f"attached {PHOTOS}" in commune.said, "the day's work is written", commune)
    print(f"written in {time.monotonic() - began:.0f} s")
    until(lambda: there(province)[-1][1] >= MATTERS, "the matters are there", commune)
    print(
        f"{MATTERS} matters there after {time.monotonic() - began:.0f} s, {line.up.carried - gone:,} bytes up"
    )
    from_here = there(province)[-1]
    while time.monotonic() < began + seconds and there(province)[-1][2] < 2 * PHOTOS:
        time.sleep(EVERY)
        commune.ask("matters", 1)
        _at, matters, files, size = there(province)[-1]
        print(
            f"{time.monotonic() - began:5.0f} s: {matters} matters, {files} of {2 * PHOTOS} files, {size:,} bytes"
        )
    delays = late(province, commune)
    show(delays, from_here, there(province)[-1])
    print(f"{line.up.carried - gone:,} bytes up, {line.down.carried:,} down, the lost ones and headers too")


def late(province: Place, commune: Place) -> list[float]:
    """Seconds that each matter took that was written after the day's."""
    raised = [float(it.split()[2]) for it in commune.said if it.startswith("raised ")]
    came = {matters: at for at, matters, _files, _size in reversed(there(province))}
    return [
        min(at for count, at in came.items() if count > place) - written
        for place, written in enumerate(raised)
        if place >= MATTERS and max(came) > place
    ]


def show(delays: list[float], first: tuple[float, int, int, int], last: tuple[float, int, int, int]) -> None:
    """The delays of late matters, and the speed of photos."""
    if len(delays) > 1:
        p95 = statistics.quantiles(delays, n=20, method="inclusive")[-1]
        print(f"{len(delays)} matters while photos travelled: {statistics.median(delays):.1f} s in the middle,"
              f" p95 {p95:.1f} s, at most {max(delays):.1f} s")  # fmt: skip
    seconds, size = last[0] - first[0], last[3] - first[3]
    print(f"{last[2]} of {2 * PHOTOS} files whole, {size:,} bytes of them in {seconds:.0f} s:"
          f" {size / max(seconds, 1):,.0f} bytes/s")  # fmt: skip


def main() -> None:
    """Make both, join, measure, print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--minutes", type=float, default=90.0)
    given = options.parse_args()
    with slow_line("bench") as line, two() as (province, commune):
        print("network namespaces" if line.lossy else "sockets: no loss")
        province.host, province.through, commune.through = line.host, line.far, line.near
        province.serve()
        join(province, commune, line.url(province.port))
        commune.serve()
        province.ask("watch")
        until(lambda: bool(there(province)), "the province looks", province)
        day(province, commune, line, given.minutes * 60)


if __name__ == "__main__":
    main()
