#!/usr/bin/env python3
"""Measures the source: how long and how dense functions are, what imports what in a circle, which names are used twice.

    house.py [FOLDER]           the src of FOLDER (this project), one line of figures a measure; --long lists long functions,
                                --over TOKENS those with more tokens

Needs `pip install tree-sitter tree-sitter-rust`. Tests inside the source do not count, nor do comments. A token is a leaf of
the syntax tree, a string is one token; the lines of a function are those from its `fn` to its closing brace. Circles are
strongly connected sets of files by their `use` lines and `crate::` paths, once with all arrows, once without those between
a `mod.rs` and the files of its own folder, as a table and its entries have them. Figures of two commits: `git worktree add`.
"""

import argparse
import collections
import pathlib
import re

import tree_sitter
import tree_sitter_rust

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))

# One of each kind that needs nothing but its entry, by the name of its file; an option by its field, and the file that asks it.
ENTRIES = {"rule": ("doubled", "doubled"), "format": ("paddleocr", "paddleocr"), "method": ("exact", "exact"),
           "option": ("paragraph_from", "near")}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="?", default=pathlib.Path(__file__).parent.parent, type=pathlib.Path)
    arguments.add_argument("--long", action="store_true", help="list functions over 60 lines or 400 tokens")
    arguments.add_argument("--over", type=int, metavar="TOKENS", help="list functions with more tokens")
    arguments = arguments.parse_args()
    files = {path.relative_to(arguments.folder).as_posix(): code(path) for path in arguments.folder.glob("src/**/*.rs")}
    found = [(lines, tokens, f"{path}: {name}") for path, root in files.items() if not path.endswith("/tests.rs")
             for name, lines, tokens in functions(root)]
    report(files, found)
    most = arguments.over or 400
    if arguments.long or arguments.over:
        for lines, tokens, name in sorted(found, reverse=True):
            if tokens > most or arguments.long and lines > 60:
                print(f"  {lines:4} lines {tokens:5} tokens  {name}")


def report(files, found):
    lines, tokens = sorted(f[0] for f in found), sorted(f[1] for f in found)
    over = sum(n > 60 for n in lines)
    print(f"files {len(files)}, functions {len(found)}")
    print(f"lines a function: p50 {share(lines, 50)}, p90 {share(lines, 90)}, p99 {share(lines, 99)}, max {lines[-1]}; "
          f"over 60: {over} ({100 * over / len(lines):.1f} %)")
    print(f"tokens a function: p50 {share(tokens, 50)}, p90 {share(tokens, 90)}, p99 {share(tokens, 99)}, max {tokens[-1]}; "
          f"over 400: {sum(n > 400 for n in tokens)} ({100 * sum(n > 400 for n in tokens) / len(tokens):.1f} %)")
    arrows = arrows_of(files)
    for title, kept in [("circles of files", arrows), ("without those of a table and its entries", without_tables(arrows))]:
        sizes = sorted((len(circle) for circle in circles(kept)), reverse=True)
        print(f"{title}: {len(sizes)}" + (f", of {sizes} files" if sizes else ""))
    tops = collections.defaultdict(set)
    for one, others in arrows.items():
        tops[top(one)] |= {top(other) for other in others} - {top(one), "lib", "main"}
    print(f"circles of folders: {[sorted(circle) for circle in circles(tops)]}")
    names = collections.defaultdict(set)
    for path, root in files.items():
        for node in walk(root):
            if node.type in ("struct_item", "enum_item", "trait_item", "type_item", "union_item"):
                if node.parent.type in ("source_file", "declaration_list") and not is_associated(node):
                    names[text(node.child_by_field_name("name"))].add(path)
    twice = sorted(name for name, places in names.items() if len(places) > 1)
    print(f"type names {len(names)}, in more than one file {len(twice)}: {' '.join(twice)}")
    for kind, (name, own) in ENTRIES.items():
        places = sorted({f"{path}:{node.start_point[0] + 1}" for path, root in files.items() if not is_own(path, own)
                         for node in walk(root) if names_entry(node, name)})
        print(f"lines elsewhere for the {kind} {name}: {len(places)} ({', '.join(places)})")


def is_own(path, name):
    return name in path.removesuffix(".rs").split("/") or path.endswith("/tests.rs")


def names_entry(node, name):
    """Whether this is the name of a module, a field or a variable of an entry's name; of variables only where fields are."""
    whole = ("mod_item", "scoped_identifier", "use_declaration", "use_list", "scoped_use_list", "token_tree")
    is_name = node.type == "identifier" and node.parent.type in whole
    return not node.children and text(node) == name and (is_name or node.type in ("field_identifier", "shorthand_field_identifier"))


def is_associated(node):
    """Whether a type belongs to a trait or an impl."""
    return node.parent.parent is not None and node.parent.parent.type in ("impl_item", "trait_item")


def share(numbers, percent):
    return numbers[min(len(numbers) * percent // 100, len(numbers) - 1)]


def text(node):
    return node.text.decode()


def code(path):
    """The syntax tree of a file without its tests, which are blanked out."""
    source = bytearray(path.read_bytes())
    root = PARSER.parse(bytes(source)).root_node
    if root.has_error:
        print(f"{path}: not understood as a whole")
    for node in walk(root):
        attribute = re.sub(r"\s", "", text(node)) if node.type == "attribute_item" else ""
        if re.match(r"#\[cfg\((test\)|all\(test|any\(test)", attribute):
            item = node.next_named_sibling
            while item.type == "attribute_item":
                item = item.next_named_sibling
            source[node.start_byte:item.end_byte] = bytes(
                b if b == ord("\n") else ord(" ") for b in source[node.start_byte:item.end_byte])
    return PARSER.parse(bytes(source)).root_node


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


def functions(root):
    for node in walk(root):
        if node.type == "function_item":
            lines = node.end_point[0] - node.start_point[0] + 1
            yield text(node.child_by_field_name("name")), lines, tokens(node)


def tokens(node):
    if node.type in ("line_comment", "block_comment"):
        return 0
    if node.type in ("string_literal", "raw_string_literal", "char_literal") or not node.children:
        return 1
    return sum(tokens(child) for child in node.children)


def arrows_of(files):
    """Each file, and the files whose modules it names."""
    modules = {}
    for path in files:
        parts = path.removesuffix(".rs").split("/")[1:]
        modules[tuple(part for part in parts if part not in ("mod", "lib"))] = path
    found = {path: set() for path in files}
    for module, path in modules.items():
        names = {name for name in modules if name[:-1] == module and name}
        for named in paths(files[path]):
            if named[0] in ("crate", "jiaokan"):
                whole = named[1:]
            elif named[0] == "self":
                whole = module + named[1:]
            elif named[0] == "super":
                ups = len([part for part in named if part == "super"])
                whole = module[:len(module) - ups] + named[ups:]
            elif module + named[:1] in names:
                whole = module + named
            else:
                continue
            while whole and whole not in modules:
                whole = whole[:-1]
            if whole and modules[whole] != path:
                found[path].add(modules[whole])
    return found


def paths(root):
    for node in walk(root):
        if node.type == "use_declaration":
            yield from branches(node.child_by_field_name("argument"), ())
        elif node.type == "scoped_identifier" and node.parent.type != "scoped_identifier":
            parts = tuple(re.sub(r"\s|<.*>", "", text(node)).split("::"))
            if parts[0] in ("crate", "super", "self") and not is_within(node, "use_declaration"):
                yield parts


def is_within(node, kind):
    while node is not None and node.type != kind:
        node = node.parent
    return node is not None


def branches(node, above):
    if node.type == "use_list":
        for child in node.named_children:
            yield from branches(child, above)
    elif node.type == "scoped_use_list":
        path = node.child_by_field_name("path")
        yield from branches(node.child_by_field_name("list"), above + (tuple(text(path).split("::")) if path else ()))
    elif node.type == "use_as_clause":
        yield from branches(node.child_by_field_name("path"), above)
    elif node.type != "line_comment":
        yield above + tuple(text(node).split("::"))


def without_tables(arrows):
    def is_of_table(one, other):
        return any(a.endswith("/mod.rs") and b.startswith(a.removesuffix("mod.rs")) for a, b in ((one, other), (other, one)))
    return {one: {other for other in others if not is_of_table(one, other)} for one, others in arrows.items()}


def top(path):
    return path.split("/")[1].removesuffix(".rs")


def circles(arrows):
    """The strongly connected sets of two and more (Tarjan 1972)."""
    order, low, stack, found = {}, {}, [], []

    def visit(one):
        order[one] = low[one] = len(order)
        stack.append(one)
        for other in sorted(arrows.get(one, ())):
            if other not in order:
                visit(other)
                low[one] = min(low[one], low[other])
            elif other in stack:
                low[one] = min(low[one], order[other])
        if low[one] == order[one]:
            circle = stack[stack.index(one):]
            del stack[stack.index(one):]
            found.extend([circle] if len(circle) > 1 else [])

    for one in sorted(arrows):
        if one not in order:
            visit(one)
    return found


if __name__ == "__main__":
    main()
