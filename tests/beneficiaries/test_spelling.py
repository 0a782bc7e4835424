"""How names are spelled for searching: surnames that are read otherwise, two-sign surnames."""

import pytest

from carecampaign.beneficiaries.spelling import spell


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("张小三", "zhangxiaosan", "zxs"),
        ("单小龙", "shanxiaolong", "sxl"),
        ("曾国强", "zengguoqiang", "zgq"),
        ("仇英", "qiuying", "qy"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("解明", "xieming", "xm"),
        ("查小明", "zhaxiaoming", "zxm"),
        ("区伟", "ouwei", "ow"),
        ("任建华", "renjianhua", "rjh"),
        ("翟志刚", "zhaizhigang", "zzg"),
        ("乐嘉", "yuejia", "yj"),
        ("盖小军", "gexiaojun", "gxj"),
        ("欧阳娜娜", "ouyangnana", "oynn"),
        ("吕布", "lvbu", "lb"),
        ("买买提·艾力", "maimaitiaili", "mmtal"),
        ("John Smith", "johnsmith", "js"),
        ("", "", ""),
    ],
)
def test_a_name_is_spelled_as_its_bearer_does(name, pinyin, initials):
    spelled = spell(name)

    assert (spelled.pinyin, spelled.initials) == (pinyin, initials)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("张小三", "小三"),
        ("欧阳娜娜", "娜娜"),
        ("欧阳", "阳"),
        ("买买提·艾力", "艾力"),
        ("张", ""),
    ],
)
def test_what_follows_the_surname_is_known(name, given):
    assert spell(name).given == given


def test_spaces_points_and_width_do_not_count():
    assert spell(" 张 三 ") == spell("张三")
    assert spell("john  SMITH").name == "johnsmith"
