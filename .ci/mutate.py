#!/usr/bin/env python3
"""mutate.py SHUZHI [n=200] [seed=1] [scheme ...]: changes single cells of the workbooks that a run has written (in
排名表.xlsx, 评分表/<单位>.xlsx and 县区局对比表.xlsx: a weight or 分值, an activity's requirement, its date, a 结论, a
value of 评分, 合并活动), recalculates them with LibreOffice, gives the same change as input to a run of its own, and
compares the figures: of every unit on 排名 and 对比, and every figure of every line of a unit's own sheet.
Exit 0: all equal; 1: differences; 2: not done.
Needs python 3.9 and soffice, nothing else."""
import csv, random, re, shutil, subprocess, sys, tempfile
from datetime import date, timedelta
from pathlib import Path
import workbooks as books

YEAR = 2023
# The units with their groups.
UNITS = {'东山支部': '县区局', '西河支部': '县区局', '南坪支部': '县区局', '北岭支部': '机关支部', '中原支部': '机关支部'}
# 类型, 名称, how often in a month of ten.
FORMS = [('党员大会', '召开支部党员大会', 8), ('支委会', '召开支部委员会会议', 8), ('主题党日', '开展主题党日活动', 9),
         ('廉政自省日', '廉政自省日学习', 6), ('党课', '上党课', 4), ('党员大会暨主题党日', '党员大会暨主题党日', 1),
         ('谈心谈话', '开展谈心谈话', 1), ('组织生活会', '召开组织生活会', 1), ('学习', '学习上级文件精神', 2)]
# What is compared on 排名, as far as the sheet has it.
FIGURES = ['名次', '总分', '待核分', '最高可达', '最好名次', '最差名次', '等次建议', '全局位次']
# What is compared on a unit's own sheet, line by line.
OWN_FIGURES = ['次数/应完成', '次数/已完成', '次数/待核', '次数/缺', '按规则/扣分', '按规则/得分', '按规则/最高可得', '认定/计入得分']
# Columns of 评分 that schemes ask for, with the most that they may hold.
VALUES = {'业务得分': 100, '指标完成数': 60, '称职以上率': 100}


def folder(root, rng, scheme):
    """Ledgers of five small branches, with a register, values and settings."""
    root.joinpath('报送').mkdir(parents=True)
    rows = {}
    for unit in UNITS:
        ledger = []
        for month in range(1, 13):
            for kind, title, often in FORMS:
                if rng.random() * 10 < often * .95:
                    day = date(YEAR, month, rng.randint(1, 28))
                    due = rng.randint(8, 20)
                    ledger.append([day.isoformat(), kind, f'{title}（{len(ledger) + 1}）', str(due), str(rng.randint(due * 2 // 3, due))])
        rng.shuffle(ledger)
        rows[unit] = ledger[:44]
    write(root, rows)
    with open(root / '单位名册.csv', 'w', encoding='utf-8-sig', newline='') as out:
        csv.writer(out).writerows([['单位名称', '组别', '设支委会'], *([unit, group, '是'] for unit, group in UNITS.items())])
    # One value is missing: what is not known stays open.
    values = {unit: {name: round(rng.uniform(most / 2, most), 2) for name, most in VALUES.items()} for unit in UNITS}
    values['北岭支部']['指标完成数'] = ''
    give(root, values)
    settings = [f'年度 = {YEAR}', '单位 = "试验局"', '名册 = "单位名册.csv"'] + ([f'方案 = "{scheme}"'] if scheme else [])
    root.joinpath('考核.toml').write_text('\n'.join(settings) + '\n', 'utf-8')
    return rows, values


def give(root, values):
    root.joinpath('评分').mkdir(exist_ok=True)
    with open(root / '评分' / '数据.csv', 'w', encoding='utf-8-sig', newline='') as out:
        csv.writer(out).writerows([['单位', *VALUES], *([unit, *own.values()] for unit, own in values.items())])


def write(root, rows):
    for unit, ledger in rows.items():
        with open(root / '报送' / f'{unit}.csv', 'w', encoding='utf-8-sig', newline='') as out:
            csv.writer(out).writerows([['日期', '类型', '活动名称', '应到', '实到'], *ledger])


def run(shuzhi, root):
    done = subprocess.run([shuzhi, 'run', str(root)], capture_output=True, text=True)
    if done.returncode > 1:
        sys.exit(f'{root}：{done.stdout[-800:]}{done.stderr[-800:]}')
    if 'S020' in done.stdout:
        sys.exit(f'{root}：表格与程序不一致\n' + '\n'.join(l for l in done.stdout.splitlines() if 'S020' in l))


def number(letters):
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value


class Table:
    """A sheet by its headings; a heading under a group is called group/heading."""

    def __init__(self, cells, heading):
        self.rows, self.unit = {}, None
        for ref, (formula, value) in cells.items():
            letters, row = re.match(r'([A-Z]+)(\d+)', ref).groups()
            self.rows.setdefault(int(row), {})[letters] = value
        self.head = next(row for row in sorted(self.rows) if heading in self.rows[row].values())
        top, below = self.rows[self.head], self.rows.get(self.head + 1, {})
        order = sorted(set(top) | set(below), key=number)
        self.columns, group = {}, ''
        # Two rows of headings where the first column stands over both.
        self.two = bool(below) and min(order, key=number) not in below
        for letters in order:
            group = top.get(letters, group if self.two else '')
            name = group if not self.two or letters not in below else f'{group}/{below[letters]}'
            self.columns.setdefault(name, letters)

    def body(self):
        for row in sorted(self.rows):
            if row > self.head + int(self.two):
                cells = {name: self.rows[row].get(letters, '') for name, letters in self.columns.items()}
                yield row, cells if self.unit is None else {'单位': self.unit, **cells}

    def at(self, row, name):
        return f'{self.columns[name]}{row}'


def figures(sheets):
    """Every figure that is compared, by what it is of."""
    if '排名' in sheets:
        table = Table(sheets['排名'], '名次')
        wanted = [name for name in table.columns if name in FIGURES or '表彰' in name or '先进' in name]
        return {(row['单位'], name): row[name] for _, row in table.body() if row.get('单位') for name in wanted}
    if '对比' in sheets:
        table = Table(sheets['对比'], '位次差')
        # What is said of the whole ranking at the time of writing does not follow a change.
        wanted = [name for name in table.columns if '/' in name or name == '位次差']
        return {(row['单位'], name): row[name] for _, row in table.body() if row.get('单位') for name in wanted}
    table = Table(sheets['评分表'], '板块')
    # Counts of what does not apply are left blank; what stands under the lines is named in 项目.
    return {(row['序号'], row['项目'], name): row[name] for _, row in table.body()
            if row.get('项目') and '写出时' not in row['项目'] for name in OWN_FIGURES}


def label(period, index):
    return {'每月': f'{index + 1}月', '每季度': f'第{index + 1}季度', '每半年': ('上半年', '下半年')[index % 2], '每年': '全年'}[period]


class Base:
    """An unchanged run."""

    def __init__(self, shuzhi, work, rng, scheme):
        self.root = work / f'本来{scheme}'
        self.rows, self.values = folder(self.root, rng, scheme)
        run(shuzhi, self.root)
        self.review = books.read(self.root / '核对' / '核对表.xlsx')
        own = [Book(self, f'评分表/{unit}.xlsx', '活动', unit) for unit in UNITS]
        self.books = [Book(self, '排名表.xlsx', '活动清单'), Book(self, '县区局对比表.xlsx', '活动'), *own]

    def book(self, rng):
        shared = rng.random()
        return self.books[0] if shared < .5 else self.books[1] if shared < .65 else rng.choice(self.books[2:])


class Book:
    """A workbook of an unchanged run, and what may be changed about it."""

    def __init__(self, base, name, activities, unit=None):
        self.base, self.root, self.rows, self.review = base, base.root, base.rows, base.review
        self.name, self.listed = name, activities
        self.path = self.root / '成果' / name
        self.book = books.read(self.path)
        self.params = Table(self.book['参数'], '数值')
        self.checks = self.table('逐项', '检查编号', unit)
        self.activities = self.table(activities, '活动名称', unit)

    def table(self, sheet, heading, unit):
        """A sheet whose rows say their unit, also where the workbook has only one."""
        table = Table(self.book[sheet], heading)
        table.unit = unit
        return table

    def change(self, rng):
        """A change: what it is, the cells of the workbook, and how a folder takes it in; None where it cannot be."""
        kind = rng.choices(['points', 'slot', 'date', 'verdict', 'value', 'joint'], [22, 28, 18, 22, 7, 3])[0]
        return getattr(self, kind)(rng)

    def joint(self, rng):
        row = next(row for row, cells in self.params.body() if cells['名称'] == '合并活动')
        return '合并活动 只计一种', {('参数', self.params.at(row, '数值')): '只计一种'}, self.setting('合并活动 = "只计一种"\n')

    def value(self, rng):
        """A value of 评分, or 业务得分 where it only stands beside Party building."""
        if '评分数据' in self.book:
            sheet, table = '评分数据', Table(self.book['评分数据'], '数值')
            # What is compared with values of other units is locked where they are not in the book.
            places = [(cells['名称'], cells['单位'], table.at(row, '数值')) for row, cells in table.body()
                      if cells['单位'] and not cells.get('组内最高（得分用）') and not cells.get('组内名次（得分用）')]
        elif '对比' in self.book:
            sheet, table = '对比', Table(self.book['对比'], '位次差')
            places = [('业务得分', cells['单位'], table.at(row, '业务工作/得分')) for row, cells in table.body() if cells['组别'] in UNITS.values()]
        else:
            return None
        if not places:
            return None
        name, unit, cell = rng.choice(places)
        new = round(rng.uniform(1, VALUES[name]), 2)

        def take(root):
            values = {unit: dict(own) for unit, own in self.base.values.items()}
            values[unit][name] = new
            give(root, values)
        return f'评分 {unit} {name}={new}', {(sheet, cell): new}, take

    def points(self, rng):
        weights = [(row, cells) for row, cells in self.params.body() if cells['类别'] == '板块权重' and cells['编号']]
        if len(weights) > 1 and rng.random() < .6:
            (one, a), (other, b) = rng.sample(weights, 2)
            step = round(min(rng.randint(1, 1500) / 100, b['数值']), 2)
            new = [(a['编号'], round(a['数值'] + step, 2)), (b['编号'], round(b['数值'] - step, 2))]
            cells = {('参数', self.params.at(one, '数值')): new[0][1], ('参数', self.params.at(other, '数值')): new[1][1]}
            rest = [(c['编号'], c['数值']) for _, c in weights if c['编号'] not in (a['编号'], b['编号'])]
            text = '\n[权重]\n' + ''.join(f'"{i}" = {v:g}\n' for i, v in new + rest)
            return f'权重 {new}', cells, self.setting(text)
        # What a sentence fixes (first tier, starting points, the most that is taken off) is not free.
        fixed = re.compile('得|起评|最多')
        lines = [(row, cells) for row, cells in self.params.body()
                 if cells['类别'] == '项目分值' and (cells['说明'] == '按完成比例得分' or not fixed.search(cells['说明']))]
        if not lines:
            return None
        row, line = rng.choice(lines)
        value = round(rng.randint(1, 2000) / 100, 2)
        text = f'\n[分值]\n"{line["编号"]}" = {value:g}\n'
        return f'分值 {line["编号"]}={value}', {('参数', self.params.at(row, '数值')): value}, self.setting(text)

    def setting(self, text):
        def take(root):
            path = root / '考核.toml'
            path.write_text(path.read_text('utf-8') + text, 'utf-8')
        return take

    def activity(self, rng):
        all_of = [(row, cells) for row, cells in self.activities.body() if cells['精度'] == '日' and cells['计入'] == '计入']
        return rng.choice(all_of)

    def date(self, rng):
        row, cells = self.activity(rng)
        day = date(YEAR, 1, 1) + timedelta(days=rng.randint(-20, 380))
        serial = float((day - date(1899, 12, 30)).days)

        def take(root):
            rows = {unit: [list(r) for r in ledger] for unit, ledger in self.rows.items()}
            for ledger in rows[cells['单位']]:
                if ledger[2] == cells['活动名称']:
                    ledger[0] = day.isoformat()
            write(root, rows)
        return f'日期 {cells["单位"]} {cells["活动名称"]} {day}', {(self.listed, self.activities.at(row, '起始日期')): serial}, take

    def verdict(self, rng):
        review = Table(self.review['核对'], '要求编号') if '核对' in self.review else None
        candidates = []
        for row, cells in self.checks.body():
            for index in range(12):
                name = f'结论（由人选定）/{index + 1}'
                name = name if name in self.checks.columns else f'结论（由人选定）/{float(index + 1)}'
                if cells['检查编号'] and cells[name] == '' and cells[f'记录（各期次数）/{index + 1}'] != '':
                    candidates.append((row, name, cells, index))
        rng.shuffle(candidates)
        for row, name, cells, index in candidates:
            period = label(cells['周期'], index)
            there = [r for r, c in review.body() if (c['单位'], c['要求编号'], c['期间']) == (cells['单位'], cells['检查编号'], period)]
            if there:
                word = rng.choice(['已开展', '未开展', '不适用'])
                target = {('核对', review.at(there[0], '结论')): word}
                return f'结论 {cells["单位"]} {cells["检查编号"]} {period} {word}', {('逐项', self.checks.at(row, name)): word}, self.answer(target)
        return None

    def slot(self, rng):
        answers = Table(self.review['活动对应'], '改为条目')
        row, cells = self.activity(rng)
        slots = [name for name in self.activities.columns if name.startswith('认定/')]
        others = [name for name in self.activities.columns if name.startswith('合并认定/')]
        ids = sorted({c['佐证编号'] for _, c in self.checks.body() if c['单位'] == cells['单位'] and c['佐证编号']})
        slot = rng.choice(slots)
        old = [cells[name] for name in slots + others if cells[name]]
        new = rng.choice([None, rng.choice(ids)])
        after = [new if name == slot else cells[name] for name in slots + others]
        after = list(dict.fromkeys(a for a in after if a))
        # Items stand for themselves where no requirement follows from them: they count for nothing.
        named = [a for a in after if a in ids or re.search(r'[a-z]$', a)]
        if set(after) == set(old):
            return None
        serial = date(1899, 12, 30) + timedelta(days=int(cells['起始日期']))
        known = [r for r, c in answers.body() if (c['单位'], c['活动名称']) == (cells['单位'], cells['活动名称'])]
        at = known[0] if known else max([answers.head, *(r for r, _ in answers.body())]) + 1
        target = {('活动对应', answers.at(at, '结论')): '改为' if named else '不是佐证'}
        if named:
            target[('活动对应', answers.at(at, '改为条目'))] = '、'.join(named)
        if not known:
            for name, value in [('单位', cells['单位']), ('日期', serial.isoformat()), ('活动名称', cells['活动名称'])]:
                target[('活动对应', answers.at(at, name))] = value
        what = f'认定 {cells["单位"]} {cells["活动名称"]} {old}→{after}'
        return what, {(self.listed, self.activities.at(row, slot)): new}, self.answer(target)

    def answer(self, target):
        def take(root):
            path = root / '核对' / '核对表.xlsx'
            path.parent.mkdir(exist_ok=True)
            books.edit(self.root / '核对' / '核对表.xlsx', path, target)
        return take


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if not shutil.which('soffice'):
        print('没有 LibreOffice，没有做')
        return 2
    shuzhi = str(Path(sys.argv[1]).resolve())
    count, seed = int((sys.argv[2:] + [200])[0]), int((sys.argv[3:] + [1])[0])
    schemes = sys.argv[4:] or ['']
    rng = random.Random(seed)
    work = Path(tempfile.mkdtemp())
    try:
        bases = [Base(shuzhi, work, rng, scheme) for scheme in schemes]
        edited, out, changes, kinds = work / '改动', work / '重算', [], {}
        edited.mkdir()
        tries = 0
        while len(changes) < count and tries < count * 20:
            tries += 1
            book = bases[tries % len(bases)].book(rng)
            change = book.change(rng)
            if change is None:
                continue
            what, cells, take = change
            copy = edited / f'{len(changes)}.xlsx'
            books.edit(book.path, copy, cells)
            changes.append((book, f'{book.name} {what}', take, copy))
            for name in (book.name.split('/')[0], what.split()[0]):
                kinds[name] = kinds.get(name, 0) + 1
        books.recalculated([copy for *_, copy in changes], out)
        wrong, compared = 0, 0
        for index, (book, what, take, copy) in enumerate(changes):
            root = work / f'输入{index}'
            shutil.copytree(book.root, root, ignore=shutil.ignore_patterns('成果', '核对'))
            take(root)
            run(shuzhi, root)
            ours = figures(books.read(root / '成果' / book.name))
            theirs = figures(books.read(out / copy.name))
            compared += len(ours)
            for of in sorted(set(ours) | set(theirs), key=str):
                if not books.same(ours.get(of), theirs.get(of)):
                    wrong += 1
                    print(f'{what}：{of}，程序{ours.get(of)!r}，表格{theirs.get(of)!r}')
            shutil.rmtree(root)
        print(f'{len(changes)}处改动（{kinds}），{compared}个数比较，{wrong}个不同')
        return 1 if wrong or len(changes) < count else 0
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
