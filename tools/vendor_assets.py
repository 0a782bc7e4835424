"""Copy what pages load out of node_modules into carecampaign/static/vendor.

The fonts that papers are set in go into carecampaign/fonts: browsers never load them.
Beside the copies it writes ``icons.svg``, one sprite with a symbol for each icon named in
``carecampaign/static/icons.txt``. The sprite is written last, so make can tell by it
whether a former run came to its end.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "carecampaign" / "static"
VENDOR = STATIC / "vendor"
FONTS = ROOT / "carecampaign" / "fonts"
OUTLINES = PACKAGES / "@tabler" / "icons" / "icons" / "outline"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "leaflet/dist/leaflet.css": "leaflet.css",
    "leaflet/dist/leaflet.js": "leaflet.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "signature_pad/dist/signature_pad.min.js": "signature_pad.js",
    "uuidv7/dist/index.js": "uuidv7.js",
    "zxing-wasm/dist/es/reader/index.js": "zxing/reader/index.js",
    "zxing-wasm/dist/es/share.js": "zxing/share.js",
}
PROGRAMS = {"zxing-wasm/dist/reader/zxing_reader.wasm": "zxing/reader/zxing_reader.wasm"}
FONT_FILES = (
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
)

# Presentation attributes are inherited by what the symbol holds, so a page only has to
# choose the colour and the size of the <svg> that uses it.
SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
    ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
)
# Every Tabler icon begins with an invisible square that only helps its designers.
GUIDE = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')
SOURCE_MAP = re.compile(r"\n?(//|/\*)# sourceMappingURL=[^\n]*\n?$")


def icon_names() -> list[str]:
    """List the icons that pages use, each once, in alphabetical order."""
    lines = (STATIC / "icons.txt").read_text("utf-8").splitlines()
    return sorted({line.strip() for line in lines if line.strip()})


def symbol(name: str) -> str:
    """Draw one icon as a symbol. Raises SystemExit when there is no icon of that name."""
    source = OUTLINES / f"{name}.svg"
    if not source.exists():
        sys.exit(f"carecampaign/static/icons.txt names {name!r}, which is no outline Tabler icon.")
    drawing = source.read_text("utf-8")
    inside = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
    shapes = "".join(line.strip() for line in GUIDE.sub("", inside).splitlines())
    return SYMBOL.format(name=name, shapes=shapes)


def copy_text(source: Path, target: Path) -> None:
    """Copy a script or style sheet without its pointer to a source map that is not served."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(SOURCE_MAP.sub("\n", source.read_text("utf-8")), "utf-8")


def copy_fonts() -> None:
    """Make the folder of fonts anew."""
    shutil.rmtree(FONTS, ignore_errors=True)
    FONTS.mkdir()
    for source in FONT_FILES:
        shutil.copy(PACKAGES / source, FONTS)


def main() -> None:
    """Make the folders anew, so that nothing outlives its place in the list."""
    copy_fonts()
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, target in FILES.items():
        copy_text(PACKAGES / source, VENDOR / target)
    for source, target in PROGRAMS.items():
        shutil.copy(PACKAGES / source, VENDOR / target)
    symbols = "\n".join(symbol(name) for name in icon_names())
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    (VENDOR / "icons.svg").write_text(sprite, "utf-8")


if __name__ == "__main__":
    main()
