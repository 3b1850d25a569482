"""What the pages of sheets need of a room beside the room itself."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.room import Room
from haicap.units.rights import Person

Later = Literal["import", "undo"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is there of a sheet today: how many, how many were taken back, and the lists of exactly these.

    `words` say what is counted where a line may be of several.
    """

    here: int
    back: int
    here_url: str
    back_url: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a room's sheets, below the namespace `app`.

    - `counted`: so many records in words (`3 việc`)
    - `named`: of subjects that a person sees, what each is called and its address; one query
    - `standing`: what is there of a sheet today; one query
    - `later`: begins the long work for (person, which, id, total, address of its outcome), gives its page's address
    - `frame`: the template that the pages extend
    """

    room: Room
    app: str
    counted: Callable[[int], str]
    named: Callable[[Person, Collection[UUID]], Mapping[UUID, tuple[str, str]]]
    standing: Callable[[Person, Batch], Standing]
    later: Callable[[Person, Later, UUID, int, str], str]
    frame: str = "web/base.html"

    def context(self) -> dict[str, Any]:
        """What every page's template needs; `urls` are the names of the addresses."""
        names = ("list", "new", "columns", "check", "drop", "one", "receipt", "undo")
        return {"frame": self.frame, "urls": {name: f"{self.app}:{name}" for name in names}}
