"""The columns of a roster, with the headings that unions give them."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from flask_babel.speaklater import LazyString

from carecampaign.beneficiaries import numbers
from carecampaign.beneficiaries.models import Occupation
from carecampaign.core.babel import in_language
from carecampaign.core.cells import line_of
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _l
from carecampaign.core.imports import Column, Parse, one_of

LONGEST_NAME = 50
LONGEST_TEXT = 100


def columns_for(
    occupations: Iterable[Occupation], keepers: Mapping[str, int]
) -> tuple[Column, ...]:
    """Give the columns, explained in the language spoken.

    ``keepers`` are the organisations that may be named as keeping persons: name → id.
    """
    return (*_who(tuple(occupations)), *_numbers(), _keeper(keepers))


def _who(occupations: tuple[Occupation, ...]) -> tuple[Column, ...]:
    return (
        Column(
            "name",
            _l("Full name"),
            _words(LONGEST_NAME),
            is_required=True,
            aliases=("名字", "职工姓名", "会员姓名", "人员姓名", "领取人"),
            example="张小三",
            mask=numbers.mask_numbers,
        ),
        Column(
            "occupation_id",
            _l("Occupation"),
            _occupation_among(occupations),
            is_required=True,
            aliases=("工种", "岗位", "从业类型", "人员类别", "职业类别", "行业工种"),
            example=in_language(occupations[0]) if occupations else "",
            explanation=_("Known here: %(words)s", words=_list(occupations)),
            mask=numbers.mask_numbers,
        ),
        Column(
            "employer",
            _l("Unit or platform"),
            _words(LONGEST_TEXT),
            aliases=(
                *("单位/平台", "单位", "平台", "工作单位", "所属单位", "所在单位", "单位名称"),
                *("所属平台", "平台名称", "企业", "企业名称", "公司", "站点"),
            ),
            example="韵达快递",
            mask=numbers.mask_numbers,
        ),
    )


def _numbers() -> tuple[Column, ...]:
    kept = _("Kept encrypted, shown masked.")
    return (
        _number(
            "phone",
            _l("Phone"),
            numbers.read_phone,
            ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "电话号码"),
            example="13800138000",
            explanation=kept,
        ),
        _number(
            "id_number",
            _l("ID number"),
            numbers.read_id_number,
            ("身份证", "身份证号", "身份证号码", "公民身份号码", "居民身份证号", "证件号码"),
            example="002X",
            explanation=_("18 characters, or the last four alone. Set the column to text.") + kept,
        ),
        _number(
            "union_number",
            _l("Membership number"),
            numbers.read_union_number,
            ("会员卡号", "会员证号", "工会会员号", "会员编号"),
            explanation=kept,
        ),
        _number(
            "household_key",
            _l("Household code"),
            numbers.read_household_key,
            ("户编号", "户号", "家庭编号"),
            empty="",
            explanation=_("The same for people who live together, like 3B12."),
        ),
    )


def _number(
    key: str,
    heading: LazyString,
    read: Parse,
    aliases: tuple[str, ...],
    *,
    empty: str | None = None,
    example: str = "",
    explanation: str,
) -> Column:
    return Column(
        key,
        heading,
        read,
        empty=empty,
        aliases=aliases,
        example=example,
        explanation=explanation,
        mask=numbers.mask_any,
    )


def _keeper(keepers: Mapping[str, int]) -> Column:
    return Column(
        "organization_id",
        _l("Kept by"),
        _organization_among(keepers),
        empty=None,
        aliases=("所属工会", "工会", "所在工会", "工会名称"),
        example=next(iter(keepers), ""),
        explanation=_("The full name of a union of yours. Left empty, the one you choose."),
        mask=numbers.mask_numbers,
    )


def _words(longest: int) -> Parse:
    read = line_of(longest)

    @lru_cache(maxsize=4_096)  # of units there are few, and many have the same name
    def parse(text: str) -> str:
        if numbers.holds_a_number(text):
            raise DomainError(_l("Write no phone or ID number here."))
        return read(text)

    return parse


def _occupation_among(occupations: Iterable[Occupation]) -> Parse:
    words = [(one.id, word) for one in occupations for word in (one.name, one.name_en, one.code)]
    return one_of(
        lambda: words,
        _l(
            "This occupation is not known here. The explanation of the template lists those known."
        ),
    )


def _organization_among(keepers: Mapping[str, int]) -> Parse:
    def parse(text: str) -> int:
        found = keepers.get("".join(text.split()))
        if found is None:
            raise DomainError(_l("You keep no persons for an organization of this name."))
        return found

    return parse


def _list(occupations: Iterable[Occupation]) -> str:
    return _(", ").join(in_language(one) for one in occupations)
