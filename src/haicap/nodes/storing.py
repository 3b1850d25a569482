"""How exchange writes: what the database or the disk refuses is said in the words of the shelf."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC

import psycopg
from django.db import DatabaseError
from psycopg import errors

from haicap.journal.intake import Malformed
from haicap.journal.refolding import Unfoldable
from haicap.nodes.exchange.shelf import Busy, Full

USING = "worker"
LATER = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable, errors.QueryCanceled)


@contextmanager
def kept() -> Iterator[None]:
    """What storage raises, in the words of the shelf."""
    try:
        yield
    except Unfoldable as error:
        raise Malformed(str(error)) from error
    except OSError as error:
        if error.errno == ENOSPC:
            raise Full from error
        raise
    except (DatabaseError, psycopg.Error) as error:
        cause = error.__cause__ if isinstance(error, DatabaseError) else error
        if isinstance(cause, errors.DiskFull):
            raise Full from error
        if isinstance(cause, LATER):
            raise Busy from error
        raise
