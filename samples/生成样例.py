#!/usr/bin/env python3
"""生成 samples/ 下的样例报送材料、单位名册和期望.json。

    python3 生成样例.py

需要 openpyxl、xlwt、odfpy、msoffcrypto-tool。全部内容为虚构；文件属性里的时间写死，
重复运行得到相同的字节（库的版本相同时）。文字在 样例文本/，单位和安排在 样例数据.py。
"""
import csv, datetime as dt, io, json, random, re, secrets, shutil, zipfile
from pathlib import Path

import openpyxl, xlwt
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter as 列名

import 样例数据 as 数据

此处 = Path(__file__).resolve().parent
根 = 此处 / "青岚市水务局2023年度考核"
报送 = 根 / "报送"
年 = 数据.年
放假 = {(1, d) for d in [1, 2, *range(20, 28)]} | {(4, 5), (4, 29), (4, 30), (5, 1), (5, 2), (5, 3), (6, 22), (6, 23), (6, 24),
      (9, 29), (9, 30), *[(10, d) for d in range(1, 7)]}
四类 = ["支委会", "党员大会", "主题党日", "廉政自省日"]
标准类型 = {"民主评议": "民主评议党员"}


# ── 文本 ────────────────────────────────────────────────────────────────

def 读文本(名):
    行 = [l.rstrip("\n") for l in (此处 / "样例文本" / f"{名}.txt").open(encoding="utf-8")]
    出 = []
    for l in 行:
        if not l or l.startswith("#"):
            continue
        头, *余 = l.split("|")
        期, _, 谁 = 头.partition("@")
        # “3.22”是3月22日；党课的“1.3.23”是1季度、3月23日
        点 = [[int(y) for y in x.split(".")] for x in 期.split(",")]
        出.append(dict(期=[p[0] for p in 点], 定=点[0][1:], 谁=谁, 余=余, 用=0))
    return 出


池 = {k: 读文本(k) for k in [*四类, "党课", "其他"]}


def 读另记():
    行 = (l.rstrip("\n").split("|") for l in (此处 / "样例文本" / "另记.txt").open(encoding="utf-8") if not l.startswith("#"))
    return {(单, 题): 容 for 单, 题, 容 in 行}


另记 = 读另记()


def 填(文, 单位, r):
    人 = 单位["人"]
    值 = dict(书记=单位["书记"], 组织=单位["组织"], 宣传=单位["宣传"], 纪检=单位["纪检"],
             党员=r.choice(单位["党员"]) if 单位["党员"] else "", 新=单位["新人"], 转=单位["转正"], 人=人, 半=人 // 2, n=max(1, 人 // 6))
    return 文.format(**值)


def 可用(e, 单位):
    if e["谁"] and e["谁"] != 单位["简称"]:
        return False
    文 = "".join(e["余"])
    if not 单位["党小组"] and "小组" in 文:
        return False
    if not 单位["支委会制"] and re.search("委员|支委", 文):
        return False
    if 单位["简称"] == "离退休" and not e["谁"] and re.search("汛|转正|发展对象|预备党员|先锋岗|值班|青年|公车|献血|雪|工地|升学|抢|入职|河|工程变更|项目资金|个人有关|接待|树|执法", 文):
        return False
    大 = [int(x) for x in re.findall(r"(\d+)(?:人|名)", 文)]
    return not any(x > 单位["人"] * 0.8 for x in 大)


class 行:
    """一项活动：写进表里的字，和它实际是什么。"""

    def __init__(self, 类, 题, 容, 日, **k):
        self.类, self.题, self.容, self.日 = 类, 题, 容, 日
        self.日字 = None          # 日期的写法；空则由各表自定
        self.月 = {日.month} if 日 else set()
        self.季 = {(日.month - 1) // 3 + 1} if 日 else set()
        self.另类 = []            # 标题里还写明的类型
        self.应 = self.实 = None
        self.时 = None
        self.主 = self.记 = self.地 = ""
        self.重复 = self.外年 = False
        self.码 = []              # 这一行应有的提示
        self.表 = self.号 = None  # 写在哪
        self.__dict__.update(k)

        self.定 = self.__dict__.get("定", False)

    def 类们(self):
        return [标准类型.get(self.类, self.类), *self.另类]


def 工作日(月, 日, 末=31):
    if 月 == 1 and 日 >= 20:
        日 = 19          # 春节前办完
    末 = min(末, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][月 - 1])
    日 = max(1, min(日, 末))
    for d in [*range(日, 末 + 1), *range(日, 0, -1)]:
        x = dt.date(年, 月, d)
        if x.weekday() < 5 and (月, d) not in 放假:
            return x
    raise AssertionError


def 排(名, 单位, 有内容=True):
    """一个单位全年的活动，按日期。"""
    r = random.Random(名)
    出 = []

    def 选(类, 月, 条件=lambda e: True, 期=None):
        候 = [e for e in 池[类] if (期 or 月) in e["期"] and 可用(e, 单位) and 条件(e) and e.get("上") != 名]
        候 = 候 or [e for e in 池[类] if (期 or 月) in e["期"] and 可用(e, 单位) and 条件(e)]
        序 = sorted(候, key=lambda e: (e["用"], not e["谁"], not (有内容 and e["余"][-1]), r.random()))
        e = 序[0]
        e["上"] = 名
        e["用"] += 1
        return e, e["用"] == 1

    def 加(类, e, 首, 日, 题位=0, **k):
        题 = e["余"][题位].lstrip("*")
        容 = e["余"][题位 + 1] if (首 or k.pop("留", False)) and 有内容 else ""
        k.pop("留", None)
        状态 = r.getstate()
        题 = 填(题, 单位, r)
        r.setstate(状态)
        容 = 填(容, 单位, r) or (另记.get((名, 题), "") if 有内容 else "")
        x = 行(类, 题, 容, 日, **k)
        出.append(x)
        return x

    委 = 5 if 单位["人"] > 18 else 3
    日基 = {"支委会": r.randint(2, 8), "党员大会": r.randint(9, 14), "主题党日": r.randint(14, 19), "廉政自省日": r.randint(20, 26)}
    for 类, 键 in zip(四类, ["支委", "大会", "党日", "自省"]):
        for m in 单位[键]:
            e, 首 = 选(类, m)
            偏 = 日基[类] + r.randint(-2, 2)
            d = 工作日(m, e["定"][0] if e["定"] else 偏)
            x = 加(类, e, 首, d)
            x.定 = bool(e["定"])
            x.应 = 委 if 类 == "支委会" else 单位["人"]
            x.实 = max(2, x.应 - (r.choice([0, 0, 0, 1]) if 类 == "支委会" else r.choice([0, 1, 1, 2, 3]) * (1 if 单位["人"] > 8 else 0)))
            x.时 = {"支委会": r.choice([1, 1, 1.5]), "党员大会": r.choice([1, 1.5, 2]), "主题党日": r.choice([2, 2.5, 3]), "廉政自省日": r.choice([1, 1, 1.5])}[类]
            x.主 = 单位["书记"] if r.random() < 0.75 or 类 == "党员大会" else r.choice([单位["组织"], 单位["纪检"] or 单位["组织"]])
    for q in 单位["党课"]:
        书 = q in 单位["书记课"]
        e, 首 = 选("党课", 0, lambda e: e["余"][0].startswith("*") == 书, 期=q)
        m, 日 = (q - 1) * 3 + r.randint(1, 3), r.randint(8, 25)
        m = e["定"][0] if e["定"] else max(m, 5) if 单位.get("成立") else m
        x = 加("党课", e, 首, 工作日(m, e["定"][1] if len(e["定"]) > 1 else 日))
        x.应, x.实, x.时 = 单位["人"], 单位["人"] - (r.choice([0, 1, 2]) if 单位["人"] > 8 else 0), r.choice([1.5, 2])
        m2 = re.search(r"\{(纪检|宣传|组织)\}", e["余"][1])
        外 = re.search("邀请|国家安全机关", e["余"][1])
        讲 = next((p for p in 单位["党员"] if p in x.容), None)
        x.主 = 单位["书记"] if 书 else "特邀讲师" if 外 else 讲 or 单位[m2.group(1) if m2 else "宣传"]
    for h in 单位["汇报"]:
        m = 6 * h
        候 = [e for e in 池["其他"] if m in e["期"] and "思想政治工作情况" in e["余"][1] and (有内容 or "机关党委" in e["余"][1])]
        e = min(候, key=lambda e: (e["用"], r.random()))
        e["用"] += 1
        x = 加(e["余"][0], e, True, 工作日(m, r.randint(18, 28)), 题位=1)
        x.主, x.应, x.实, x.汇报半年 = 单位["书记"], None, None, h
    for 题 in 单位["其他"]:
        e = next(e for e in 池["其他"] if e["余"][1] == 题)
        m = r.choice(e["期"])
        首 = e["用"] == 0
        e["用"] += 1
        日 = r.randint(3, 27)
        x = 加(e["余"][0], e, 首, 工作日(m, e["定"][0] if e["定"] else 日), 题位=1)
        全体 = x.类 in ("组织生活会", "民主评议党员", "民主评议")
        x.应 = 单位["人"] if 全体 else None
        x.实 = 单位["人"] - (1 if r.random() < 0.4 and 单位["人"] > 8 else 0) if 全体 else (
            2 if "个别" in 题 or x.类 == "谈心谈话" and "集体" not in 题 else r.randint(3, max(4, 单位["人"] // 2)))
        x.时 = 3 if 全体 else r.choice([0.5, 1, 1, 2])
        x.主 = 单位["书记"] if 全体 or x.类 == "谈心谈话" else r.choice([单位["组织"], 单位["宣传"] or 单位["书记"]])
    for x in 出:
        if x.时 is None:
            x.时 = 1
        if x.实 is None:
            x.实 = 1
        x.记 = r.choice([单位["宣传"], *单位["党员"][:1]]) or 单位["书记"]
        x.地 = r.choice(单位["地点"])
        if x.类 in ("主题党日", "志愿服务", "慰问", "警示教育", "文体", "消防演练", "结对帮扶", "党建共建", "双报到", "党建+业务", "廉政自省日"):
            文 = x.题 + x.容 if x.类 != "廉政自省日" else x.题 if re.search("基地|家风馆|书画", x.题) else ""
            x.地 = 野外(文, 单位) or x.地
    出.sort(key=lambda x: x.日)
    return 出


def 野外(文, 单位):
    """不在会议室开展的，按文字定地点。"""
    for 词, 地 in [("影片", "三楼会议室"), ("影视", "三楼会议室"), ("图片展", "市文化馆"), ("书画展", "市文化馆"), ("作品展", "一楼大厅"), ("烈士陵园", "青岚烈士陵园"),
                 ("校园", "实验小学"), ("安置点", "城南小学"), ("档案馆", "市档案馆"), ("庭审", "市法院"), ("警示教育基地", "市警示教育基地"), ("家风馆", "清廉家风馆"),
                 ("展馆", "市廉政教育展馆"), ("旧址", "小青山革命旧址"), ("水情教育", "市水情教育基地"), ("规划馆", "城市规划馆"), ("国防", "市国防教育馆"),
                 ("劳模", "劳模创新工作室"), ("献血", "市中心血站"), ("敬老院", "城北敬老院"), ("雪", "办公楼前"), ("企业", "高新区"), ("水费大厅", "水费服务大厅"),
                 ("泵站", "三号泵站"), ("工地", "泵站改造工地"), ("水库", "在建水库工地"), ("砂石", "北河砂石码头"), ("山塘", "青竹坪村"), ("渠首", "老渠首"), ("断面", "下游断面"),
                 ("丰收", "青竹坪村"), ("观摩", "城东社区"), ("泵房", "二次供水泵房"),
                 ("闸站", "值守闸站"), ("送学上门", "党员家中"), ("老党员访谈", "党员家中"), ("慰问老党员", "党员家中"), ("老党员包", "党员家中"), ("退役军人", "党员家中"), ("慰问", "职工家中"), ("家属", "职工家中"), ("社区", "城东社区"), ("居民", "滨河社区"), ("独居", "滨河社区"),
                 *[(x, "青竹坪村") for x in ("结对村", "包联村", "自然村", "沿河村", "新村", "进村", "入村")], ("堤", "北河左岸"), ("巡河", "北河滨河段"), ("河道", "北河滨河段"), ("清河", "北河滨河段"), ("护岸", "北河左岸"), ("水塘", "城郊水塘"),
                 ("路口", "滨河路口"), ("渠", "东干渠"), ("水厂", "城南水厂"), ("冲锋舟", "中心仓库"), ("消防", "办公楼前"), ("运动会", "市体育馆"), ("乒乓", "职工活动室"),
                 ("考点", "市一中考点"), ("高考", "市一中考点"), ("落叶", "办公楼前")]:
        if 词 in 文:
            return 地
    return ""


# ── 文件写法 ─────────────────────────────────────────────────────────────

定时 = (2023, 12, 29, 9, 0, 0)


def 压(源: bytes, 去路: Path):
    """把 zip 里的时间和文档属性时间写死。"""
    出 = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(源)) as z, zipfile.ZipFile(出, "w") as o:
        for 名 in z.namelist():
            b = z.read(名)
            if 名 in ("docProps/core.xml", "meta.xml"):
                b = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?", b"2023-12-29T09:00:00" + (b"Z" if 名[0] == "d" else b""), b)
            信 = zipfile.ZipInfo(名, 定时)
            信.external_attr = 0o644 << 16
            o.writestr(信, b, zipfile.ZIP_STORED if 名 == "mimetype" else zipfile.ZIP_DEFLATED, 9)
    去路.parent.mkdir(parents=True, exist_ok=True)
    去路.write_bytes(出.getvalue())


def 排版(ws):
    """宽列靠左，行高按字数，横向打印、宽度一页。"""
    并 = {(r, c) for m in ws.merged_cells.ranges for r in range(m.min_row, m.max_row + 1) for c in range(m.min_col, m.max_col + 1)}
    for 列 in ws.iter_rows():
        行数 = 1
        for c in 列:
            if not isinstance(c.value, str) or (c.row, c.column) in 并 or not c.border.left.style:
                continue
            宽 = ws.column_dimensions[列名(c.column)].width or 8
            行数 = max(行数, -(-int(len(c.value) * 2.15 + 1) // int(宽)))
            if 宽 >= 24 and not c.font.bold and c.has_style:
                c.alignment = 靠左
        if 行数 > 1 and ws.row_dimensions[列[0].row].height is None:
            ws.row_dimensions[列[0].row].height = 15 * 行数
    ws.page_setup.orientation = "landscape"
    ws.page_setup.paperSize = 9
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)


def 存(wb, 去路):
    wb.properties.creator = "样例"
    for ws in wb:
        排版(ws)
    b = io.BytesIO()
    wb.save(b)
    压(b.getvalue(), 去路)


细 = Border(*[Side(style="thin")] * 4)
居中 = Alignment(horizontal="center", vertical="center", wrap_text=True)
靠左 = Alignment(vertical="center", wrap_text=True)


def 题头(ws, r, 宽, 文, 号=16):
    ws.merge_cells(start_row=r, start_column=1, end_row=r, end_column=宽)
    c = ws.cell(r, 1, 文)
    c.font, c.alignment = Font(name="方正小标宋简体", size=号), 居中
    ws.row_dimensions[r].height = 30


def 放(ws, r, 值, 起=1, 粗=False, 框=True):
    for i, v in enumerate(值):
        c = ws.cell(r, 起 + i)
        if v is None or v == "":
            if 框:
                c.border = 细
            continue
        c.value = v
        if isinstance(v, str):
            c.data_type = "s"      # 以 = + - 开头的也是文字
        if isinstance(v, dt.date):
            c.number_format = "yyyy/m/d"
        c.font = Font(name="宋体", size=11, bold=粗)
        c.alignment = 靠左 if isinstance(v, str) and len(v) > 8 and not 粗 else 居中
        if 框:
            c.border = 细


def 列宽(ws, 宽, 起=1):
    for i, w in enumerate(宽):
        ws.column_dimensions[列名(起 + i)].width = w


def 年月日(d):
    return f"{d.year}年{d.month}月{d.day}日"


def 点(d):
    return f"{d.year}.{d.month}.{d.day}"


def 斜(d):
    return f"{d.year}/{d.month}/{d.day}"


def 横(d):
    return d.isoformat()


def 月日(d):
    return f"{d.month}月{d.day}日"


def 写日(x, 法):
    return x.日字 if x.日字 is not None else 法(x.日)


# ── 各单位的表 ───────────────────────────────────────────────────────────

文件期望 = {}    # 相对路径 → {单位, 读取, 活动, 未开展, 发现, 可有}
单位行 = {}      # 单位 → [行]


def 登记(路, 名, 行们, 未开展=0, 可有=(), 版式="", 毛病=(), 另=()):
    p = str(路.relative_to(根))
    发现 = [dict(代码=c, 表=x.表, 行=x.号) for x in 行们 for c in x.码]
    发现 += list(另)
    发现.sort(key=lambda f: (f["代码"], f.get("行") or 0))
    文件期望[p] = dict(单位=名, 读取="成功", 活动=len(行们), 未开展=未开展, 发现=发现, 可有=list(可有), 版式=版式, 毛病=list(毛病))
    单位行.setdefault(名, []).extend(行们)


def 坏文件(路, 名, 错, 码, 版式, 毛病, 可有=()):
    文件期望[str(路.relative_to(根))] = dict(单位=名, 读取=错, 活动=0, 未开展=0, 发现=[dict(代码=码, 表="", 行=None)], 可有=list(可有), 版式=版式, 毛病=[毛病])


def 第一():
    名 = "机关第一党支部"
    u = 数据.单位[名]
    行们 = 排(名, u)
    联 = 行("党员大会", "庆“七一”党员大会暨主题党日：老少党员话初心", "为2名老党员送纪念册，新党员宣誓；会上书记通报上半年工作，随后分组参观办公楼内的党建长廊。",
           工作日(7, 3), 另类=["主题党日"], 应=31, 实=30, 时=2.5, 主=u["书记"], 记=u["宣传"], 地="五楼多功能厅")
    行们 = sorted([x for x in 行们 if not (x.类 == "主题党日" and x.日.month == 7)] + [联], key=lambda x: x.日)
    路 = 报送 / "机关第一党支部2023年度活动台账.xlsx"
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "活动台账"
    题头(ws, 1, 12, "机关第一党支部2023年度党组织活动台账")
    ws.merge_cells("A2:F2"); ws["A2"] = "填报单位：机关第一党支部"
    ws.merge_cells("J2:L2"); ws["J2"] = "填报日期：2023年12月29日"
    放(ws, 3, ["序号", "活动时间", "活动类型", "活动主题", "主要内容", "应到人数", "实到人数", "主持人", "记录人", "活动地点", "时长（小时）", "备注"], 粗=True)
    for i, x in enumerate(行们):
        x.表, x.号 = "活动台账", 4 + i
        放(ws, x.号, [i + 1, 年月日(x.日), x.类, x.题, x.容, x.应, x.实, x.主, x.记, x.地, x.时, "有照片" if i % 9 == 4 else ""])
    列宽(ws, [5, 15, 12, 26, 46, 6, 6, 9, 9, 15, 7, 8])
    ws.freeze_panes = "A4"
    存(wb, 路)
    登记(路, 名, 行们, 版式="标题合并居中，第2行填报单位和日期，第3行表头", 毛病=["无：全年齐全的对照样本；7月一行为“党员大会暨主题党日”，两种形式各算一次"])


def 第二():
    名 = "机关第二党支部"
    u = 数据.单位[名]
    行们 = 排(名, u, 有内容=False)
    坏 = next(x for x in 行们 if x.类 == "党员大会" and x.日.month == 8)
    坏.实, 坏.码 = 坏.应 + 2, ["N004"]
    原 = next(x for x in 行们 if x.类 == "主题党日" and x.日.month == 11)
    复 = 行(原.类, 原.题, "", 原.日, 应=原.应, 实=原.实, 时=原.时, 主=原.主, 记=原.记, 地=原.地, 重复=True, 码=["N006"], 原行=原)
    行们.insert(行们.index(原) + 2, 复)
    路 = 报送 / "局机关二支部“三会一课”等登记表.xlsx"
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "登记表"
    题头(ws, 1, 11, "青岚市水务局机关第二党支部2023年组织生活登记表")
    放(ws, 2, ["序号", "会议时间", "类别", "会议议题", "参加情况", "", "", "召集人", "记录人", "地点", "备注"], 粗=True)
    放(ws, 3, ["", "", "", "", "应到", "实到", "缺席", "", "", "", ""], 粗=True)
    ws.merge_cells("E2:G2")
    for c in "ABCDHIJK":
        ws.merge_cells(f"{c}2:{c}3")
    for i, x in enumerate(行们):
        x.表, x.号 = "登记表", 4 + i
        放(ws, x.号, [i + 1, dt.datetime(x.日.year, x.日.month, x.日.day), x.类, x.题, x.应, x.实, max(0, x.应 - x.实) if x.应 else None, x.主, x.记, x.地,
                     "公出请假" if x.应 and 0 < x.应 - x.实 and i % 5 == 0 else ""])
    for r in range(4, 4 + len(行们)):
        ws.cell(r, 2).number_format = "yyyy/m/d"
    列宽(ws, [5, 12, 14, 40, 6, 6, 6, 9, 9, 16, 10])
    存(wb, 路)
    登记(路, 名, 行们, 可有=["C005"], 版式="两级合并表头（参加情况→应到/实到/缺席），真日期", 毛病=[f"第{坏.号}行实到多于应到", f"第{复.号}行与第{原.号}行重复"])


def 第三():
    名 = "机关第三党支部"
    u = 数据.单位[名]
    行们 = 排(名, u, 有内容=False)
    行们 = [x for x in 行们 if x.日.month != 9]
    路 = 报送 / "三支部月度登记.xlsx"
    wb = openpyxl.Workbook()
    wb.remove(wb.active)
    for m in range(1, 13):
        ws = wb.create_sheet(f"{m}月")
        题头(ws, 1, 7, f"2023年{m}月机关三支部活动登记", 14)
        放(ws, 2, ["序号", "日期", "活动类型", "活动主题", "参加人数", "活动地点", "主持人"], 粗=True)
        月行 = [x for x in 行们 if x.日.month == m]
        for i, x in enumerate(月行):
            x.表, x.号 = f"{m}月", 3 + i
            放(ws, x.号, [i + 1, f"{x.日.day}日", x.类, x.题, x.实, x.地, x.主])
        if not 月行:
            ws.merge_cells("A3:G3")
            放(ws, 3, ["本月无活动"])
        列宽(ws, [5, 8, 14, 40, 9, 16, 10])
    存(wb, 路)
    登记(路, 名, 行们, 未开展=1, 可有=["C005", "R017"], 版式="每月一张工作表，日期只写“5日”，年份只在标题里", 毛病=["9月表只写“本月无活动”", "单位写作简称“机关三支部”"])


def 第四():
    名 = "机关第四党支部"
    u = 数据.单位[名]
    行们 = 排(名, u)
    坏 = next(x for x in 行们 if x.类 == "廉政自省日" and x.日.month == 2)
    坏.日字, 坏.月, 坏.季, 坏.码 = "2023.2.30", set(), set(), ["N001"]
    路 = 报送 / "第四支部2023年三会一课台账.xls"
    wb = xlwt.Workbook(encoding="utf-8")
    粗 = xlwt.easyxf("font: bold on; align: horiz center, vert center; borders: left thin, right thin, top thin, bottom thin")
    格 = xlwt.easyxf("align: wrap on, vert center; borders: left thin, right thin, top thin, bottom thin")
    大 = xlwt.easyxf("font: bold on, height 320; align: horiz center, vert center")
    for 表 in [*四类, "党课", "其他活动"]:
        表行 = [x for x in 行们 if (x.类 == 表 if 表 != "其他活动" else x.类 not in [*四类, "党课"])]
        ws = wb.add_sheet(表)
        其他 = 表 == "其他活动"
        头 = ["序号", "时间", *(["活动类型"] if 其他 else []), {"党课": "党课题目", "主题党日": "活动主题", "廉政自省日": "主题", "其他活动": "活动名称"}.get(表, "会议议题"),
             "主要内容", "应到", "实到", "主讲人" if 表 == "党课" else "主持人", "地点"]
        ws.write_merge(0, 0, 0, len(头) - 1, f"机关第四支部2023年{表}登记" if not 其他 else "机关第四支部2023年其他组织生活和活动登记", 大)
        for c, h in enumerate(头):
            ws.write(1, c, h, 粗)
            ws.col(c).width = 256 * {"序号": 6, "时间": 12, "主要内容": 50, "应到": 6, "实到": 6}.get(h, 14 if h in ("活动类型", "地点", "主持人", "主讲人") else 32)
        for i, x in enumerate(表行):
            x.表, x.号 = 表, 3 + i
            值 = [i + 1, 写日(x, 点), *([x.类] if 其他 else []), x.题, x.容, x.应, x.实, x.主, x.地]
            for c, v in enumerate(值):
                ws.write(2 + i, c, "" if v is None else v, 格)
    ws = wb.add_sheet("2022年旧表")
    ws.visibility = 1
    for r, 值 in enumerate([["序号", "时间", "会议议题", "主要内容", "应到", "实到", "主持人", "地点"],
                           [1, "2022.3.4", "传达上级通知", "去年的旧表，忘了删", 5, 5, u["书记"], "一楼会议室"],
                           [2, "2022.6.7", "研究党费使用", "", 5, 4, u["书记"], "一楼会议室"]]):
        for c, v in enumerate(值):
            ws.write(r, c, v)
    路.parent.mkdir(parents=True, exist_ok=True)
    wb.save(str(路))
    登记(路, 名, 行们, 可有=["C005"], 版式="老版 .xls，每种活动一张工作表，另有“其他活动”和隐藏的“2022年旧表”", 毛病=[f"“廉政自省日”表第{坏.号}行日期2023.2.30不存在", "隐藏的“2022年旧表”不计"],
        另=[dict(代码="R013", 表="2022年旧表", 行=None)])


def 第五():
    名 = "机关第五党支部"
    u = 数据.单位[名]
    行们 = 排(名, u, 有内容=False)
    路 = 报送 / "机关五支部活动台账（2023补）.xlsx"
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Sheet1"
    放(ws, 1, ["时间", "活动类型", "活动内容", "参加人数", "备注"], 粗=True)
    季 = 行("主题党日", "一季度集中观看党史纪录片", "", None, 日字="一季度", 季={1}, 实=12)
    无日 = 行("党员大会", "补学习党的二十大报告", "", None, 日字="", 实=10, 码=["N003"])
    写法 = [lambda d: f"{d.month}月{d.day}日", lambda d: f"{d.month}.{d.day}", lambda d: f"2023年{d.month}月{d.day}号下午", lambda d: f"23.{d.month}.{d.day}",
          lambda d: f"２０２３年{d.month}月{d.day}日"]
    for i, x in enumerate(行们):
        x.日字 = 写法[i % 5](x.日)
    乱 = next(x for x in 行们 if x.类 == "主题党日" and x.日.month == 10)
    乱.日字 = "10月中旬"
    行们.insert(3, 季)
    行们.insert(9, 无日)
    数 = [lambda n: f"{n}人", lambda n: n, lambda n: f"共{n}人", lambda n: f"{n}名党员"]
    r = 2
    for i, x in enumerate(行们):
        if i == 7:
            放(ws, r, ["8月", "主题党日", "未开展", "", "防汛值班"])
            r += 1
        x.表, x.号 = "Sheet1", r
        人 = 数[i % 4](x.实)
        if i == 5:
            人, x.实 = "若干", None
            x.码 = x.码 + ["N005"]
        放(ws, r, [x.日字, x.类, x.题, 人, ""])
        r += 1
    列宽(ws, [18, 12, 40, 12, 12])
    存(wb, 路)
    登记(路, 名, 行们, 未开展=1, 可有=["C005", "C006", "S002"], 版式="没有标题，第1行就是表头；日期、人数写法混杂；单位只在文件名里",
        毛病=[f"第{季.号}行只写“一季度”，不能算到月", f"第{无日.号}行没有日期", "8月一行写“未开展”，不是活动", "一行人数写“若干”", "“10月中旬”按10月计"])


def 第六():
    名 = "机关第六党支部"
    u = 数据.单位[名]
    行们 = 排(名, u)
    改 = next(x for x in 行们 if x.类 == "主题党日" and x.日.month == 8)
    改.题 = "=支部联学日：" + 改.题
    改2 = next(x for x in 行们 if x.类 == "党员大会" and x.日.month == 11)
    改2.题 = "+学习内容：" + 改2.题
    路 = 报送 / "六支部台账(财务科)导出.csv"
    b = io.StringIO()
    w = csv.writer(b, lineterminator="\r\n")
    w.writerow(["填报单位：机关第六党支部（2023年）"] + [""] * 7)
    w.writerow(["活动日期", "类型", "活动主题", "主要内容", "参会人数", "主持人", "地点", "时长"])
    for i, x in enumerate(行们):
        x.表, x.号 = "", 3 + i
        w.writerow([斜(x.日), x.类, x.题, x.容, f"{x.实}人", x.主, x.地, f"{x.时:g}小时" if i % 3 else f"{int(x.时 * 60)}分钟"])
    路.write_bytes(b.getvalue().encode("gbk"))
    登记(路, 名, 行们, 版式="GBK 编码的 .csv，首行填报单位", 毛病=[f"第{改.号}、{改2.号}行主题以“=”“+”开头，是文字不是公式", "党员6人，不设支委会"])


def 水文():
    名 = "水文监测站党支部"
    u = 数据.单位[名]
    行们 = 排(名, u)
    # 站上习惯把廉政自省日和支委会放在同一天，日期合并书写
    for m in range(1, 13):
        支 = next(x for x in 行们 if x.类 == "支委会" and x.日.month == m)
        省 = next(x for x in 行们 if x.类 == "廉政自省日" and x.日.month == m)
        if not 支.定:
            支.日 = 省.日
        elif not 省.定:
            省.日 = 支.日
    行们.sort(key=lambda x: (x.日, 四类.index(x.类) if x.类 in 四类 else 9))
    外 = 行("主题党日", "清扫断面标志牌、清理测船", "给下游断面的标志牌除锈刷漆，清理测船积水，{}同志负责安全。".format(u["党员"][1]), dt.date(2022, 12, 16), 月=set(), 季=set(), 外年=True, 码=["N002"],
           应=27, 实=24, 时=2, 主=u["书记"], 地="中心测站")
    行们.insert(0, 外)
    路 = 报送 / "水文监测站党支部组织生活情况.xlsx"
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "组织生活"
    题头(ws, 1, 10, "水文监测站党支部2023年组织生活开展情况")
    放(ws, 2, ["序号", "活动时间", "活动类型", "活动主题", "主要内容", "应到", "实到", "主持（主讲）人", "活动地点", "学时"], 粗=True)
    上 = None
    并 = []
    for i, x in enumerate(行们):
        x.表, x.号 = "组织生活", 3 + i
        日 = 年月日(x.日)
        同 = 上 is not None and 上.日 == x.日
        if 同 and x.日.month <= 6:
            if 并 and 并[-1][1] == x.号 - 1:
                并[-1][1] = x.号
            else:
                并.append([x.号 - 1, x.号])
            日 = None
        elif 同:
            日 = "〃" if x.日.month % 2 else "同上"
        地 = "同上" if 同 and x.地 == 上.地 and x.日.month > 6 else x.地
        放(ws, x.号, [i + 1, 日, x.类, x.题, x.容, x.应, x.实, x.主, 地, x.时])
        上 = x
    for a, b in 并:
        ws.merge_cells(f"B{a}:B{b}")
    列宽(ws, [5, 15, 12, 28, 48, 6, 6, 10, 16, 6])
    存(wb, 路)
    登记(路, 名, 行们, 版式="同一天的日期合并单元格（上半年），下半年写“同上”“〃”", 毛病=[f"第{外.号}行日期在2022年，不计"])


def 灌区():
    名 = "灌区管理处党支部"
    u = 数据.单位[名]
    行们 = 排(名, u, 有内容=False)
    联 = 行("主题党日", "“五一”前主题党日暨廉政自省日：渠首宣誓", "", 工作日(4, 27), 另类=["廉政自省日"], 应=36, 实=33, 时=2.5, 主=u["书记"], 地="渠首枢纽")
    行们 = sorted([x for x in 行们 if not (x.日.month == 4 and x.类 in ("主题党日", "廉政自省日"))] + [联], key=lambda x: x.日)
    路 = 报送 / "灌区管理处支部活动统计（定稿）.xlsx"
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Sheet1"
    题头(ws, 1, 9, "2023年党支部活动统计表")
    ws.merge_cells("A2:I2"); ws["A2"] = "单位（盖章）：灌区管理处党支部"
    放(ws, 3, ["序号", "活动时间", "活动类型", "活动主题", "应到人数", "参加人数", "时长", "主持人", "活动地点"], 粗=True)
    r, n = 4, 0
    for q in range(1, 5):
        季行 = [x for x in 行们 if (x.日.month - 1) // 3 + 1 == q]
        for x in 季行:
            n += 1
            x.表, x.号 = "Sheet1", r
            放(ws, r, [n, 斜(x.日), x.类, x.题, x.应, x.实, x.时, x.主, x.地])
            r += 1
        放(ws, r, ["", "", "小计", f"{len(季行)}次", "", sum(x.实 for x in 季行), "", "", ""], 粗=True)
        r += 1
    放(ws, r, ["合计", "", "", f"{n}次", "", sum(x.实 for x in 行们), "", "", ""], 粗=True)
    ws.merge_cells(start_row=r, start_column=1, end_row=r, end_column=3)
    ws.merge_cells(start_row=r + 1, start_column=1, end_row=r + 1, end_column=9)
    ws.cell(r + 1, 1, "注：1.本表每季度末报送机关党委；2.时长以小时计；3.业务会议不填。")
    ws.cell(r + 2, 1, f"填表人：{u['宣传']}")
    ws.cell(r + 2, 4, f"审核人：{u['书记']}")
    ws.cell(r + 2, 7, "联系电话：0000-5550123")
    ws.cell(r + 3, 8, "（公章）")
    ws.cell(r + 4, 7, "年　　月　　日")
    列宽(ws, [5, 12, 13, 40, 9, 9, 7, 10, 15])
    存(wb, 路)
    登记(路, 名, 行们, 版式="单位（盖章）行，每季度小计、末尾合计，注和填表人、审核人、公章行", 毛病=["小计、合计、注、落款不是活动；4月一行为“主题党日暨廉政自省日”，两种形式各算一次"])


def 供水():
    名 = "供水调度中心党支部"
    u = 数据.单位[名]
    行们 = 排(名, u)
    头 = ["类别", "会议议题", "主要做法", "开展时间", "场所", "主持人", "应到人数", "参与人次", "课时"]

    def 写(路, 标, 们, 例):
        wb = openpyxl.Workbook()
        ws = wb.active
        ws.title = "台账"
        题头(ws, 1, 9, 标)
        放(ws, 2, 头, 粗=True)
        r = 3
        if 例:
            放(ws, r, ["例：支委会", "例：研究年度学习计划", "写清议题、发言和决议", "2023年1月10日", "会议室", "某某", 5, 5, 1])
            r += 1
        for x in 们:
            x.表, x.号 = "台账", r
            放(ws, r, [x.类, x.题, x.容, 横(x.日), x.地, x.主, x.应, x.实, x.时])
            r += 1
        列宽(ws, [14, 30, 48, 12, 16, 10, 8, 8, 6])
        if 例:
            选 = wb.create_sheet("下拉选项")
            for i, k in enumerate(["活动类型", *四类, "党课", "组织生活会", "谈心谈话", "其他"]):
                选.cell(i + 1, 1, k)
            选.sheet_state = "hidden"
            from openpyxl.worksheet.datavalidation import DataValidation
            dv = DataValidation(type="list", formula1="下拉选项!$A$2:$A$9", allow_blank=True)
            ws.add_data_validation(dv)
            dv.add(f"A4:A{r + 20}")
        存(wb, 路)

    前 = [x for x in 行们 if x.日.month <= 10]
    后 = [x for x in 行们 if x.日.month >= 11]
    复 = []
    for x in 前:
        if x.日.month == 10 and x.类 in 四类:
            复.append(行(x.类, x.题, x.容, x.日, 应=x.应, 实=x.实, 时=x.时, 主=x.主, 记=x.记, 地=x.地, 重复=True, 原行=x, 码=["N006"]))
    路1 = 报送 / "供水调度中心党支部1-10月.xlsx"
    写(路1, "供水调度中心党支部2023年1—10月党建台账", 前, True)
    登记(路1, 名, 前, 版式="列名用同义词、列序不同（类别在最前、时间在中间）；首行“例：”，隐藏的“下拉选项”表", 毛病=["示例行和隐藏的选项表不计"], 可有=["R013"])
    路2 = 报送 / "供水调度中心支部补报10-12月.xlsx"
    写(路2, "供水调度中心党支部2023年10—12月党建台账（补报）", 复 + 后, False)
    登记(路2, 名, 复 + 后, 版式="同上，没有示例行和隐藏表", 毛病=[f"第{复[0].号}–{复[-1].号}行与第一份的10月活动重复，只算一次"])


def 河道():
    名 = "河道管理所党支部"
    u = 数据.单位[名]
    行们 = 排(名, u, 有内容=False)
    路 = 报送 / "河道管理所党支部" / "新建 Microsoft Excel 工作表.xlsx"
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Sheet1"
    列 = [4, 5, 7, 8, 10, 11]       # D E G H J K，中间空列
    for r, 值 in [(7, ["活动时间", "活动类型", "活动主题", "参加人数", "主持人", "地点"])] + [(None, None)] * 0:
        for c, v in zip(列, 值):
            放(ws, r, [v], 起=c, 粗=True)
    r = 8
    for i, x in enumerate(行们):
        if i in (5, 11):
            r += 1                    # 中间夹空行
        x.表, x.号 = "Sheet1", r
        for c, v in zip(列, [横(x.日), x.类, x.题, x.实, x.主, x.地]):
            放(ws, r, [v], 起=c)
        r += 1
    列宽(ws, [12, 14, 4, 36, 10, 4, 10, 16], 起=4)
    wb.create_sheet("Sheet2"); wb.create_sheet("Sheet3")
    存(wb, 路)
    登记(路, 名, 行们, 可有=["R017"], 版式="表格从 D7 开始，夹有空行空列；另有空的 Sheet2、Sheet3", 毛病=["文件名和表内都没有单位，只能凭文件夹名认定"])


def 设计():
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.style import Style, TableColumnProperties, TableCellProperties
    from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
    from odf.text import P
    名 = "水利设计室党支部"
    u = 数据.单位[名]
    行们 = 排(名, u)
    for x in 行们:
        if x.日 < dt.date(2023, 5, 10) and "成立" not in x.题:
            x.日 = 工作日(5, 10 + x.日.day % 12)
    行们.sort(key=lambda x: x.日)
    路 = 报送 / "设计室支部台账.ods"
    d = OpenDocumentSpreadsheet()
    样 = Style(name="c1", family="table-column"); 样.addElement(TableColumnProperties(columnwidth="3.2cm")); d.automaticstyles.addElement(样)
    宽样 = Style(name="c2", family="table-column"); 宽样.addElement(TableColumnProperties(columnwidth="8cm")); d.automaticstyles.addElement(宽样)
    折 = Style(name="w", family="table-cell"); 折.addElement(TableCellProperties(wrapoption="wrap", border="0.5pt solid #000000")); d.automaticstyles.addElement(折)
    t = Table(name="2023年")
    头 = ["序号", "时间", "会议类型", "名称", "简要情况", "应到人数", "实到人数", "主持人", "记录人", "地点"]
    for h in 头:
        t.addElement(TableColumn(stylename="c2" if h in ("名称", "简要情况") else "c1"))

    def 加行(值, 并=0):
        tr = TableRow()
        for i, v in enumerate(值):
            if 并 and 0 < i < 并:
                tr.addElement(CoveredTableCell())
                continue
            k = dict(numbercolumnsspanned=并, numberrowsspanned=1) if 并 and i == 0 else {}
            if v in (None, ""):
                tr.addElement(TableCell(stylename="w", **k))
            elif isinstance(v, (int, float)):
                c = TableCell(stylename="w", valuetype="float", value=v, **k); c.addElement(P(text=f"{v:g}")); tr.addElement(c)
            else:
                c = TableCell(stylename="w", valuetype="string", **k); c.addElement(P(text=v)); tr.addElement(c)
        t.addElement(tr)

    加行(["水利设计室党支部2023年度三会一课台账"] + [""] * 9, 并=10)
    加行(["本支部2023年5月成立"] + [""] * 9)
    加行(头)
    for i, x in enumerate(行们):
        x.表, x.号 = "2023年", 4 + i
        加行([i + 1, 点(x.日), x.类, x.题, x.容, x.应, x.实, x.主, x.记, x.地])
    d.spreadsheet.addElement(t)
    b = io.BytesIO()
    d.save(b)
    压(b.getvalue(), 路)
    登记(路, 名, 行们, 可有=["C005"], 版式=".ods，标题、说明、第3行表头", 毛病=["5月成立，1—4月不作要求"])


def 离退休():
    名 = "离退休干部党支部"
    u = 数据.单位[名]
    行们 = 排(名, u, 有内容=False)
    路 = 报送 / "老干部支部2023活动（打印版）.xls"
    wb = xlwt.Workbook(encoding="utf-8")
    ws = wb.add_sheet("打印")
    大 = xlwt.easyxf("font: bold on, height 320; align: horiz center, vert center")
    粗 = xlwt.easyxf("font: bold on; align: horiz center; borders: left thin, right thin, top thin, bottom thin")
    格 = xlwt.easyxf("align: wrap on, vert center; borders: left thin, right thin, top thin, bottom thin")
    中 = xlwt.easyxf("align: horiz center")
    日样 = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin", num_format_str="yyyy-mm-dd")
    for c, w in enumerate([6, 13, 15, 46, 9, 10, 18]):
        ws.col(c).width = 256 * w
    每 = 14
    页 = (len(行们) + 每 - 1) // 每
    r = 0
    for p in range(页):
        ws.write_merge(r, r, 0, 6, "2023年度离退休干部党支部活动台账", 大)
        for c, h in enumerate(["序号", "活动时间", "活动类型", "活动主题", "人数", "主持人", "地点"]):
            ws.write(r + 1, c, h, 粗)
        r += 2
        for x in 行们[p * 每:(p + 1) * 每]:
            x.表, x.号 = "打印", r + 1
            ws.write(r, 0, 行们.index(x) + 1, 格)
            ws.write(r, 1, dt.datetime(x.日.year, x.日.month, x.日.day), 日样)
            for c, v in enumerate([x.类, x.题, f"{x.实}人", x.主, x.地]):
                ws.write(r, 2 + c, v, 格)
            r += 1
        ws.write_merge(r, r, 0, 6, f"第 {p + 1} 页 共 {页} 页", 中)
        r += 2
    wb.save(str(路))
    登记(路, 名, 行们, 可有=["C005"], 版式="老版 .xls，每页重复标题和表头，页脚“第N页 共M页”，真日期", 毛病=["重复的标题、表头、页码行不是活动"])


数码 = "〇一二三四五六七八九"


def 汉日(d):
    def 两(n):
        return ("" if n < 20 else 数码[n // 10]) + ("十" if n >= 10 else "") + (数码[n % 10] if n % 10 else "") if n >= 10 else 数码[n]
    return "二〇二三年" + 两(d.month) + "月" + 两(d.day) + "日"


def 水政():
    名 = "水政监察支队党支部"
    u = 数据.单位[名]
    行们 = 排(名, u)
    周 = "一二三四五六日"
    法 = [横, lambda d: 年月日(d) + "上午", lambda d: f"{d.month}月{d.day}日（周{周[d.weekday()]}）", lambda d: int(d.strftime("%Y%m%d")), 点,
         lambda d: (d - dt.date(1899, 12, 30)).days, lambda d: 年月日(d).translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789"}), 汉日,
         lambda d: f"2023 年 {d.month} 月 {d.day} 日 ", lambda d: f"{d.month}.{d.day}", lambda d: dt.datetime(d.year, d.month, d.day), lambda d: f"{d.month}-{d.day}"]
    for i, x in enumerate(行们):
        v = 法[i % len(法)](x.日)
        if i % len(法) == 9 and x.日.day % 10 == 0:
            v = 点(x.日)
        x.日字 = v
    旬 = next(x for x in 行们 if x.类 == "支委会" and x.日.month == 3)
    旬.日字 = "2023年3月上旬"
    月 = next(x for x in 行们 if x.类 == "主题党日" and x.日.month == 5)
    月.日字 = "2023年5月"
    段 = next(x for x in 行们 if x.类 == "党建+业务")
    段.日字 = f"2023.{段.日.month}.{段.日.day}-2023.{段.日.month}.{min(段.日.day + 2, 28)}"
    坏 = next(x for x in 行们 if x.类 == "党员大会" and x.日.month == 6)
    坏.日字, 坏.月, 坏.季, 坏.码 = "6月31日", set(), set(), ["N001"]
    路 = 报送 / "水政支队党支部2023台账.xlsx"
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "2023"
    题头(ws, 1, 8, "水政监察支队党支部2023年活动台账")
    放(ws, 2, ["序号", "活动时间", "活动类型", "活动主题", "活动内容", "参加人员", "主持人", "时长"], 粗=True)
    for i, x in enumerate(行们):
        x.表, x.号 = "2023", 3 + i
        人 = x.实 if not x.应 else [f"应到{x.应}实到{x.实}", f"{x.实}人", f"{x.实}/{x.应}", f"全体党员（{x.应}人）" if x.实 == x.应 else f"应到{x.应}人，实到{x.实}人", f"{x.实}名"][i % 5]
        时 = [f"{x.时:g}小时", f"{x.时:g}h", f"{int(x.时 * 60)}分钟", {0.5: "半小时", 2: "两小时", 1: "1小时", 1.5: "一个半小时"}.get(x.时, f"约{x.时:g}小时")][i % 4]
        放(ws, x.号, [i + 1, x.日字, x.类, x.题, x.容, 人, x.主, 时])
        if isinstance(x.日字, dt.datetime):
            ws.cell(x.号, 2).number_format = "yyyy/m/d"
    列宽(ws, [5, 20, 14, 28, 48, 18, 10, 10])
    存(wb, 路)
    登记(路, 名, 行们, 可有=["C005"], 版式="日期十几种写法混在一列，人数、时长带单位", 毛病=[f"第{坏.号}行“6月31日”不存在", "“3月上旬”“2023年5月”按月计"])


def 质监():
    名 = "质量监督站党支部"
    u = 数据.单位[名]
    行们 = 排(名, u, 有内容=False)
    for x in 行们:
        if x.类 == "党课" and x.主 == u["书记"]:
            x.题 = f"书记{u['书记']}讲《{x.题}》"
    路 = 报送 / "质监站支部月度一览表.xlsx"
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "一览表"
    题头(ws, 1, 13, "质量监督站党支部2023年组织生活一览表")
    放(ws, 2, ["活动类型", *[f"{m}月" for m in 全年()]], 粗=True)
    for r, 类 in enumerate([*四类, "党课", "其他"], 3):
        放(ws, r, [类])
        for m in 全年():
            格 = [x for x in 行们 if x.日.month == m and (x.类 == 类 if 类 != "其他" else x.类 not in [*四类, "党课"])]
            for x in 格:
                x.表, x.号 = "一览表", r
            文 = "；".join(f"{月日(x.日)}：{x.题}" for x in 格) or ("/" if m % 3 == 0 else "无" if m % 3 == 1 else "")
            放(ws, r, [文], 起=1 + m)
        ws.row_dimensions[r].height = 75
    r = 9
    ws.merge_cells(start_row=r, start_column=1, end_row=r, end_column=13)
    ws.cell(r, 1, "注：没有活动的月份填“无”或“/”。")
    列宽(ws, [12, *[18] * 12])
    存(wb, 路)
    登记(路, 名, 行们, 可有=["R011", "C005"], 版式="矩阵：行是活动类型，列是12个月，格内写日期和主题，一格可有两项", 毛病=["“无”“/”和空格表示没有活动"])


def 全年():
    return 数据.全年


def 防汛():
    import msoffcrypto.format.ooxml as 加密
    import msoffcrypto.method.ecma376_agile as 敏
    import msoffcrypto.method.container.ecma376_encrypted as 壳
    名 = "防汛物资中心党支部"
    u = 数据.单位[名]
    行们 = 排(名, u)
    路 = 报送 / "防汛物资中心党支部台账（已取消密码）.xlsx"
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "活动"
    题头(ws, 1, 10, "防汛物资中心党支部党员教育和组织生活台账")
    ws["A2"] = "单位：防汛物资中心党支部"
    放(ws, 3, ["年", "月", "日", "活动类型", "主题", "主要内容", "应到人数", "实到人数", "主持人", "地点"], 粗=True)
    for i, x in enumerate(行们):
        x.表, x.号 = "活动", 4 + i
        放(ws, x.号, [2023, x.日.month, x.日.day, x.类, x.题, x.容, x.应, x.实, x.主, x.地])
    列宽(ws, [7, 5, 5, 14, 28, 48, 9, 9, 10, 16])
    存(wb, 路)
    登记(路, 名, 行们, 版式="年、月、日分三列，“单位：”行在标题下", 毛病=["同一单位另有一份加密文件打不开"])
    # 加密文件：内容相同，密码“样例”
    种 = random.Random("加密")
    敏._random_buffer = lambda n: bytes(种.getrandbits(8) for _ in range(n))

    class 定钟(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return dt.datetime(*定时)
    壳.datetime2filetime.__globals__["datetime"] = 定钟
    出 = io.BytesIO()
    加密.OOXMLFile(io.BytesIO(路.read_bytes())).encrypt("yangli2023", 出)
    密 = 报送 / "防汛物资中心党支部台账.xlsx"
    密.write_bytes(出.getvalue())
    坏文件(密, 名, "encrypted", "R001", "设了打开密码的 .xlsx", "打不开；同一单位另有未加密的一份", 可有=["C002"])


def 水保():
    名 = "水土保持站党支部"
    u = 数据.单位[名]
    行们 = 排(名, u)
    路 = 报送 / "水土保持站党支部2023年活动台账.xlsx"
    wb = openpyxl.Workbook()
    ws = wb.active
    题头(ws, 1, 5, "水土保持站党支部2023年活动台账")
    放(ws, 2, ["序号", "活动时间", "活动类型", "活动主题", "主要内容"], 粗=True)
    for i, x in enumerate(行们):
        放(ws, 3 + i, [i + 1, 年月日(x.日), x.类, x.题, x.容])
    存(wb, 路)
    b = 路.read_bytes()
    路.write_bytes(b[: len(b) * 3 // 5])
    坏文件(路, 名, "corrupt", "R002", "发送中断、后半截丢失的 .xlsx", "文件损坏；该单位没有别的材料，各项为无记录待核实")


def 临时():
    名 = "引调水工程建设指挥部临时党支部"
    u = 数据.单位[名]
    行们 = 排(名, u, 有内容=False)
    路 = 报送 / "指挥部临时党支部活动情况.xlsx"
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "活动"
    题头(ws, 1, 6, "引调水工程建设指挥部临时党支部2023年活动情况表")
    放(ws, 2, ["序号", "时间", "活动类型", "活动主题", "参加人数", "地点"], 粗=True)
    for i, x in enumerate(行们):
        x.表, x.号 = "活动", 3 + i
        放(ws, x.号, [i + 1, 年月日(x.日), x.类, x.题, x.实, x.地])
    列宽(ws, [5, 15, 14, 38, 10, 18])
    存(wb, 路)
    登记(路, 名, 行们, 版式="普通表格", 毛病=["单位不在名册中，不参加排名"], 另=[dict(代码="C001", 表="", 行=None)])


def 锁():
    路 = 报送 / "~$机关第一党支部2023年度活动台账.xlsx"
    b = "样例".encode("gbk")
    名 = "样例"
    路.write_bytes((bytes([len(b)]) + b).ljust(55, b" ") + (bytes([len(名), 0]) + 名.encode("utf-16-le")).ljust(110, b" \0"[:1]))
    坏文件(路, None, "跳过", "R007", "办公软件的临时文件（~$ 开头）", "不是报送材料，跳过")


# ── 名册、期望、说明 ─────────────────────────────────────────────────────

def 名册():
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "单位名册"
    放(ws, 1, ["单位名称", "别名", "组别", "书记", "党员人数", "设支委会", "设党小组", "成立日期", "撤销日期", "备注"], 粗=True)
    r = 2
    for 名, u in 数据.单位.items():
        if u.get("不入册"):
            continue
        放(ws, r, [名, "、".join(u["别名"]), u["组"], u["书记"], u["人"], "是" if u["支委会制"] else "否", "是" if u["党小组"] else "否", dt.date.fromisoformat(u["成立"]) if u.get("成立") else "", "",
                  "正式党员不足7人，只设书记" if not u["支委会制"] else "2023年5月新成立" if u.get("成立") else ""])
        r += 1
    列宽(ws, [24, 30, 16, 10, 10, 10, 10, 13, 13, 28])
    ws.freeze_panes = "A2"
    存(wb, 根 / "单位名册.xlsx")


def 评分():
    """台账以外的数据：业务得分、上年结果、自评分；数字只按次序编排，没有随机。"""
    名们 = [名 for 名, u in 数据.单位.items() if not u.get("不入册")]
    夹 = 根 / "评分"
    if 夹.exists():
        shutil.rmtree(夹)
    夹.mkdir()

    def 表(文件, 题, 头, 行们, 宽):
        wb = openpyxl.Workbook()
        ws = wb.active
        题头(ws, 1, len(头), 题)
        放(ws, 2, 头, 粗=True)
        for r, 行 in enumerate(行们, 3):
            放(ws, r, 行)
        列宽(ws, 宽)
        存(wb, 夹 / 文件)

    业务 = [96.5 - (i * 7 % 17) * 1.25 for i in range(len(名们))]
    行们 = [[i + 1, 名, 分, "" if i % 5 else "含专项"] for i, (名, 分) in enumerate(zip(名们, 业务))]
    表("2023年业务考核通报.xlsx", "青岚市水务局2023年度业务考核得分", ["序号", "单位", "业务得分", "备注"], 行们, [8, 26, 12, 20])
    表("2022年度党建考核结果.xlsx", "青岚市水务局2022年度党建考核结果", ["单位", "上年名次", "上年得分"],
       [[名, i * 5 % len(名们) + 1, 94 - (i * 5 % len(名们)) * 1.5] for i, 名 in enumerate(名们) if 名 != "水利设计室党支部"], [26, 12, 12])
    自评 = [["机关第一党支部", "一支部"], ["机关第二党支部", "机关二支部"], ["水文监测站党支部", "水文支部"]]
    表("自评分.xlsx", "各支部自评分（已报）", ["党支部", "要求编号", "自评分", "说明"],
       [[写法, 号, 分, ""] for _, 写法 in 自评 for 号, 分 in [("ZB-3a", 8), ("ZB-3b", 8), ("ZB-3c", 7.5), ("ZB-3d", 6)]], [22, 12, 10, 24])


def 单位期望(名, u):
    们 = 单位行.get(名, [])
    算 = [x for x in 们 if not x.外年 and not x.重复]
    出 = dict(入册=not u.get("不入册"), 组别=u["组"], 文件=[p for p, f in 文件期望.items() if f["单位"] == 名],
             活动=len(们), 重复=sum(x.重复 for x in 们), 不在本年度=sum(x.外年 for x in 们), 计入=len(算),
             无月份=sum(1 for x in 算 if not x.月))
    for 类 in 四类:
        出[类 + "月份"] = sorted({m for x in 算 if 类 in x.类们() for m in x.月})
    出["党课季度"] = sorted({q for x in 算 if "党课" in x.类们() for q in x.季})
    出["书记讲党课"] = any(x.类 == "党课" and x.主 == u["书记"] for x in 算)
    出["思想政治汇报半年"] = sorted({x.汇报半年 for x in 算 if hasattr(x, "汇报半年")})
    出["组织生活会"] = any("组织生活会" in x.类们() for x in 算)
    出["民主评议党员"] = any("民主评议党员" in x.类们() for x in 算)
    出["谈心谈话次数"] = sum("谈心谈话" in x.类们() for x in 算)
    if not u["支委会制"]:
        出["不适用"] = ["支委会"]
    if u.get("成立"):
        出["起始月份"] = int(u["成立"][5:7])
    发 = set()
    if u.get("不入册"):
        发.add("C001")
    elif not 出["文件"]:
        发.add("C003")
    if sum(1 for p in 出["文件"] if 文件期望[p]["读取"] == "成功") > 1:
        发.add("C002")
    出["发现"] = sorted(发)
    出["可有"] = ["C003"] if 出["文件"] and not any(文件期望[p]["读取"] == "成功" for p in 出["文件"]) else []
    return 出


def 期望():
    总 = {名: 单位期望(名, u) for 名, u in 数据.单位.items()}
    文 = {p: {k: v for k, v in f.items() if k not in ("版式", "毛病")} for p, f in sorted(文件期望.items())}
    j = dict(
        说明=["samples 的标准答案，由 生成样例.py 写出。",
             "文件.发现：该文件必须出现的提示（表、行为空表示不指到行）；可有：出现与否都算对。没有列出的 R001–R013、N001–N006、C001–C004 不应出现；其余 R、M、S、T 类不作规定。",
             "N006 指到后出现的那一行（文件按名称排序）。同一行同一代码出现几次按一次。",
             "单位.活动：识别出的活动（含重复、不在本年度、日期有误的）；计入 = 活动 − 重复 − 不在本年度；无月份：计入但不能算到任何月份。",
             "月份、季度只看已写明的类型（类型列、工作表名、矩阵行），以及标题里用“暨”连写的类型。",
             "单位.发现、可有：与整个单位有关的提示；C001 在文件和单位两处都列，只应出现一次。入册为 false 的单位不参加排名。"],
        年度=年, 文件=文, 单位=总,
        合计=dict(文件=len(文), 可读文件=sum(f["读取"] == "成功" for f in 文.values()), 活动=sum(f["活动"] for f in 文.values())))
    (此处 / "期望.json").write_text(json.dumps(j, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return j


def 说明书(j):
    def 段(xs, 全=12):
        if len(xs) == 全:
            return "全"
        return "、".join(str(x) for x in xs) or "—"
    o = ["# 样例：青岚市水务局2023年度考核", "",
         "一个虚构的局。人名、单位、数字全部是编的，与真实单位和个人无关。", "",
         "```", "shuzhi run samples/青岚市水务局2023年度考核", "```", "",
         "重新生成：`python3 samples/生成样例.py`（需要 openpyxl、xlwt、odfpy、msoffcrypto-tool）。本文件和 `期望.json` 也由它写出，不要手改。", "",
         "- `青岚市水务局2023年度考核/考核.toml` 考核设置",
         "- `青岚市水务局2023年度考核/单位名册.xlsx` 17个单位，其中2个不设支委会，1个2023年5月成立",
         "- `青岚市水务局2023年度考核/报送/` 各单位报送的材料，共%d个文件" % j["合计"]["文件"],
         "- `青岚市水务局2023年度考核/评分/` 台账以外的数据：业务考核得分、上年结果、三个支部的自评分",
         "- `期望.json` 标准答案，供测试使用",
         "- `样例文本/`、`样例数据.py` 生成用的文字、单位和安排",
         "- `青岚市水务系统2023年度综合考核/` 另一个样例（由 `生成综合样例.py` 写出）：8个单位，按文件夹里的计分方案考核，"
         "`评分/` 里有业务得分、民主测评票、评委打分、加分扣分事项、一票否决、自评分、上年结果；下面说的都是前一个", "",
         "## 各文件", "", "| 文件（报送/ 下） | 单位 | 版式 | 毛病 | 活动数 | 应有的提示 |", "|---|---|---|---|---|---|"]
    for p, f in sorted(文件期望.items()):
        码 = {}
        for x in f["发现"]:
            码.setdefault(x["代码"], []).append(str(x["行"]) if x["行"] else "")
        示 = "；".join(c + (f"（第{'、'.join(h for h in 行 if h)}行）" if any(行) else "") for c, 行 in sorted(码.items())) or "—"
        o.append(f"| {p.removeprefix('报送/')} | {f['单位'] or '—'} | {f['版式']} | {'；'.join(f['毛病'])} | {f['活动']} | {示} |")
    o += ["", "提示代码的意思用 `shuzhi rule 代码` 查看。", "", "## 各单位的标准答案", "",
          "月份、季度栏写的是有记录的；“全”是一个不缺，“—”是一个没有。计入 = 活动 − 重复 − 不在本年度；无月份的计入，但不能证明任何一个月。", "",
          "| 单位 | 活动 | 重复 | 不在本年度 | 计入 | 无月份 | 支委会月份 | 党员大会月份 | 主题党日月份 | 廉政自省日月份 | 党课季度 | 书记讲党课 | 思想政治汇报半年 | 组织生活会 | 民主评议党员 | 谈心谈话 | 单位提示 |",
          "|" + "---|" * 17]
    for 名, u in j["单位"].items():
        是 = lambda b: "有" if b else "—"
        支 = "不适用" if "不适用" in u else 段(u["支委会月份"])
        o.append("| " + " | ".join([名, str(u["活动"]), str(u["重复"]), str(u["不在本年度"]), str(u["计入"]), str(u["无月份"]), 支,
                 *[段(u[k + "月份"]) for k in 四类[1:]], 段(u["党课季度"], 4), 是(u["书记讲党课"]), 段(u["思想政治汇报半年"], 2),
                 是(u["组织生活会"]), 是(u["民主评议党员"]), str(u["谈心谈话次数"]), "、".join(u["发现"]) or "—"]) + " |")
    o += ["", "没有报送的（抗旱服务队党支部）和文件打不开的（水土保持站党支部）各项都是“无记录待核实”，不是“未开展”。"
          "水利设计室党支部2023年5月成立，1—4月不作要求。引调水工程建设指挥部临时党支部不在名册中，不参加排名。",
          "", "## 第二个样例：青岚市水务局2023年度班子和县区局", "",
          "第二个样例是同一个虚构局的年终材料，由 `生成班子样例.py` 用 `班子数据.py` 和 `班子文本/` 生成（重新生成：`python3 samples/生成班子样例.py`），没有随机，也没有标准答案：局党组（DZ）、局机关党委（JW）、领导所在和联系的三个支部（ZB）、五个县区局（DZ，组别“县区局”），共10个单位、10份台账、405项活动；四名领导（CY）的活动写在各单位的台账里，名单、所在支部和联系支部在 `领导名册.xlsx`，上年问题在 `上年整改清单.xlsx`，业务得分、上年结果和支部测评票在 `评分/`。有意留下的：局党组8月没有记录，云坪县水务局几乎是空表，东川县一行实到多于应到，临溪区一行日期是9月31日，有两对雷同（防御科和水资源科、西岭县和临溪区）。上年整改清单里，水资源科党支部的支委会写“已完成”而今年仍缺5个月，党课从2次改到4个季度都有。",
          "", "## 第三个样例：青岚市水务局2023年度县区汇总", "",
          "第三个样例由 `生成县区样例.py` 用 `样例文本/` 和 `县区文本/` 生成（重新生成：`python3 samples/生成县区样例.py`）：局机关一个支部，三个县区局（DZ）各有自己的台账，下面十一个支部，得分汇总到县区。柳河区的是一个文件名为 GBK 的压缩包；雁山县的支部在名册里没有填“县区”，由文件夹认定；三个县区都有“机关党支部”，台账里只写简称；桐川县水务局离退休党支部没有报送，柳河闸站党支部不设支委会。", ""]
    (此处 / "README.md").write_text("\n".join(o), encoding="utf-8")


def 主():
    if 报送.exists():
        shutil.rmtree(报送)
    报送.mkdir(parents=True)
    # 有“主要内容”一列的先选文本
    for f in [第一, 水文, 供水, 防汛, 水政, 第四, 设计, 第六, 第二, 灌区, 第三, 离退休, 质监, 河道, 第五, 临时, 水保, 锁]:
        f()
    名册()
    评分()
    j = 期望()
    说明书(j)
    for 名, u in j["单位"].items():
        print(名, u["活动"], {k: len(u[k + "月份"]) for k in 四类}, u["党课季度"], u["书记讲党课"], u["思想政治汇报半年"])
    print(j["合计"], sum(1 for k in 池 for e in 池[k] if e["用"] == 0), "条文本未用")


if __name__ == "__main__":
    主()
