"""One-time passwords, read out or copied by hand once."""

import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for another when read out
GROUPS, LENGTH = 4, 4


def once() -> str:
    """A new password of about 79 bits, in groups: `k7mn-2wqx-…`."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(GROUPS))
