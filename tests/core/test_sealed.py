"""Sealed values: unreadable at rest, found by a keyed hash, sealed anew with another key."""

import pytest

from carecampaign.core import secrets
from carecampaign.core.sealed import CannotOpen, blind_index, blind_indexes, seal, unseal
from carecampaign.core.settings import WrongSetting, from_environment

PLACE = "person.phone"


@pytest.fixture(autouse=True)
def keys():
    before = secrets.data_keys()
    secrets.set_data_keys("first key")
    yield
    secrets.set_data_keys(*([key.raw.decode() for key in before][:1] or ["test"]))


def test_what_is_sealed_is_not_readable_and_opens_again():
    sealed = seal(b"13800138000", PLACE)

    assert b"13800138000" not in sealed
    assert unseal(sealed, PLACE) == b"13800138000"


def test_the_same_text_is_sealed_differently_each_time():
    assert seal(b"x", PLACE) != seal(b"x", PLACE)


def test_a_value_moved_to_another_column_opens_no_more():
    with pytest.raises(CannotOpen):
        unseal(seal(b"x", PLACE), "person.id_number")


def test_a_value_that_was_tampered_with_opens_no_more():
    sealed = bytearray(seal(b"x", PLACE))
    sealed[-1] ^= 1

    with pytest.raises(CannotOpen):
        unseal(bytes(sealed), PLACE)


def test_a_value_opens_with_a_key_used_before_and_not_without_it():
    sealed = seal(b"x", PLACE)
    secrets.set_data_keys("second key", ["first key"])
    assert unseal(sealed, PLACE) == b"x"
    assert seal(b"x", PLACE)[0] != sealed[0]

    secrets.set_data_keys("second key")
    with pytest.raises(CannotOpen):
        unseal(sealed, PLACE)


def test_an_index_is_the_same_for_the_same_text_of_a_column_only():
    assert blind_index("x", PLACE) == blind_index("x", PLACE)
    assert blind_index("x", PLACE) != blind_index("y", PLACE)
    assert blind_index("x", PLACE) != blind_index("x", "person.id_number")


def test_while_keys_change_a_text_is_looked_for_under_each_of_them():
    before = blind_index("x", PLACE)

    secrets.set_data_keys("second key", ["first key"])

    assert blind_indexes("x", PLACE) == [blind_index("x", PLACE), before]
    assert blind_index("x", PLACE) != before


def test_the_digests_of_the_log_stay_the_same_when_the_key_changes():
    before = secrets.digest_key()

    secrets.set_data_keys("second key", ["first key"])

    assert secrets.digest_key() == before


def test_keys_that_cannot_be_told_apart_are_refused():
    first = secrets.DataKey(b"k")
    like_it = next(
        text for text in map(str, range(10_000)) if secrets.DataKey(text.encode()).id == first.id
    )

    with pytest.raises(ValueError, match="same id"):
        secrets.set_data_keys("k", [like_it])
    with pytest.raises(WrongSetting, match="choose another"):
        from_environment({"SECRET_KEY": "s", "DATA_KEY": "k", "DATA_KEY_PREVIOUS": like_it})


def test_keys_used_before_come_parted_by_spaces():
    given = {"SECRET_KEY": "s", "DATA_KEY": "c", "DATA_KEY_PREVIOUS": " b  a\n"}

    assert from_environment(given)["DATA_KEY_PREVIOUS"] == ["b", "a"]
