"""Amounts in Chinese capitals (大写), which nobody alters with a stroke of the pen."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))


def in_capitals(fen: int) -> str:
    """Write fen as a cheque does: 123450 is 壹仟贰佰叁拾肆元伍角整."""
    if fen < 0:
        return f"负{in_capitals(-fen)}"
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    whole = f"{_whole(yuan)}元" if yuan or not rest else ""
    tenths = f"{_DIGITS[jiao]}角" if jiao else "零" if yuan and cents else ""
    return whole + tenths + (f"{_DIGITS[cents]}分" if cents else "整")


def _whole(number: int) -> str:
    for size, unit in _UNITS:
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if low < size // 10 else ""
            return _whole(high) + unit + (gap + _whole(low) if low else "")
    return _DIGITS[number]
