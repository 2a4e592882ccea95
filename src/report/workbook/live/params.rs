//! The sheet 参数: every figure that a leader may change, and the rules in words.
//!
//! In: the scheme, settings and rules of a run. Out: the sheet, and where each figure stands on it.
//! Never here: what the figures are used for.

use super::super::{Overview, column};
use super::places::meeting_limit;
use super::terms::{at, derived, plus};
use crate::model::{
    Align, Allow, BlockId, BlockKind, Cell, CellStyle, Cut, EntryRule, Expr, Function, Highlight, LineId,
    Measure, Mode, NumberLook, Op, Points, Quota, Rounding, Scheme, Sheet, Spot, When,
};
use std::collections::{BTreeMap, BTreeSet};

/// The column of the figures.
pub(in super::super) const VALUE: u16 = 3;
/// Weights of Party building and of business work where they are compared, until an office sets its own.
const MIX: Points = Points::whole(50);
/// How joint events may count.
pub(in super::super) const JOINT: [&str; 2] = ["各算", "只计一种"];

/// Rows of 参数.
#[derive(Debug, Default)]
pub(in super::super) struct Params {
    pub year: usize,
    pub joint: usize,
    pub limit: Option<usize>,
    pub weights: BTreeMap<BlockId, usize>,
    pub points: BTreeMap<LineId, usize>,
    /// Of each commendation line.
    pub awards: Vec<usize>,
    /// Of the program's own commendation line, where the scheme has none.
    pub default_award: Option<usize>,
    /// First and last row of the ids.
    pub ids: (usize, usize),
    pub rows: Vec<Vec<Cell>>,
    entries: Vec<EntryRule>,
    highlights: Vec<Highlight>,
}

impl Params {
    /// The figures of an overview; how joint events count is free where evidence is counted by formulas.
    pub(in super::super) fn of(overview: &Overview<'_>, live: bool) -> Self {
        let mut params = Self::default();
        let scheme = overview.scheme;
        params.year = params.add(
            "考核",
            "",
            "考核年度",
            Cell::count(overview.scope.year),
            "日期不在这一年的活动不计。",
        );
        let joint = if overview.joint_once { JOINT[1] } else { JOINT[0] };
        params.joint = params.add(
            "考核",
            "",
            "合并活动",
            if live { Cell::text(joint).open() } else { Cell::text(joint) },
            "“党员大会暨主题党日”这样的合并活动：各算＝每种形式各计一次，只计一种＝只计排在前面的形式。",
        );
        if live {
            params.allow(
                params.joint,
                Allow::Words(JOINT.map(str::to_owned).to_vec()),
                "合并活动",
                "各算或只计一种",
            );
        }
        if let Some(limit) = meeting_limit(scheme) {
            params.limit = Some(params.add(
                "考核",
                "",
                "会议出勤率标准（%）",
                Cell::points(limit),
                "低于标准的会议逐次扣分。",
            ));
        }
        params.weights(scheme);
        params.lines(overview);
        params.awards(scheme);
        if let Some(name) = super::super::awards::names(overview).first().filter(|_| scheme.awards.is_empty())
        {
            let share = Cell::points(super::super::awards::DEFAULT_SHARE).open();
            let row = params.add(
                "表彰名额",
                "",
                name,
                share,
                "每组单位数的百分之几，去尾；方案没有规定，这是程序缺省。",
            );
            params.allow(
                row,
                Allow::Points(Points::ZERO, Points::whole(100)),
                "名额比例",
                "0到100之间，单位是百分之一。",
            );
            params.default_award = Some(row);
        }
        for (name, words) in rules_in_words(scheme) {
            params.add("规则", "", name, Cell::default(), &words);
        }
        params.ids(overview);
        params
    }

    /// Adds the weights of Party building and business work; their rows.
    pub(in super::super) fn mix(&mut self) -> (usize, usize) {
        let [party, business] = ["党建权重", "业务权重"].map(|name| {
            let row = self.add(
                "综合",
                "",
                name,
                Cell::points(MIX).open(),
                "对比表“综合”用；两个权重之和不必是100。程序缺省各半，请由本单位确定。",
            );
            self.allow(row, Allow::Points(Points::ZERO, Points::whole(100)), name, "0到100之间。");
            row
        });
        (party, business)
    }

    fn add(&mut self, kind: &str, id: &str, name: &str, value: Cell, note: &str) -> usize {
        let row = vec![Cell::text(kind), Cell::text(id), Cell::text(name), value, Cell::text(note)];
        self.rows.push(row);
        self.rows.len() - 1
    }

    fn allow(&mut self, row: usize, allow: Allow, title: &str, message: &str) {
        let (title, message) = (title.to_owned(), message.to_owned());
        self.entries.push(EntryRule { area: Spot::cell(row, VALUE), allow, title, message });
    }

    fn weights(&mut self, scheme: &Scheme) {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let named: BTreeSet<&str> =
            scheme.blocks.iter().flat_map(|block| &block.groups).map(String::as_str).collect();
        for block in &scheme.blocks {
            let only = if block.groups.is_empty() {
                String::new()
            } else {
                format!("只用于{}。", block.groups.join("、"))
            };
            let cap = |cap: Option<Points>| {
                cap.map_or_else(|| "不封顶。".to_owned(), |cap| format!("最多{cap}分。"))
            };
            let id = block.id.as_str();
            let row = match block.kind {
                BlockKind::Weighted(weight) => {
                    let row = self.add("板块权重", id, &block.name, Cell::points(weight).open(), &only);
                    self.allow(
                        row,
                        Allow::Points(Points::ZERO, Points::whole(100)),
                        "权重",
                        "0到100之间的分数；各板块权重之和应为100。",
                    );
                    let all: Vec<&str> =
                        if named.is_empty() { vec![""] } else { named.iter().copied().collect() };
                    for group in all {
                        if block.groups.is_empty() || block.groups.iter().any(|g| g == group) {
                            groups.entry(group).or_default().push(row);
                        }
                    }
                    row
                }
                BlockKind::Bonus(most) => {
                    self.add("加分板块", id, &block.name, Cell::default(), &(cap(most) + &only))
                }
                BlockKind::Deduction(most) => {
                    self.add("扣分板块", id, &block.name, Cell::default(), &(cap(most) + &only))
                }
            };
            self.weights.insert(block.id.clone(), row);
        }
        for (group, rows) in groups.iter().filter(|(_, rows)| rows.len() > 1) {
            let sum = plus(rows.iter().map(|row| at(Spot::cell(*row, VALUE))));
            let cell = derived(Expr::call(Function::Round, [sum, Expr::Whole(2)]), NumberLook::Points);
            let name =
                if group.is_empty() { "权重合计".to_owned() } else { format!("{group}权重合计") };
            let row = self.add("板块权重", "", &name, cell, "应为100；改动一个权重后，请在别的权重上补回。");
            let area = Spot::cell(row, VALUE);
            let off = Expr::pair(Op::Ne, at(area), Expr::Whole(100));
            self.highlights.push(Highlight { area, when: When::Holds(off), style: CellStyle::Bad });
        }
    }

    fn lines(&mut self, overview: &Overview<'_>) {
        let used: BTreeSet<&LineId> =
            overview.scores.iter().flat_map(|score| score.lines().map(|line| &line.line)).collect();
        for (_, line) in overview.scheme.lines().filter(|(_, line)| used.contains(&line.id)) {
            let least = least(&line.mode);
            let value = Cell::points(line.points);
            let value = if least.is_some() { value.open() } else { value };
            let row = self.add("项目分值", line.id.as_str(), &line.project, value, &line.standard);
            if let Some(least) = least {
                let allow = Allow::Points(least.max(Points::from_hundredths(1)), Points::whole(1000));
                self.allow(row, allow, "分值", "本项目的满分；改动后所在板块按新分值折算。");
            }
            self.points.insert(line.id.clone(), row);
        }
    }

    fn awards(&mut self, scheme: &Scheme) {
        for award in &scheme.awards {
            let groups = if award.groups.is_empty() { "各组".to_owned() } else { award.groups.join("、") };
            let row = match award.quota {
                Quota::Share(share, cut) => {
                    let row = self.add(
                        "表彰名额",
                        "",
                        &award.name,
                        Cell::points(share).open(),
                        &format!("{groups}单位数的百分之几，{}。", cut_words(cut)),
                    );
                    self.allow(
                        row,
                        Allow::Points(Points::ZERO, Points::whole(100)),
                        "名额比例",
                        "0到100之间，单位是百分之一。",
                    );
                    row
                }
                Quota::Heads(heads) => {
                    let row = self.add(
                        "表彰名额",
                        "",
                        &award.name,
                        Cell::count(heads).open(),
                        &format!("{groups}各几个。"),
                    );
                    self.allow(row, Allow::Whole(0, 10_000), "名额", "每组几个单位。");
                    row
                }
            };
            self.awards.push(row);
        }
    }

    fn ids(&mut self, overview: &Overview<'_>) {
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        let mut order: Vec<&str> = Vec::new();
        for rules in overview.rules {
            for requirement in &rules.requirements {
                if names.insert(requirement.id.as_str(), &requirement.name).is_none() {
                    order.push(requirement.id.as_str());
                }
            }
            for item in &rules.list.items {
                if names.insert(item.id.as_str(), item.short()).is_none() {
                    order.push(item.id.as_str());
                }
            }
        }
        for check in overview.results.iter().flat_map(|result| &result.card.checks) {
            if names.insert(check.evidence.as_str(), &check.name).is_none() {
                order.push(check.evidence.as_str());
            }
        }
        let first = self.rows.len();
        for id in order {
            let name = names.get(id).copied().unwrap_or_default();
            self.add("佐证编号", id, name, Cell::default(), "");
        }
        self.ids = (first, self.rows.len().saturating_sub(1).max(first));
    }
}

/// The sheet.
pub(in super::super) fn sheet(overview: &Overview<'_>, params: &Params) -> Sheet {
    let scheme = overview.scheme;
    let example = if scheme.example { "（示例，不是任何单位的规定）" } else { "" };
    Sheet {
        name: "参数".into(),
        title: "权重、分值和规则".into(),
        notes: vec![
            format!("计分方案：{}{example}。{}", scheme.name, scheme.note),
            "浅黄色的格可以改，改后得分、名次随之重算；正式采用时请写进考核.toml或计分方案，再运行一次。"
                .into(),
        ],
        columns: vec![
            column("类别", 12, Align::Centre),
            column("编号", 16, Align::Centre),
            column("名称", 26, Align::Left),
            column("数值", 12, Align::Right),
            column("说明", 64, Align::Left),
        ],
        rows: params.rows.clone(),
        frozen: 0,
        landscape: false,
        protected: true,
        entries: params.entries.clone(),
        highlights: params.highlights.clone(),
        ..Sheet::default()
    }
}

/// The least 分值 that a scheme takes beside a sentence; none where the sentence itself fixes it.
fn least(mode: &Mode) -> Option<Points> {
    match mode {
        Mode::Tiers { .. } | Mode::ValueTiers { .. } | Mode::Fixed => None,
        Mode::DeductMissing { most, .. }
        | Mode::Rate { most, .. }
        | Mode::LowMeetings { most, .. }
        | Mode::DeductEvents { most, .. }
        | Mode::EventPoints { most, .. }
        | Mode::ActivityPoints { most, .. } => Some(most.unwrap_or_default()),
        Mode::RankPoints { table, .. } => Some(table.first().copied().unwrap_or_default()),
        Mode::Share
        | Mode::Votes { .. }
        | Mode::Raters { .. }
        | Mode::External { .. }
        | Mode::RatioToBest { .. }
        | Mode::Judged => Some(Points::ZERO),
    }
}

/// How a part is cut, in words.
pub(in super::super) fn cut_words(cut: Cut) -> &'static str {
    match cut {
        Cut::Nearest => "四舍五入",
        Cut::Down => "去尾",
        Cut::Up => "进一",
    }
}

/// The rounding rule in words.
pub(in super::super) fn rounding_words(rounding: Rounding) -> String {
    format!(
        "每个分数算出时即{}到小数点后{}位，再用取整后的分数相加。",
        cut_words(rounding.how),
        rounding.places
    )
}

fn rules_in_words(scheme: &Scheme) -> Vec<(&'static str, String)> {
    let mut words = vec![("取整", rounding_words(scheme.rounding))];
    let ties: Vec<String> = scheme.ties.iter().map(|measure| measure_words(scheme, measure)).collect();
    words.push((
        "同分",
        if ties.is_empty() {
            "同分同名次（1、2、2、4）。".to_owned()
        } else {
            format!("依次比较{}；仍相同的同名次。", ties.join("、"))
        },
    ));
    if let Some(ceiling) = scheme.ceiling {
        words.push(("总分", format!("最高{ceiling}分。")));
    }
    for grade in &scheme.grades {
        let least = grade.least.map_or_else(String::new, |least| format!("{least}分以上"));
        let share = match grade.share {
            Some(Quota::Share(share, cut)) => format!("，不超过{share}%（{}）", cut_words(cut)),
            Some(Quota::Heads(heads)) => format!("，不超过{heads}个"),
            None => String::new(),
        };
        let conditions: Vec<&str> =
            grade.conditions.iter().map(|condition| condition.text.as_str()).collect();
        let conditions = if conditions.is_empty() {
            String::new()
        } else {
            format!("；条件：{}", conditions.join("、"))
        };
        words.push(("等次", format!("{}：{least}{share}{conditions}", grade.name)));
    }
    for award in scheme.awards.iter().filter(|award| !award.conditions.is_empty()) {
        let conditions: Vec<&str> =
            award.conditions.iter().map(|condition| condition.text.as_str()).collect();
        words.push(("表彰条件", format!("{}：{}", award.name, conditions.join("、"))));
    }
    for veto in &scheme.vetoes {
        let effect = match &veto.effect {
            crate::model::VetoEffect::Cap(grade) => format!("等次最高为“{grade}”"),
            crate::model::VetoEffect::NoAward => "不得表彰".to_owned(),
        };
        words.push(("一票否决", format!("{}：{effect}", veto.matters.join("、"))));
    }
    words
}

/// A measure in words.
pub(in super::super) fn measure_words(scheme: &Scheme, measure: &Measure) -> String {
    match measure {
        Measure::Total => "总分".to_owned(),
        Measure::BeforeBonus => "不含加分的得分".to_owned(),
        Measure::Block(id) => {
            let name =
                scheme.blocks.iter().find(|block| block.id == *id).map_or(id.as_str(), |block| &block.name);
            format!("板块“{name}”")
        }
        Measure::Line(id) => format!("项目“{}”", scheme.line(id).map_or(id.as_str(), |line| &line.project)),
        Measure::Completion(ids) => format!("完成率（{}）", ids.join("、")),
        Measure::Column(name) => name.clone(),
    }
}
