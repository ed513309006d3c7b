"""Writes a page through OCR-D's API for PAGE XML, its regions not in the order of reading: with_page.py > courier.xml."""
import datetime

from ocrd_models.ocrd_page import *

now = datetime.datetime(2026, 11, 21, 12, 0)
page = PageType(imageFilename="courier.tif", imageWidth=1500, imageHeight=2100, type_="content")


def coords(left, top, width, height):
    right, bottom = left + width, top + height
    return CoordsType(points=f"{left},{top} {right},{top} {right},{bottom} {left},{bottom}")


def region(name, kind, left, top, *lines):
    block = TextRegionType(id=name, type_=kind, Coords=coords(left, top, 640, 40 * len(lines)))
    for at, (said, indent, width) in enumerate(lines):
        line = TextLineType(id=f"{name}_l{at}", Coords=coords(left + indent, top + 40 * at, width, 36))
        line.add_TextEquiv(TextEquivType(Unicode=said.replace("e", "c"), conf=0.5, index=1))
        line.add_TextEquiv(TextEquivType(Unicode=said, conf=0.93, index=0))
        block.add_TextLine(line)
    page.add_TextRegion(block)


region("r_right", "paragraph", 780, 300, ("carried up the stairs.", 0, 300), ("The light will be in⸗", 30, 610),
       ("spected twice a year.", 0, 300))
region("r_head", "heading", 100, 120, ("Lighthouse shines again", 0, 600))
region("r_run", "header", 100, 40, ("The Eastcape Courier", 0, 600))
region("r_left", "paragraph", 100, 300, ("The lamp shone for the first time since the", 30, 610),
       ("great storm. The new lens was", 0, 640))
region("r_cap", "caption", 100, 700, ("The lamp on Friday night", 0, 600))
region("r_no", "page-number", 700, 2000, ("3", 0, 20))
page.add_ImageRegion(ImageRegionType(id="r_img", Coords=coords(100, 520, 640, 160)))
group = OrderedGroupType(id="order")
for at, name in enumerate(["r_run", "r_head", "r_left", "r_img", "r_cap", "r_right", "r_no"]):
    group.add_RegionRefIndexed(RegionRefIndexedType(index=at, regionRef=name))
page.set_ReadingOrder(ReadingOrderType(OrderedGroup=group))
about = MetadataType(Creator="OCR-D/core", Created=now, LastChange=now)
print(to_xml(PcGtsType(pcGtsId="courier", Metadata=about, Page=page)))
