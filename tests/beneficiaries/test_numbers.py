"""Phone, ID and membership numbers: any spelling is read, a wrong one is told why, all masked."""

import pytest

from carecampaign.beneficiaries import numbers
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import in_language_of

ID = "11010519491231002X"


@pytest.fixture(autouse=True)
def in_english(app):
    with in_language_of("en"):
        yield


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "13800138000"),
        (" 138-0013-8000 ", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("010-65123456", "+861065123456"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_a_phone_number_is_read_in_any_spelling(typed, kept):
    assert numbers.read_phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1380013800", "has 11 digits, this one 10"),
        ("138001380001", "has 11 digits, this one 12"),
        ("12345678901", "no such phone number"),
        ("six", "digits only"),
        ("138x0138000", "digits only"),
        ("0", "no phone number"),
    ],
)
def test_a_wrong_phone_number_is_told_why(typed, why):
    with pytest.raises(numbers.NotAPhoneNumber, match=why):
        numbers.read_phone(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (ID, ID),
        (ID.lower(), ID),
        ("110105 19491231 002X", ID),
        ("１１０１０５１９４９１２３１００２Ｘ", ID),
        ("002x", "002X"),
        ("1234", "1234"),
    ],
)
def test_an_id_number_is_read_whole_or_by_its_last_four(typed, kept):
    assert numbers.read_id_number(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("110105194912310021", "last character does not fit"),
        ("110105194913310021", "No such region or date of birth"),
        ("990105194912310023", "No such region or date of birth"),
        ("11010549123100", "has 18 characters, this one 14"),
        ("G12345678", "has digits, and perhaps an X"),
        ("12", "has 18 characters, this one 2"),
    ],
)
def test_a_wrong_id_number_is_told_why(typed, why):
    with pytest.raises(numbers.NotAnIdNumber, match=why):
        numbers.read_id_number(typed)


def test_the_household_code_is_no_number_of_anybody():
    assert numbers.read_household_key("3b-12") == "3B12"
    with pytest.raises(DomainError, match="choose a short one"):
        numbers.read_household_key("13800138000")
    with pytest.raises(DomainError, match="at most 20"):
        numbers.read_household_key("幸福里")


def test_a_membership_number_has_letters_and_digits():
    assert numbers.read_union_number("bj 0001-2345") == "BJ00012345"
    with pytest.raises(DomainError, match="4 to 20"):
        numbers.read_union_number("1")


def test_numbers_are_shown_without_their_middle():
    assert numbers.mask_phone("13800131234") == "138****1234"
    assert numbers.mask_id_number(ID) == "110***********002X"
    assert numbers.mask_id_number("002X") == "**************002X"
    assert numbers.mask_union_number("BJ00012345") == "****2345"
    assert numbers.mask_union_number("1234") == "****34"
    assert numbers.mask_any("1380013800") == "******3800"
    assert numbers.mask_any(ID + "1") == "110************02X1"


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("张小三", "张*三"), ("欧阳小三", "欧**三"), ("张", "张*"), ("", "*")],
)
def test_names_on_public_lists_keep_their_ends(name, masked):
    assert numbers.mask_name(name) == masked


@pytest.mark.parametrize("text", ["见 13800138000", "1380013", "138 0013 8000"])
def test_a_number_in_a_text_is_noticed(text):
    assert numbers.holds_a_number(text)


@pytest.mark.parametrize("text", ["", "2026年12月1日发放", "补登 3 人", "002X"])
def test_days_and_small_figures_are_no_numbers_of_anybody(text):
    assert not numbers.holds_a_number(text)
