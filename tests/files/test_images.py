"""Pictures are known by their content, bounded, and tell nothing but what they show."""

import io

import pytest
from PIL import Image

from carecampaign.files.images import (
    FULL_EDGE,
    THUMB_EDGE,
    NotAnImage,
    PhoneFormat,
    TooLarge,
    prepare_image,
)
from tests.files.conftest import opened, picture

GPS = 0x8825
ORIENTATION = 0x0112


def with_exif(**tags) -> io.BytesIO:
    exif = Image.Exif()
    exif[0x010F] = "Phone maker"
    exif[GPS] = {1: "N", 2: (39.0, 54.0, 0.0)}
    exif.update({ORIENTATION: tags["orientation"]} if tags else {})
    return picture(exif=exif)


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")],
)
def test_a_picture_keeps_its_kind(kind, media_type):
    prepared = prepare_image(picture(kind=kind))

    assert prepared.media_type == media_type
    assert opened(prepared.full).format == opened(prepared.thumb).format == kind
    assert (prepared.width, prepared.height) == (60, 40)


def test_place_and_device_are_gone():
    prepared = prepare_image(with_exif())

    for content in (prepared.full, prepared.thumb):
        assert dict(opened(content).getexif()) == {}
        assert b"Phone maker" not in content
        assert b"Exif" not in content


def test_a_comment_and_text_of_a_png_are_gone():
    prepared = prepare_image(picture(comment=b"secret"))

    assert b"secret" not in prepared.full


def test_a_picture_taken_sideways_is_put_upright():
    prepared = prepare_image(with_exif(orientation=6))  # the camera lay on its left side

    assert (prepared.width, prepared.height) == (40, 60)
    red, green, _blue = opened(prepared.full).getpixel((35, 5))
    assert (red > 200, green < 80) == (True, True)


def test_a_large_picture_is_made_smaller_in_two_sizes():
    prepared = prepare_image(picture(size=(4000, 3000)))

    assert opened(prepared.full).size == (FULL_EDGE, FULL_EDGE * 3 // 4)
    assert opened(prepared.thumb).size == (THUMB_EDGE, THUMB_EDGE * 3 // 4)


def test_a_small_picture_is_not_blown_up():
    assert opened(prepare_image(picture(size=(1, 1))).thumb).size == (1, 1)


def test_colours_of_print_become_colours_of_the_screen():
    prepared = prepare_image(picture(mode="CMYK"))

    assert opened(prepared.full).mode == "RGB"


def test_sixteen_bits_become_eight_without_turning_white():
    stream = io.BytesIO()
    Image.new("I;16", (8, 8), 0x8000).save(stream, "PNG")
    stream.seek(0)

    shade = opened(prepare_image(stream).full).getpixel((4, 4))
    assert shade == (128, 128, 128)


def test_a_palette_with_transparency_stays_transparent():
    image = Image.new("RGBA", (8, 8), (255, 0, 0, 0)).quantize()
    stream = io.BytesIO()
    image.save(stream, "PNG", transparency=0)
    stream.seek(0)

    assert opened(prepare_image(stream).full).getpixel((4, 4))[3] == 0


def test_of_an_animation_the_first_picture_is_kept():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    stream = io.BytesIO()
    frames[0].save(stream, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    stream.seek(0)

    kept = opened(prepare_image(stream).full)
    assert getattr(kept, "n_frames", 1) == 1
    assert kept.convert("RGB").getpixel((4, 4))[0] > 200


def test_a_phones_jpeg_with_a_second_picture_in_it_is_a_jpeg():
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(
        stream, "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8), "blue")]
    )
    stream.seek(0)
    assert opened(stream.getvalue()).format == "MPO"

    assert prepare_image(stream).media_type == "image/jpeg"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"\xff\xd8\xff",
        picture(kind="GIF").getvalue(),
        picture(kind="TIFF").getvalue(),
        picture(size=(600, 400)).getvalue()[:900],
        picture(size=(600, 400), kind="PNG").getvalue()[:200],
        picture(size=(600, 400), kind="WEBP").getvalue()[:60],
    ],
    ids=["nothing", "text", "svg", "pdf", "begun", "gif", "tiff", "cut", "cut-png", "cut-webp"],
)
def test_what_is_no_picture_or_cut_short_is_refused(content):
    with pytest.raises(NotAnImage) as refusal:
        prepare_image(io.BytesIO(content))

    assert refusal.value.field == "photo"


def test_a_phones_own_format_is_refused_with_advice(app):
    with pytest.raises(PhoneFormat, match="HEIC"):
        prepare_image(io.BytesIO(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"))


@pytest.mark.parametrize("edge", [8000, 12000, 20000])
def test_a_picture_that_unpacks_to_gigabytes_is_refused_unread(edge):
    stream = io.BytesIO()
    Image.new("1", (edge, edge)).save(stream, "PNG")
    stream.seek(0)

    with pytest.raises(TooLarge):
        prepare_image(stream)


def test_more_bytes_than_any_photo_has_are_refused(monkeypatch):
    monkeypatch.setattr("carecampaign.files.images.LARGEST_UPLOAD", 100)

    with pytest.raises(TooLarge):
        prepare_image(picture())
