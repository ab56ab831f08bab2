"""Builds the fonts that the app carries, so that it shows every script without a connection.

    npm pack @fontsource/figtree && tar xf fontsource-figtree-*.tgz        # gives ./package
    apt-get install fonts-noto-core
    python assets/build_fonts.py --figtree package --noto /usr/share/fonts/truetype/noto

Figtree comes as a Latin and a Latin-extended file per weight: they are merged, so that ș and ț are inside.
Noto is cut down to the characters of one script each and loses its hinting. Needs fonttools (extra `dev`).
Both families are under the SIL Open Font License; the licences stay beside the fonts.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent / "fonts"
WEIGHTS = (400, 500, 600)
ROMANIAN = "ăâîșțĂÂÎȘȚ„”–…“"
JOINERS = (0x200C, 0x200D, 0x200E, 0x200F, 0x25CC, 0x0020, 0x00A0)
SCRIPTS = {
    "Arabic": ((0x0600, 0x06FF), (0x0750, 0x077F)),
    "Bengali": ((0x0964, 0x0965), (0x0980, 0x09FF)),
    "Devanagari": ((0x0900, 0x097F),),
}


def build_figtree(package: Path) -> None:
    for weight in WEIGHTS:
        with tempfile.TemporaryDirectory() as folder:
            parts = [_as_ttf(package, subset, weight, Path(folder)) for subset in ("latin", "latin-ext")]
            merged = Merger().merge(parts)
        absent = [letter for letter in ROMANIAN if ord(letter) not in merged.getBestCmap()]
        if absent:
            raise SystemExit(f"Figtree {weight} lacks {absent}")
        merged.save(HERE / f"Figtree-{weight}.ttf")
    shutil.copyfile(package / "LICENSE", HERE / "OFL-Figtree.txt")


def _as_ttf(package: Path, subset: str, weight: int, folder: Path) -> str:
    font = TTFont(package / "files" / f"figtree-{subset}-{weight}-normal.woff")
    font.flavor = None
    path = folder / f"{subset}.ttf"
    font.save(path)
    return str(path)


def build_noto(folder: Path) -> None:
    for script, ranges in SCRIPTS.items():
        for cut in ("Regular", "Bold"):
            font = TTFont(folder / f"NotoSans{script}-{cut}.ttf")
            options = Options()
            options.hinting = False
            options.layout_features = ["*"]
            options.name_IDs = ["*"]  # the copyright and licence names stay inside
            subsetter = Subsetter(options)
            wanted = {code for first, last in ranges for code in range(first, last + 1)}
            subsetter.populate(unicodes=wanted | set(JOINERS))
            subsetter.subset(font)
            font.save(HERE / f"NotoSans{script}-{cut}.ttf")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--figtree", type=Path, required=True, help="the unpacked npm package")
    parser.add_argument("--noto", type=Path, required=True, help="the folder of Debian's fonts-noto-core")
    chosen = parser.parse_args()
    HERE.mkdir(parents=True, exist_ok=True)
    build_figtree(chosen.figtree)
    build_noto(chosen.noto)
    for path in sorted(HERE.glob("*.ttf")):
        print(f"{path.name:32} {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
