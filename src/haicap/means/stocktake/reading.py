"""The codes in photos of labels: read here, on the office's own machine, and the photo is not kept."""

import io
from collections.abc import Iterable

import zxingcpp
from PIL import Image, UnidentifiedImageError

MOST_BYTES = 20_000_000  # of a photo
MOST_PIXELS = 60_000_000
WIDEST = 5000  # pixels: a sheet of 24 labels keeps a dozen for each module of a code
QR = zxingcpp.barcode_formats_from_str("QRCode")
FORMATS = ("JPEG", "PNG", "WEBP", "BMP")


class UnreadablePhoto(ValueError):
    """What was sent is no picture that can be read."""


def texts(photo: bytes) -> list[str]:
    """The text of every QR code in a photo, in order of reading, each once. Raises `UnreadablePhoto`."""
    if len(photo) > MOST_BYTES:
        raise UnreadablePhoto
    try:
        with Image.open(io.BytesIO(photo), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnreadablePhoto
            picture.draft("L", (WIDEST, WIDEST))
            grey = picture.convert("L")
    except (
        UnidentifiedImageError,
        OSError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as fault:
        raise UnreadablePhoto from fault
    if max(grey.size) > WIDEST:
        grey.thumbnail((WIDEST, WIDEST))
    return _once(code.text for code in zxingcpp.read_barcodes(grey, formats=QR))


def _once(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))
