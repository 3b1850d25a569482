"""django-helpdesk as its own demonstration sets it up, on SQLite, filled and served; runs in its own environment.

`python -P helpdesk_site.py FOLDER fill TICKETS OPEN` loads so many tickets, OPEN of them open; `… FOLDER serve PORT
THREADS` serves them under waitress. Mail is not sent. (`-P`: the file beside this one is not the package.)
"""

import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
from django.conf import settings
from django.urls import include, path

urlpatterns: list[object] = []  # its own, once settings are there
SUBJECTS = (
    "Trụ sở dột khi mưa",
    "Thiếu giấy in",
    "Máy tính không mở",
    "Đường truyền chậm",
    "Xin cấp lại tài khoản",
)
PASSWORD = "mat-khau-xem-thu-2026"


def configure(folder: Path) -> None:
    """Settings after those of its `demodesk`: all its parts on, no debugging."""
    settings.configure(
        SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF="__main__", SITE_ID=1, USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", STATIC_URL="/static/", MEDIA_ROOT=str(folder / "media"),
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "helpdesk.sqlite3")}},
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend", LOGIN_URL="/login/", LOGIN_REDIRECT_URL="/",
        HELPDESK_TEAMS_MODEL="auth.User", HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[],  # as documented for no teams
        HELPDESK_KBITEM_TEAM_GETTER=lambda _: None,
        INSTALLED_APPS=[
            "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
            "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.sites", "django.contrib.humanize",
            "rest_framework", "helpdesk",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
    )  # fmt: skip
    django.setup()
    urlpatterns.append(path("", include("helpdesk.urls")))


def fill(tickets: int, going: int) -> None:
    """One queue, one agent, and tickets over a year with two follow-ups each."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from helpdesk.models import FollowUp, Queue, Ticket

    call_command("migrate", verbosity=0)
    if Ticket.objects.count() >= tickets:
        return
    agent = User.objects.create_superuser("agent", "agent@example.org", PASSWORD)
    queue = Queue.objects.create(title="Desk", slug="desk")
    chance, begin = random.Random("helpdesk"), datetime.now(UTC) - timedelta(days=365)
    open_ones = set(chance.sample(range(tickets), going))
    made = Ticket.objects.bulk_create(
        (
            Ticket(
                queue=queue, title=f"{chance.choice(SUBJECTS)} {n}", status=1 if n in open_ones else 4, priority=3,
                created=begin + timedelta(seconds=n * 31_000_000 / tickets), modified=begin, assigned_to=agent,
                description="Mái dột ba phòng, cần sửa trước mùa mưa.", submitter_email="desk@example.org",
            )
            for n in range(tickets)
        ),
        batch_size=2000,
    )  # fmt: skip
    FollowUp.objects.bulk_create(
        (
            FollowUp(
                ticket=ticket, user=agent, title=title, comment="Đã xem.", public=True, date=ticket.created
            )
            for ticket in made
            for title in ("Opened", "Answered")
        ),
        batch_size=2000,
    )


def main() -> None:
    """Do what the command line says."""
    folder, what, *numbers = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    configure(Path(folder))
    first, second = map(int, numbers)
    if what == "fill":
        fill(first, second)
    else:
        import waitress
        from django.core.wsgi import get_wsgi_application

        waitress.serve(get_wsgi_application(), host="127.0.0.1", port=first, threads=second)


if __name__ == "__main__":
    main()
