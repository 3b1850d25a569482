"""The server of an office as `haicap serve` runs it, which can be stopped, and started anew at the same address."""

from threading import Thread
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from waitress import wasyncore

from haicap.config import serving

HOST = "127.0.0.1"


class Office:
    """Serves from the beginning; `stop` lets every connection go at once, as a cut of power does."""

    def __init__(self) -> None:
        self.port = 0  # chosen by the system at first, and kept
        self.start()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        self.server: Any = serving.listening(HOST, self.port)
        self.port = self.server.effective_port
        self.thread = Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.trigger.pull_trigger(lambda: wasyncore.close_all(self.server._map))
        self.thread.join()
        self.server.task_dispatcher.shutdown()


def static_too(monkeypatch: Any) -> None:
    """Styles and scripts come from the rooms' folders: tests gather none."""
    from haicap.config import wsgi  # makes the application, which needs the settings

    monkeypatch.setattr(wsgi, "application", StaticFilesHandler(wsgi.application))
