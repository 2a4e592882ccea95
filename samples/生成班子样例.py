#!/usr/bin/env python3
"""生成第二个样例：局党组、机关党委、领导、三个支部和五个县区局的年终材料。

    python3 生成班子样例.py

需要 openpyxl、xlwt、odfpy、msoffcrypto-tool。全部内容为虚构；没有随机，重复运行得到相同的字节
（库的版本相同时）。活动的文字在 班子文本/，单位、领导和数字在 班子数据.py；只写
“青岚市水务局2023年度班子和县区局”这个文件夹。
"""
import csv, datetime as dt, io, shutil
from pathlib import Path

import openpyxl, xlwt

import 班子数据 as 数据
import 生成样例 as 样
from 生成样例 import 年月日, 横, 点, 斜, 月日, 放, 题头, 列宽, 存, 压, 工作日

此处 = Path(__file__).resolve().parent
根 = 此处 / "青岚市水务局2023年度班子和县区局"
报送 = 根 / "报送"
# 两处有意的雷同：支部抄支部，县区局抄县区局
雷同 = {"参观小青山革命旧址，比较两代人抢险", "参观小水电清退复绿现场后捡垃圾"}


class 行:
    def __init__(self, 文):
        期, self.类, self.题, self.容, 人, self.谁, self.地, 时 = 文.split("|")
        月, 日 = (int(x) for x in 期.lstrip("!").split("."))
        self.日 = dt.date(样.年, 月, 日) if 期[0] == "!" else 工作日(月, 日)
        self.应, self.实 = (int(x) for x in 人.split("/")) if 人 else ("", "")
        self.时 = float(时) if 时 else ""
        if self.时 and self.时 == int(self.时):
            self.时 = int(self.时)


def 读(名):
    文 = (此处 / "班子文本" / f"{名}.txt").read_text(encoding="utf-8").splitlines()
    return sorted((行(l) for l in 文 if l and not l.startswith("#")), key=lambda x: x.日)


def 不重复(各):
    见 = {}
    for 名, 们 in 各.items():
        for x in 们:
            for 字 in (x.题, x.容):
                if 字 in 见 and x.题 not in 雷同:
                    raise SystemExit(f"{名}与{见[字]}有相同的句子：{字}")
                见[字] = 名


def 新表(名):
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = 名
    return wb, ws


def 并(ws, 起行, 止行, 列):
    if 止行 > 起行:
        ws.merge_cells(start_row=起行, end_row=止行, start_column=列, end_column=列)


# ── 报送 ────────────────────────────────────────────────────────────────

def 党组(们):
    """月份纵向合并，月、日分列，两级表头；8月一行未召开。"""
    wb, ws = 新表("会议活动登记")
    题头(ws, 1, 11, "中共青岚市水务局党组2023年抓党建工作会议活动登记表")
    ws.merge_cells("A2:E2"); ws["A2"] = "填报单位：青岚市水务局党组"
    ws.merge_cells("H2:K2"); ws["H2"] = "填报日期：2023年12月29日"
    放(ws, 3, ["时间", "", "形式", "议题（主题）", "主要内容", "参加情况", "", "主持（主讲）人", "地点", "时长（小时）", "备注"], 粗=True)
    放(ws, 4, ["月", "日", "", "", "", "应到", "实到", "", "", "", ""], 粗=True)
    ws.merge_cells("A3:B3"); ws.merge_cells("F3:G3")
    for c in "CDEHIJK":
        ws.merge_cells(f"{c}3:{c}4")
    r = 5
    for m in range(1, 13):
        月行, 起 = [x for x in 们 if x.日.month == m], r
        if not 月行:
            放(ws, r, [m, "/", "党组会", "未召开", "", "", "", "", "", "", "防汛值守"])
            r += 1
        for x in 月行:
            备 = "专职副书记列席" if x.类 in ("党组会", "民主生活会") and x.日.month in (1, 2, 6, 11) else ""
            放(ws, r, [m if r == 起 else None, x.日.day, x.类, x.题, x.容, x.应, x.实, x.谁, x.地, x.时, 备])
            r += 1
        并(ws, 起, r - 1, 1)
    ws.cell(r, 1, "注：党组会议以会议纪要为准，本表只填与党建有关的议题。")
    ws.merge_cells(start_row=r, start_column=1, end_row=r, end_column=11)
    ws.cell(r + 1, 1, "填表人：党建工作科")
    ws.cell(r + 1, 8, "审核人：綦怀远")
    列宽(ws, [5, 5, 12, 30, 50, 6, 6, 10, 16, 8, 14])
    ws.freeze_panes = "A5"
    存(wb, 报送 / "局党组2023年会议活动登记.xlsx")


def 机关党委(们):
    """每季度一张表，日期四种写法，封面另页，每表末尾小计。"""
    wb, 封 = 新表("封面")
    题头(封, 6, 6, "2023年度机关党建工作台账", 22)
    封["C9"] = "青岚市水务局机关党委"
    法 = [月日, lambda d: f"{d.month}.{d.day}" if d.day % 10 else 点(d), lambda d: dt.datetime(d.year, d.month, d.day), lambda d: 年月日(d) + ("上午" if d.day % 2 else "下午")]
    n = 0
    for q, 名 in enumerate(["一季度", "二季度", "三季度", "四季度"]):
        ws = wb.create_sheet(名)
        题头(ws, 1, 11, f"青岚市水务局机关党委2023年{名}党建工作台账", 14)
        放(ws, 2, ["序号", "开展时间", "工作类别", "工作事项", "主要做法", "应参加人数", "实际参加人数", "主持人/主讲人", "地点", "学时", "佐证材料"], 粗=True)
        季行 = [x for x in 们 if (x.日.month - 1) // 3 == q]
        for i, x in enumerate(季行):
            r = 3 + i
            放(ws, r, [i + 1, 法[n % 4](x.日), x.类, x.题, x.容, f"{x.应}人" if x.应 and n % 5 == 0 else x.应, f"{x.实}人" if x.实 and n % 5 == 0 else x.实, x.谁, x.地, x.时, ["签到表", "照片", "会议纪要", ""][n % 4]])
            if n % 4 == 2:
                ws.cell(r, 2).number_format = "yyyy/m/d"
            n += 1
        r = 3 + len(季行)
        放(ws, r, ["小计", "", "", f"{len(季行)}项", "", "", "", "", "", "", ""], 粗=True)
        列宽(ws, [5, 16, 13, 32, 50, 8, 8, 11, 16, 7, 10])
        ws.freeze_panes = "A3"
    存(wb, 报送 / "局机关党委党建台账2023（分季度）.xlsx")


def 规建(们):
    """填报说明占两行，表头在第5行；应到、实到写在一格，真日期。"""
    wb, ws = 新表("Sheet1")
    题头(ws, 1, 9, "组织生活纪实")
    ws["A2"] = "党支部名称：规划建设科党支部"
    ws["F2"] = "党员总数：13人"
    ws.merge_cells("A3:I3"); ws["A3"] = "填报要求：一次活动一行，联办活动写明联办单位；领导参加的在内容里注明职务。"
    放(ws, 5, ["序号", "活动日期", "组织生活类型", "主题（议题）", "活动纪实", "应到/实到", "主持人或主讲人", "地点", "时长"], 粗=True)
    for i, x in enumerate(们):
        放(ws, 6 + i, [i + 1, dt.datetime(x.日.year, x.日.month, x.日.day), x.类, x.题, x.容, f"{x.应}/{x.实}" if x.应 else "", x.谁, x.地, f"{x.时:g}小时" if x.时 else ""])
        ws.cell(6 + i, 2).number_format = "yyyy/m/d"
    列宽(ws, [5, 12, 14, 30, 50, 10, 11, 16, 8])
    ws.freeze_panes = "A6"
    wb.create_sheet("Sheet2")
    存(wb, 报送 / "规建科支部2023组织生活纪实.xlsx")


def xls样():
    边 = "borders: left thin, right thin, top thin, bottom thin"
    return (xlwt.easyxf("font: bold on, height 320; align: horiz center, vert center"), xlwt.easyxf(f"font: bold on; align: horiz center; {边}"),
            xlwt.easyxf(f"align: wrap on, vert center; {边}"))


def 防御(们):
    """老版 .xls，一张表里按形式分段，每段自有段名和表头。"""
    wb = xlwt.Workbook(encoding="utf-8")
    ws = wb.add_sheet("2023")
    大, 粗, 格 = xls样()
    for c, w in enumerate([6, 15, 32, 52, 7, 7, 11, 18]):
        ws.col(c).width = 256 * w
    ws.write_merge(0, 0, 0, 7, "水旱灾害防御科党支部2023年度“三会一课”等活动登记", 大)
    r = 1
    for 号, (类, 段) in zip("一二三四五六", [("支委会", "支部委员会"), ("党员大会", "支部党员大会"), ("主题党日", "主题党日"), ("廉政自省日", "廉政自省日"), ("党课", "党课"), ("", "其他组织生活")]):
        段行 = [x for x in 们 if x.类 == 类 or not 类 and x.类 not in ("支委会", "党员大会", "主题党日", "廉政自省日", "党课")]
        ws.write_merge(r, r, 0, 7, f"{号}、{段}", 粗)
        头 = ["序号", "时间", "类别及主题" if not 类 else "主题", "主要内容", "应到", "实到", "主讲人" if 类 == "党课" else "主持人", "地点"]
        for c, h in enumerate(头):
            ws.write(r + 1, c, h, 粗)
        r += 2
        for i, x in enumerate(段行):
            题 = x.题 if 类 or x.类 in x.题 else f"{x.类}：{x.题}"
            for c, v in enumerate([i + 1, 点(x.日), 题, x.容, x.应, x.实, x.谁, x.地]):
                ws.write(r, c, v, 格)
            r += 1
    wb.save(str(报送 / "防御科党支部三会一课登记.xls"))


def 水资源(们):
    """日期按月分组写“6日”，类型和主题写在一格里。"""
    wb, ws = 新表("台账")
    题头(ws, 1, 7, "水资源科党支部2023年组织生活台账")
    放(ws, 2, ["月份", "日期", "会议（活动）名称", "简要内容", "参加人数", "主持人", "地点"], 粗=True)
    r = 3
    for m in range(1, 13):
        起 = r
        for x in [x for x in 们 if x.日.month == m]:
            放(ws, r, [f"{m}月" if r == 起 else None, f"{x.日.day}日", f"{x.类}：{x.题}", x.容, f"应到{x.应}人，实到{x.实}人" if x.应 else "", x.谁, x.地])
            r += 1
        并(ws, 起, r - 1, 1)
    列宽(ws, [7, 7, 36, 60, 18, 10, 18])
    存(wb, 报送 / "水资源科支部台账" / "2023年.xlsx")


def 东川(们):
    wb, ws = 新表("2023年度")
    题头(ws, 1, 9, "东川县水务局2023年度党建工作台账")
    ws.merge_cells("A2:D2"); ws["A2"] = "单位（盖章）：青岚市东川县水务局"
    放(ws, 3, ["序号", "时间", "类别", "主题", "主要内容", "应到人数", "实到人数", "主持人", "地点"], 粗=True)
    for i, x in enumerate(们):
        放(ws, 4 + i, [i + 1, f"{横(x.日)}", x.类, x.题, x.容, x.应, x.实, x.谁, x.地])
    r = 4 + len(们)
    放(ws, r, ["合计", "", "", f"{len(们)}次", "", "", sum(x.实 for x in 们), "", ""], 粗=True)
    ws.cell(r + 1, 1, "填表人：佟小满")
    ws.cell(r + 1, 5, "审核人：蒙学礼")
    ws.cell(r + 2, 8, "2023年12月28日")
    列宽(ws, [6, 13, 13, 32, 50, 8, 8, 10, 16])
    存(wb, 报送 / "县区局" / "东川县水务局2023年党建台账.xlsx")


def 西岭(们):
    """老版 .xls，标题下空一行，日期写“9号”，月份合并。"""
    wb = xlwt.Workbook(encoding="utf-8")
    ws = wb.add_sheet("活动情况")
    大, 粗, 格 = xls样()
    for c, w in enumerate([8, 8, 14, 34, 52, 8, 10, 16]):
        ws.col(c).width = 256 * w
    ws.write_merge(0, 0, 0, 7, "西岭县水务局党组2023年活动情况统计表", 大)
    for c, h in enumerate(["月份", "日期", "活动形式", "活动名称", "活动内容", "人数", "主持人", "地点"]):
        ws.write(2, c, h, 粗)
    r = 3
    for m in range(1, 13):
        起 = r
        for x in [x for x in 们 if x.日.month == m]:
            for c, v in enumerate([f"{x.日.day}号", x.类, x.题, x.容, f"{x.实}人", x.谁, x.地], 1):
                ws.write(r, c, v, 格)
            r += 1
        if r > 起:
            ws.write_merge(起, r - 1, 0, 0, f"{m}月", 格)
    ws.write_merge(r, r, 0, 7, "备注：七八月份以防汛为主，会议从简。")
    wb.save(str(报送 / "县区局" / "西岭县局党组活动统计.xls"))


def 白石(们):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.style import Style, TableCellProperties, TableColumnProperties
    from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
    from odf.text import P
    d = OpenDocumentSpreadsheet()
    窄 = Style(name="c1", family="table-column"); 窄.addElement(TableColumnProperties(columnwidth="3cm")); d.automaticstyles.addElement(窄)
    宽 = Style(name="c2", family="table-column"); 宽.addElement(TableColumnProperties(columnwidth="8cm")); d.automaticstyles.addElement(宽)
    折 = Style(name="w", family="table-cell"); 折.addElement(TableCellProperties(wrapoption="wrap", border="0.5pt solid #000000")); d.automaticstyles.addElement(折)
    t = Table(name="党建活动")
    头 = ["时间", "活动类型", "活动主题", "主要内容", "参加人数（应到/实到）", "主持人", "地点"]
    for h in 头:
        t.addElement(TableColumn(stylename=宽 if h in ("活动主题", "主要内容") else 窄))

    def 加(值, 合=False):
        tr = TableRow()
        for i, v in enumerate(值):
            if 合 and i:
                tr.addElement(CoveredTableCell())
                continue
            c = TableCell(stylename=折, valuetype="string", **(dict(numbercolumnsspanned=len(值), numberrowsspanned=1) if 合 else {}))
            if v:
                c.addElement(P(text=str(v)))
            tr.addElement(c)
        t.addElement(tr)

    加(["白石县水务局2023年党建活动一览"] + [""] * 6, 合=True)
    加(头)
    for x in 们:
        加([年月日(x.日), x.类, x.题, x.容, f"{x.应}/{x.实}", x.谁, x.地])
    d.spreadsheet.addElement(t)
    b = io.BytesIO()
    d.save(b)
    压(b.getvalue(), 报送 / "县区局" / "白石县水务局党建活动.ods")


def 临溪(们):
    """GBK 编码的 .csv，内容里有逗号和引号；一个日期不存在（9月31日）。"""
    b = io.StringIO()
    w = csv.writer(b, lineterminator="\r\n")
    w.writerow(["单位名称：临溪区水务局", "", "", "", "", "", ""])
    w.writerow(["活动时间", "形式", "主题", "内容", "参会人数", "主持人", "地点"])
    for i, x in enumerate(们):
        w.writerow(["2023/9/31" if x.类 == "双重组织生活" else 斜(x.日) if i % 3 else x.日.strftime("%Y%m%d"), x.类, x.题, x.容.replace("“", '"').replace("”", '"') if i % 4 == 1 else x.容, x.实, x.谁, x.地])
    (报送 / "县区局" / "临溪区局2023党建.csv").write_bytes(b.getvalue().encode("gbk"))


def 云坪(们):
    """十二个月的空表，只填了四格，其余写“无”或空着。"""
    wb, ws = 新表("台账")
    题头(ws, 1, 6, "2023年县区水务局党建工作台账")
    ws["A2"] = "填报单位：云坪县水务局"
    放(ws, 3, ["月份", "活动时间", "活动类型", "活动主题", "主要内容", "参加人数"], 粗=True)
    r = 4
    for m in range(1, 13):
        月行 = [x for x in 们 if x.日.month == m]
        for x in 月行:
            放(ws, r, [f"{m}月", 月日(x.日), x.类, x.题, x.容, x.实])
            r += 1
        if not 月行:
            放(ws, r, [f"{m}月", "", "", "无" if m % 2 else "", "", ""])
            r += 1
    ws.cell(r, 1, "说明：本单位党务由办公室兼职人员承担。")
    列宽(ws, [7, 12, 12, 32, 46, 9])
    存(wb, 报送 / "县区局" / "云坪县水务局（补报）.xlsx")


# ── 名册、设置、整改、评分 ───────────────────────────────────────────────

def 一张(路, 表, 头, 行们, 宽, 题=""):
    wb, ws = 新表(表)
    r = 1
    if 题:
        题头(ws, 1, len(头), 题)
        r = 2
    放(ws, r, 头, 粗=True)
    for i, 值 in enumerate(行们, r + 1):
        放(ws, i, 值)
    列宽(ws, 宽)
    ws.freeze_panes = ws.cell(r + 1, 1).coordinate
    存(wb, 路)


def 名册们():
    一张(根 / "单位名册.xlsx", "单位名册", ["单位名称", "别名", "组别", "书记", "党员人数", "设支委会", "设党小组", "成立日期", "撤销日期", "责任清单", "备注"],
        [[名, u["别名"], u["组"], u["书记"], u["人"], u["支委"], u["小组"], "", "", u["清单"], u["注"]] for 名, u in 数据.单位.items()],
        [24, 34, 12, 10, 10, 10, 10, 12, 12, 10, 24])
    一张(根 / "领导名册.xlsx", "领导名册", ["姓名", "职务", "所在支部", "联系支部"], 数据.领导, [10, 34, 26, 26])
    一张(根 / "上年整改清单.xlsx", "整改清单", ["单位", "问题", "来源", "整改措施", "责任人", "时限", "完成情况"], 数据.整改,
        [24, 42, 22, 42, 10, 16, 12], 题="青岚市水务局2022年度党建问题整改清单")


def 评分():
    夹 = 根 / "评分"
    一张(夹 / "2023年县区业务工作得分.xlsx", "得分", ["序号", "单位", "业务得分", "备注"],
        [[i, 名, 分, ""] for i, (名, 分) in enumerate(数据.业务.items(), 1)], [8, 26, 12, 20], 题="2023年度县区水务业务工作考核得分")
    一张(夹 / "2022年度结果.xlsx", "结果", ["单位", "组别", "上年名次", "上年得分"],
        [[名, 组, i, 分] for 组, 表 in (("县区局", 数据.上年县区), ("机关支部", 数据.上年支部)) for i, (名, 分) in enumerate(表.items(), 1)], [26, 12, 12, 12],
        题="2022年度党建考核结果")
    一张(夹 / "支部民主测评票.xlsx", "计票", ["党支部", "票种", "发出票", "收回票", "有效票", "好", "较好", "一般", "差"],
        [[名, 种, 票[0], sum(票[1:]), sum(票[1:]), *票[1:]] for 名, 们 in 数据.测评票.items() for 种, 票 in 们.items()], [26, 8, 8, 8, 8, 6, 6, 6, 6],
        题="党支部书记述职民主测评计票表")


设置 = """# 考核设置：局党组、机关党委、三个支部和五个县区局。各单位的责任清单写在单位名册里。

年度 = 2023
单位 = "青岚市水务局"
数据截至 = "2023-12-31"
名册 = "单位名册.xlsx"

方案 = "计分方案.toml"
清单 = "ZB"                   # 名册没有写责任清单的单位用这一份
口径 = "本局"
对比组别 = ["县区局"]

[名单]
县区局 = ["东川县水务局", "西岭县水务局", "白石县水务局", "临溪区水务局", "云坪县水务局"]
领导 = ["郗景川", "仝书琴", "逯长青", "亓立群"]
"""

方案 = """# 虚构的计分方案，不是任何单位的规定。局党组、机关党委和县区局按责任清单各项分值计；机关支部按下面的项目计，
# 另有民主测评。县区局的业务得分另在县区局对比表里合成，不在这里计。

名称 = "青岚市水务局2023年度党建考核"
说明 = "虚构的样例，不是任何单位的规定。"

[取整]
位数 = 2
方式 = "四舍五入"

[[板块]]
编号 = "A"
名称 = "责任清单"
权重 = 100
组别 = ["局党组", "机关党委", "县区局"]
全部要求 = true

[[板块]]
编号 = "B"
名称 = "支部工作"
权重 = 90
组别 = ["机关支部"]
[[板块.项目]]
编号 = "B1"
项目 = "政治建设"
内容 = "理论学习"
分值 = 10
方式 = "按完成率"
要求 = ["ZB-1a"]
标准 = "按完成比例得分"
依据 = "活动台账"
[[板块.项目]]
编号 = "B2"
项目 = "意识形态"
内容 = "思想政治汇报、思想动态"
分值 = 12
方式 = "按完成率"
要求 = ["ZB-2a", "ZB-2b", "ZB-2c"]
标准 = "按完成比例得分"
依据 = "活动台账"
[[板块.项目]]
编号 = "B3"
项目 = "三会一课和党日"
内容 = "支委会、党员大会、主题党日、廉政自省日、党课"
分值 = 40
方式 = "按完成率"
要求 = ["ZB-3a", "ZB-3b", "ZB-3c", "ZB-3d", "ZB-3e", "ZB-3f"]
标准 = "按完成比例得分"
依据 = "活动台账"
[[板块.项目]]
编号 = "B4"
项目 = "基本制度"
内容 = "记录、组织生活会、谈心谈话、民主评议、双重组织生活"
分值 = 12
方式 = "按完成率"
要求 = ["ZB-3g", "ZB-3h", "ZB-3i", "ZB-3j", "ZB-3k"]
标准 = "按完成比例得分"
依据 = "活动台账"
[[板块.项目]]
编号 = "B5"
项目 = "党员教育管理"
内容 = "评议、发展党员、谈话、党费、关怀"
分值 = 12
方式 = "按完成率"
要求 = ["ZB-4a", "ZB-4b", "ZB-4c", "ZB-4d", "ZB-4e", "ZB-4f", "ZB-4g", "ZB-4h", "ZB-4i"]
标准 = "按完成比例得分"
依据 = "活动台账"
[[板块.项目]]
编号 = "B6"
项目 = "战斗堡垒"
内容 = "主题实践、标准化"
分值 = 6
方式 = "按完成率"
要求 = ["ZB-5a", "ZB-5b"]
标准 = "按完成比例得分"
依据 = "活动台账"
[[板块.项目]]
编号 = "B7"
项目 = "党务公开"
内容 = "公开、党内民主"
分值 = 4
方式 = "按完成率"
要求 = ["ZB-6a", "ZB-6b"]
标准 = "按完成比例得分"
依据 = "活动台账"
[[板块.项目]]
编号 = "B8"
项目 = "廉政建设"
内容 = "纪律教育、廉政文化"
分值 = 4
方式 = "按完成率"
要求 = ["ZB-7a", "ZB-7b"]
标准 = "按完成比例得分"
依据 = "活动台账"

[[板块]]
编号 = "C"
名称 = "民主测评"
权重 = 10
组别 = ["机关支部"]
[[板块.项目]]
编号 = "C1"
项目 = "民主测评"
内容 = "支部书记述职评议会测评票"
分值 = 100
方式 = "民主测评"
标准 = "好100分、较好80分、一般60分、差40分；领导票占60%、职工票占40%；有效票不少于5张"
依据 = "计票表"
"""


def 主():
    if 根.exists():
        shutil.rmtree(根)
    (报送 / "县区局").mkdir(parents=True)
    各 = {名: 读(u["文本"]) for 名, u in 数据.单位.items()}
    不重复(各)
    for (名, 们), 写 in zip(各.items(), [党组, 机关党委, 规建, 防御, 水资源, 东川, 西岭, 白石, 临溪, 云坪]):
        写(们)
        print(名, len(们))
    名册们()
    评分()
    (根 / "考核.toml").write_text(设置, encoding="utf-8")
    (根 / "计分方案.toml").write_text(方案, encoding="utf-8")


if __name__ == "__main__":
    主()
