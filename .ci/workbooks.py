#!/usr/bin/env python3
"""workbooks.py FILE.xlsx ... : recalculates every workbook with LibreOffice and compares each formula cell with
the value that the program has written beside it.  Exit 0: all equal; 1: differences or error values; 2: not done.
Needs python 3.9 and soffice, nothing else."""
import math, os, re, shutil, subprocess, sys, tempfile, zipfile
import xml.etree.ElementTree as ET
from pathlib import Path

M = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
R = '{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id'
ERRORS = ('#REF!', '#DIV/0!', '#NAME?', '#VALUE!', '#N/A', '#NUM!', '#NULL!')


def parts(archive):
    """Sheet names with their parts, in order."""
    rels = {r.get('Id'): r.get('Target') for r in ET.fromstring(archive.read('xl/_rels/workbook.xml.rels'))}
    for sheet in ET.fromstring(archive.read('xl/workbook.xml')).iter(M + 'sheet'):
        target = rels[sheet.get(R)]
        yield sheet.get('name'), target.lstrip('/') if target.startswith('/') else 'xl/' + target


def read(path):
    """{sheet: {cell: (formula or None, value)}}; blank text and nothing are both ''."""
    book = {}
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        shared = []
        if 'xl/sharedStrings.xml' in names:
            for item in ET.fromstring(archive.read('xl/sharedStrings.xml')):
                shared.append(''.join(t.text or '' for t in item.iter(M + 't')))
        for name, part in parts(archive):
            cells = {}
            for cell in ET.fromstring(archive.read(part)).iter(M + 'c'):
                kind, formula, value = cell.get('t', 'n'), cell.find(M + 'f'), cell.find(M + 'v')
                text = '' if value is None else value.text or ''
                if kind == 's':
                    text = shared[int(text)]
                elif kind == 'inlineStr':
                    text = ''.join(t.text or '' for t in cell.iter(M + 't'))
                elif kind == 'n' and text:
                    text = float(text)
                elif kind == 'b':
                    text = float(text or 0)
                if formula is not None or text != '':
                    cells[cell.get('r')] = (None if formula is None else formula.text or '(shared)', text)
            book[name] = cells
    return book


def recalculated(paths, out):
    """Copies of the workbooks with every formula recalculated, whatever the files claim; by name."""
    home = tempfile.mkdtemp()
    try:
        profile = Path(home, 'profile', 'user')
        profile.mkdir(parents=True)
        profile.joinpath('registrymodifications.xcu').write_text(
            '<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
            '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
            '<value>0</value></prop></item></oor:items>')
        done = subprocess.run(
            ['soffice', f'-env:UserInstallation=file://{home}/profile', '--headless', '--norestore', '--nolockcheck',
             '--infilter=Calc MS Excel 2007 XML', '--convert-to', 'xlsx:Calc MS Excel 2007 XML', '--outdir', str(out),
             *map(str, paths)],
            capture_output=True, stdin=subprocess.DEVNULL, timeout=3600, env={**os.environ, 'HOME': home})
        missing = [p for p in paths if not Path(out, Path(p).name).exists()]
        if missing:
            sys.exit(f'LibreOffice 没有打开 {missing[0]}：{done.stderr.decode(errors="replace")[-300:]}')
    finally:
        shutil.rmtree(home, ignore_errors=True)


def same(a, b):
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return a == b


def edit(source, target, changes):
    """A copy of a workbook with some cells replaced: {(sheet, cell): number, text or None}."""
    from html import escape
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as new:
        part_of = dict(parts(old))
        todo = {}
        for (sheet, cell), value in changes.items():
            todo.setdefault(part_of[sheet], []).append((cell, value))
        for item in old.infolist():
            data = old.read(item.filename)
            for cell, value in todo.get(item.filename, []):
                text = data.decode()
                found = re.search(rf'<c r="{cell}"( s="\d+")?[^>]*?(/>|>.*?</c>)', text, re.S)
                if not found:
                    sys.exit(f'{source}: no cell {cell} in {item.filename}')
                style = found.group(1) or ''
                if value is None:
                    fresh = f'<c r="{cell}"{style}/>'
                elif isinstance(value, str):
                    fresh = f'<c r="{cell}"{style} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
                else:
                    fresh = f'<c r="{cell}"{style}><v>{value!r}</v></c>'
                data = (text[:found.start()] + fresh + text[found.end():]).encode()
            new.writestr(item, data)


def check(paths):
    """Formulas compared, and a line for each that differs or is an error."""
    compared, wrong = 0, []
    with tempfile.TemporaryDirectory() as work:
        copies = {}
        for number, path in enumerate(paths):
            copy = Path(work, f'{number}.xlsx')
            shutil.copy(path, copy)
            copies[path] = copy
        out = Path(work, 'out')
        recalculated(list(copies.values()), out)
        for path, copy in copies.items():
            ours, theirs = read(path), read(out / copy.name)
            for sheet, cells in ours.items():
                for ref, (formula, value) in cells.items():
                    if formula is None:
                        continue
                    compared += 1
                    new = theirs.get(sheet, {}).get(ref, (None, ''))[1]
                    if not same(value, new) or new in ERRORS:
                        wrong.append(f'{path}〔{sheet}〕{ref} ={formula[:80]}：写的是{value!r}，重算是{new!r}')
    return compared, wrong


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if not shutil.which('soffice'):
        print('没有 LibreOffice，没有重算')
        sys.exit(2)
    total, differences = check(sys.argv[1:])
    print('\n'.join(differences[:30]))
    print(f'{len(sys.argv) - 1}个工作簿，{total}个公式重算，{len(differences)}个不同')
    sys.exit(1 if differences else 0)
