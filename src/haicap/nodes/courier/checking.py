"""Whether a file's entries are what its manifest says, before any of them is stored."""

from collections.abc import Iterable

from haicap.journal.intake import Fork, Malformed, check
from haicap.nodes.courier.container import Line, Manifest, Wrong
from haicap.nodes.courier.entries import read_entries


def check_line(manifest: Manifest, line: Line, part: Iterable[bytes]) -> None:
    """A part of the file with this manifest holds well chained entries, from and to what it says of them.

    Raises `Wrong`.
    """
    seq, before = line.after, bytes.fromhex(line.before)
    try:
        for batch in read_entries(manifest, part):
            if batch.description != line.description() or batch.after != seq:
                raise Wrong(
                    f"the entries of stream {line.description().id()} are not those that the file names"
                )
            check(batch, before)
            seq, before = seq + len(batch.items), batch.hash
            if seq > line.seq:
                break
    except (Malformed, Fork) as error:
        what = f"the entries of stream {line.description().id()} cannot be read after {seq}: {error}"
        raise Wrong(what) from error
    if (seq, before.hex()) != (line.seq, line.hash):
        raise Wrong(f"the entries of stream {line.description().id()} end elsewhere than the file says")
