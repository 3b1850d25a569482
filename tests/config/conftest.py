"""An installation of its own for a test, with a real cluster that waits for the disk."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from haicap.config import postgres

Haicap = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def own_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of an installation that does not exist yet; its server is stopped afterwards."""
    place = Path(tempfile.gettempdir()) / f"haicap-own-{token_hex(4)}"
    monkeypatch.setenv("HAICAP_HOME", str(place))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    yield place
    postgres.stop(mode="immediate")
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def haicap(own_home: Path) -> Haicap:
    """Run the command in `own_home`, with more environment as keywords."""

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", "from haicap.config.cli import main; main()", *arguments],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run
