"""Draws sheets as a scanner would have taken them: stack.py OUT PAGES, the format told by the name of OUT.

PAGES is JSON, one object for each page: `sheets` [[id, page]…], `turn` in degrees clockwise, `text` (lines), `code` (some
other code), `exif` (orientation of a JPEG), `size` (points across).
"""

import io
import json
import os
import sys

import segno
from PIL import Image, ImageDraw, ImageFont

FONT = os.path.join(os.path.dirname(__file__), "../../../.tools/fonts/FandolFang-Regular.otf")


def symbol(text):
    buffer = io.BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(buffer, kind="png", scale=4, border=0)
    return Image.open(buffer).convert("RGB")


def drawn(page):
    picture = Image.new("RGB", (1240, 1754), (252, 252, 250))
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(FONT, 26)
    for line in range(page.get("text", 24)):
        pen.text((150, 150 + line * 56), "现场检查情况第%d行：出示执法证件，查阅统计台账。" % (line + 1), font=font, fill=(20, 20, 20))
    if page.get("seal"):
        pen.ellipse((820, 1180, 1080, 1440), outline=(210, 30, 30), width=9)
    for place, (name, number) in enumerate(page.get("sheets", [])):
        text = "LIUHEN:SHEET:%s:%d" % (name.upper(), number) if number else "liuhen:sheet:%s" % name
        picture.paste(symbol(text), (940, 1560 - place * 400))
    if page.get("code"):
        picture.paste(symbol(page["code"]), (150, 1560))
    turn = page.get("turn", 0)
    if turn:
        picture = picture.rotate(-turn, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=(252, 252, 250))
    if "size" in page:
        picture = picture.resize((page["size"], page["size"] * picture.height // picture.width))
    return picture


def main():
    out, pages = sys.argv[1], [drawn(page) for page in json.loads(sys.argv[2])]
    if out.endswith(".pdf"):
        pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    elif out.endswith(".tiff"):
        pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    elif out.endswith(".png"):
        pages[0].save(out, "PNG")
    else:
        exif = Image.Exif()
        exif[0x0112] = json.loads(sys.argv[2])[0].get("exif", 1)
        pages[0].save(out, "JPEG", quality=70, exif=exif)


main()
