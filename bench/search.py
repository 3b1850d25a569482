"""How long the search page takes: twenty questions of a clerk, a department's officer and a director.

`.venv/bin/python bench/search.py FOLDER [ROUNDS]` asks an installation that was filled by `bench/filling.py`, each
question as a whole request of the signed-in person through every middleware, and prints the medians in milliseconds.
"""

import os
import statistics
import sys
import time
from pathlib import Path

from haicap.config import prepare

PEOPLE = ("clerk.hongbang", "officer.pc02", "director.haiphong")
QUESTIONS = (
    "đường truyền", "duong truyen", "trụ sở", "tru so dot", "công an", "cong an phuong", "phòng", "thiet bi",
    "may phat dien", "mất xe", "tin báo", "tin bao gay roi", "ho so cu tru", "duo", "huong", "11311", "11311-26",
    "9300390", '"tru so"', "khong co gi ca",
)  # fmt: skip


def main() -> None:
    """Ask every question of everybody in turn, in as many rounds, and print what it took."""
    folder, rounds = Path(sys.argv[1]).absolute(), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    os.environ["HAICAP_HOME"] = str(folder)
    with prepare.installation(print):
        taken = measured(rounds)
    print(f"{'':24}" + "".join(f"{account:>20}" for account in PEOPLE))
    for question in QUESTIONS:
        print(
            f"{question:24}" + "".join(f"{statistics.median(taken[who, question]):20.1f}" for who in PEOPLE)
        )
    for name, of in (("median", statistics.median), ("slowest question", max)):
        its = (of([statistics.median(taken[who, question]) for question in QUESTIONS]) for who in PEOPLE)
        print(f"{name:24}" + "".join(f"{each:20.1f}" for each in its))


def measured(rounds: int) -> dict[tuple[str, str], list[float]]:
    """Milliseconds of each request, by account and question; a first round that warms up is left out."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    clients = {}
    for account in PEOPLE:
        clients[account] = Client()
        clients[account].force_login(
            User.objects.get(username=account), "allauth.account.auth_backends.AuthenticationBackend"
        )
    taken: dict[tuple[str, str], list[float]] = {
        (who, question): [] for who in PEOPLE for question in QUESTIONS
    }
    for turn in range(rounds + 1):
        for who, question in taken:
            begun = time.perf_counter()
            answer = clients[who].get("/search/", {"q": question})
            lasted = (time.perf_counter() - begun) * 1000
            assert answer.status_code in (200, 302), (who, question, answer.status_code)
            if turn:
                taken[who, question].append(lasted)
    return taken


if __name__ == "__main__":
    main()
