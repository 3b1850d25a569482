"""What `haicap courier` says where there is nothing to pack."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from haicap.config.commands import courier as command
from haicap.config.home import Trouble
from haicap.nodes.courier import packing


@pytest.mark.parametrize("every", [False, True])
def test_all_is_offered_to_whom_it_may_help(monkeypatch: pytest.MonkeyPatch, every: bool) -> None:
    def packs(*_: Any, **__: Any) -> None:
        raise packing.Nothing

    office: Any = None
    monkeypatch.setattr(packing, "pack", packs)
    monkeypatch.setattr(command, "_node", lambda office, to: (UUID(int=1), "Công an tỉnh"))
    with pytest.raises(Trouble) as told:
        command._streams(office, "parent", Path("x"), False, every)
    assert ("--all" in str(told.value)) is not every
