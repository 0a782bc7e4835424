"""Pictures as phones and people send them."""

import io

import pytest
from PIL import Image

from carecampaign.access.actor import SYSTEM
from carecampaign.files import services, storage


def picture(size=(60, 40), kind="JPEG", mode="RGB", **options) -> io.BytesIO:
    """Make a picture that is red in its upper left quarter, else white."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    stream = io.BytesIO()
    image.convert(mode).save(stream, kind, **options)
    stream.seek(0)
    return stream


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.fixture
def stored(app):
    """A photo that was stored."""
    return services.store_image(picture(), name="门口.jpg", by=SYSTEM)


@pytest.fixture(autouse=True)
def _empty_folder(app):
    for name in storage.list_names():
        storage.unlink(name)
