"""How much of a request is received before the application sees it."""

from copy import copy
from typing import Any

from django.conf import settings
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

from haicap.nodes.views_sync import MOST, PREFIX
from haicap.papers.keeping import MOST_AT_ONCE


def most() -> int:
    """Bytes of a form that carries as many files as are taken at once, each as large as one may be."""
    return MOST_AT_ONCE * settings.FILE_LIMIT + MOST


class Bounded(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Receives of another node's request no more than the exchange takes, whether its length is said or never comes.

    The application still hears of one that is longer, without its body, so that it can say who sent it.
    """

    adj: Any
    error: Any

    def parse_header(self, header_plus: bytes) -> None:
        """Read the header; below `/sync/` the bound is another from here on."""
        super().parse_header(header_plus)
        if self.path.startswith(PREFIX):
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = MOST + 1

    def received(self, data: bytes) -> int:
        """Take what has come; the number of bytes used."""
        used: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge) and self.path.startswith(PREFIX):
            self.close()
            self.error, self.body_rcv = None, None
            self.headers |= {"CONTENT_LENGTH": str(MOST + 1), "CONNECTION": "close"}
        return used


HTTPChannel.parser_class = Bounded  # of every connection from here on: waitress asks for it nowhere else
