"""Writes a document of two pages with docling-core: with_docling.py FOLDER."""
import os
import sys

from docling_core.types.doc import *
from docling_core.types.doc.document import ContentLayer, ListGroup

out = sys.argv[1]
doc = DoclingDocument(name="harbour")
for number in (1, 2):
    doc.add_page(page_no=number, size=Size(width=595, height=842))


def at(page, top):
    box = BoundingBox(l=50, t=top, r=545, b=top - 20, coord_origin=CoordOrigin.BOTTOMLEFT)
    return ProvenanceItem(page_no=page, bbox=box, charspan=(0, 0))


def text(label, said, page, top, **more):
    return doc.add_text(label=label, text=said, prov=at(page, top), **more)


text(DocItemLabel.PAGE_HEADER, "江州日报", 1, 830, content_layer=ContentLayer.FURNITURE)
doc.add_title("东岬灯塔重新点亮", prov=at(1, 800))
text(DocItemLabel.TEXT, "守塔人说这一天他等了很", 1, 740)
caption = text(DocItemLabel.CAPTION, "灯塔亮灯的一刻", 1, 600)
picture = doc.add_picture(caption=caption, prov=at(1, 700))
text(DocItemLabel.TEXT, "东岬港", 1, 690, parent=picture)
text(DocItemLabel.TEXT, "久，海上的船又看得见岸了。", 1, 580)
text(DocItemLabel.FOOTNOTE, "注：天数由海事处提供。", 1, 80)
text(DocItemLabel.PAGE_FOOTER, "3", 1, 30, content_layer=ContentLayer.FURNITURE)
doc.add_heading("渡轮班次增加", level=1, prov=at(2, 800))
cells = [["班次", "时间"], ["首班", "六点"]]
data = TableData(num_rows=2, num_cols=2, table_cells=[
    TableCell(text=cell, start_row_offset_idx=row, end_row_offset_idx=row + 1, start_col_offset_idx=column,
              end_col_offset_idx=column + 1, column_header=row == 0)
    for row, line in enumerate(cells) for column, cell in enumerate(line)])
doc.add_table(data=data, caption=text(DocItemLabel.CAPTION, "表一 渡轮时刻", 2, 770), prov=at(2, 750))
items = doc.add_list_group()
doc.add_list_item("先买票", enumerated=True, marker="1.", parent=items, prov=at(2, 590))
doc.add_list_item("后上船", enumerated=True, marker="2.", parent=items, prov=at(2, 580))
inline = doc.add_inline_group()
doc.add_text(label=DocItemLabel.TEXT, text="灯光转速", parent=inline, prov=at(2, 560))
doc.add_formula("v=6", parent=inline, prov=at(2, 560))
doc.add_text(label=DocItemLabel.TEXT, text="转每分。", parent=inline, prov=at(2, 560))
doc.add_code("print('亮')", prov=at(2, 520))
doc.save_as_json(os.path.join(out, "harbour.json"))
doc.save_as_markdown(os.path.join(out, "harbour.md"))
doc.save_as_html(os.path.join(out, "harbour.html"))
