#!/usr/bin/env python3
"""Writes the table of characters that look alike: data/tables/lookalikes.tsv.

    lookalikes.py --to data/tables/lookalikes.tsv [--fonts FOLDER]

Each character of simplified print (GB 2312) and of traditional (the frequent half of Big5) is drawn in the sans and the
serif face of Noto CJK (SIL Open Font License; Debian: fonts-noto-cjk) and blurred. How alike two characters of one
script are is the cosine between their pictures, in the face and, one of them moved by a little, in the place in which
they are most alike. A line a pair: the two characters and their likeness in percent, the most alike first. Needs numpy
and Pillow.
"""
import argparse
import os
import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FACES = ("NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc")
# in Noto's collections the faces come in this order
REGIONS = ("JP", "KR", "SC", "TC", "HK")
# pixels of the em square, of the frame around it, and of the blur, by which a stroke may lie beside its like
EM, FRAME, BLUR = 40, 6, 1.4
MOVES = ((0, 0), (2, 0), (-2, 0), (0, 2), (0, -2))
# a character has so many look-alikes, if they are so like it
MOST, LEAST = 6, 0.80


def simplified():
    return [c for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF) for c in decoded(high, low, "gb2312")]


def traditional():
    lows = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    return [c for high in range(0xA4, 0xC7) for low in lows for c in decoded(high, low, "big5")]


def decoded(high, low, encoding):
    c = bytes([high, low]).decode(encoding, "ignore")
    return [c] if "\u4e00" <= c <= "\u9fff" else []


def pictures(chars, path, region, move):
    font = ImageFont.truetype(path, EM, index=REGIONS.index(region))
    rows = []
    for c in chars:
        side = EM + 2 * FRAME
        image = Image.new("L", (side, side))
        place = (FRAME + move[0], FRAME + EM * 0.88 + move[1])
        ImageDraw.Draw(image).text(place, c, fill=255, font=font, anchor="ls")
        image = image.filter(ImageFilter.GaussianBlur(BLUR)).resize((side // 2, side // 2), Image.BOX)
        rows.append(numpy.asarray(image, dtype=numpy.float32).ravel())
    rows = numpy.stack(rows)
    rows -= rows.mean(axis=1, keepdims=True)
    return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)


def alike(chars, fonts, region):
    """Each pair of characters whose likeness is enough, if one is among those most like the other."""
    likeness = numpy.zeros((len(chars), len(chars)), dtype=numpy.float32)
    for face in FACES:
        path = os.path.join(fonts, face)
        still = pictures(chars, path, region, MOVES[0])
        for move in MOVES:
            numpy.maximum(likeness, still @ pictures(chars, path, region, move).T, out=likeness)
    likeness = numpy.maximum(likeness, likeness.T)
    numpy.fill_diagonal(likeness, 0)
    pairs = {}
    for at, row in enumerate(likeness):
        for other in numpy.argsort(-row, kind="stable")[:MOST]:
            if row[other] >= LEAST:
                pairs[tuple(sorted((chars[at], chars[other])))] = round(100 * float(row[other]))
    return pairs


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--to", required=True)
    args.add_argument("--fonts", default="/usr/share/fonts/opentype/noto")
    opts = args.parse_args()
    pairs = alike(traditional(), opts.fonts, "TC")
    for pair, percent in alike(simplified(), opts.fonts, "SC").items():
        pairs[pair] = max(percent, pairs.get(pair, 0))
    with open(opts.to, "w", encoding="utf8") as out:
        for (one, other), percent in sorted(pairs.items(), key=lambda item: (-item[1], item[0])):
            out.write(f"{one}{other}{percent}\n")


if __name__ == "__main__":
    main()
