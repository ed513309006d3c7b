"""Renders a hand-made tree of blocks with marker's own renderers: with_marker.py FOLDER.

marker imports torch for its settings; a module of that name that says there is no GPU is enough for the renderers."""
import os
import sys

from marker.output import save_output
from marker.renderers.chunk import ChunkRenderer
from marker.renderers.html import HTMLRenderer
from marker.renderers.json import JSONRenderer
from marker.renderers.markdown import MarkdownRenderer
from marker.schema import BlockTypes as B
from marker.schema.document import Document
from marker.schema.groups.page import PageGroup
from marker.schema.polygon import PolygonBox
from marker.schema.registry import get_block_class
from PIL import Image


def page(number):
    return PageGroup(polygon=PolygonBox.from_bbox([0, 0, 600, 800]), page_id=number, children=[], structure=[],
                     lowres_image=Image.new("RGB", (6, 8)), highres_image=Image.new("RGB", (60, 80)),
                     text_extraction_method="surya")


def add(page, sort, html=None, parent=None, **fields):
    block = page.add_block(get_block_class(sort), PolygonBox.from_bbox([50, 50, 550, 80]))
    if html is not None:
        block.html = html
    for name, value in fields.items():
        setattr(block, name, value)
    (parent or page).add_structure(block)
    return block


first, second = page(0), page(1)
add(first, B.PageHeader, "<p>江州日报</p>")
add(first, B.SectionHeader, "<h1>东岬灯塔重新点亮</h1>", heading_level=1)
add(first, B.Text, '<p>船速<math display="inline">v &lt; 6</math>节。守塔人说这一天他等了很</p>')
group = add(first, B.PictureGroup)
add(first, B.Picture, parent=group, description="一座灯塔")
add(first, B.Caption, "<p>灯塔亮灯的一刻</p>", parent=group)
add(first, B.Text, "<p>久，海上的船又看得见岸了。</p>")
group = add(second, B.TableGroup)
add(second, B.Caption, "<p>表一 渡轮时刻</p>", parent=group)
add(second, B.Table, "<table><tbody><tr><td>首班</td><td>六点</td></tr></tbody></table>", parent=group)
add(second, B.Equation, '<p><math display="block">t = s / v</math></p>')
add(second, B.Diagram, description="航线示意图")
add(second, B.Text, "<p>星期天照常开航。</p>")
document = Document(filepath="harbour.pdf", pages=[first, second], table_of_contents=[])
for folder, renderer, config in [("json", JSONRenderer, {}), ("chunks", ChunkRenderer, {}),
                                 ("markdown", MarkdownRenderer, {"paginate_output": True}), ("html", HTMLRenderer, {})]:
    folder = os.path.join(sys.argv[1], folder)
    os.makedirs(folder, exist_ok=True)
    save_output(renderer({"extract_images": False} | config)(document), folder, "harbour")
