//! Points and place of a unit as a template tells them.
//!
//! In: what a scheme made of a unit. Out: [`Marks`], and the rows that prove their figures. Never here: wording.

use super::acts::to_usize;
use super::{Marked, Subject};
use crate::model::{BlockId, Bounds, CountyScore, Points};
use crate::report::proof::{Count, Proofs, Sourced};
use serde::Serialize;

/// Points and place.
#[derive(Debug, Serialize)]
pub(super) struct Marks {
    方案: String,
    得分: Sourced<String>,
    最高可达: Option<Sourced<String>>,
    满分: Sourced<String>,
    组别: String,
    名次: Count,
    最好: Count,
    最差: Count,
    单位数: Count,
    等次: Option<String>,
    上年名次: Option<Count>,
    上年得分: Option<Sourced<String>>,
    业务得分: Option<Sourced<String>>,
    板块: Vec<BlockMarks>,
    扣分: Vec<LineMarks>,
    汇总: Option<CountyMarks>,
    定: bool,
}

/// What the branches of a county add to it.
#[derive(Debug, Serialize)]
struct CountyMarks {
    支部数: Count,
    报送数: Count,
    支部平均: Option<Sourced<String>>,
    得分: Option<Sourced<String>>,
    最高可达: Option<Sourced<String>>,
}

#[derive(Debug, Serialize)]
struct BlockMarks {
    名称: String,
    得分: Sourced<String>,
    满分: Sourced<String>,
}

#[derive(Debug, Serialize)]
struct LineMarks {
    项目: String,
    分值: Sourced<String>,
    得分: Sourced<String>,
    原因: String,
}

/// Points and place, in words and with their rows.
pub(super) fn marks(subject: &Subject<'_>, marked: &Marked<'_>, proofs: &mut Proofs) -> Marks {
    let Marked { standing, score, scheme, peers, business, last_year, county } = *marked;
    let low = |bounds: Bounds| bounds.low.to_string();
    let full: Points = score.blocks.iter().map(|block| block.weight).sum();
    let anchor = proofs.add(
        "s1".into(),
        "得分和名次",
        format!(
            "得分{}，最高可达{}；名次{}，区间{}至{}；同组{peers}个单位",
            score.total.low, score.total.high, standing.rank, standing.best, standing.worst
        ),
        format!("排名表和评分表“{}”", subject.result.unit.name),
        String::new(),
    );
    let count = |n: u32| Sourced::new(to_usize(n), &anchor);
    let (rank, points) = last_year.unwrap_or((None, None));
    let last = (rank.is_some() || points.is_some()).then(|| {
        let words: Vec<String> =
            rank.map(|r| format!("名次{r}")).into_iter().chain(points.map(|p| format!("得分{p}"))).collect();
        proofs.add("s2".into(), "上年考核结果", words.join("，"), "评分文件夹里的上年结果", String::new())
    });
    let last = last.unwrap_or_default();
    let business = business.map(|points| {
        let (figure, how) = (points.to_string(), "评分文件夹里的业务得分");
        let anchor = proofs.add("s4".into(), "业务工作得分", figure.clone(), how, String::new());
        Sourced::new(figure, &anchor)
    });
    let names = |id: &BlockId| {
        scheme.blocks.iter().find(|block| block.id == *id).map_or_else(String::new, |b| b.name.clone())
    };
    let block_figures: Vec<String> = score
        .blocks
        .iter()
        .map(|block| format!("{}{}/{}", names(&block.block), block.points.low, block.weight))
        .collect();
    let sheet = proofs.add(
        "s3".into(),
        "各板块得分",
        block_figures.join("；"),
        format!("评分表“{}”", subject.result.unit.name),
        String::new(),
    );
    Marks {
        方案: scheme.name.clone(),
        得分: Sourced::new(low(score.total), &anchor),
        最高可达: (!score.total.is_settled())
            .then(|| Sourced::new(score.total.high.to_string(), &anchor)),
        满分: Sourced::new(full.to_string(), &sheet),
        组别: standing.group.clone(),
        名次: count(standing.rank),
        最好: count(standing.best),
        最差: count(standing.worst),
        单位数: Sourced::new(peers, &anchor),
        等次: standing.grade.as_ref().map(|grade| grade.name.clone()),
        上年名次: rank.map(|rank| Sourced::new(to_usize(rank), &last)),
        上年得分: points.map(|points| Sourced::new(points.to_string(), &last)),
        业务得分: business,
        板块: score
            .blocks
            .iter()
            .map(|block| BlockMarks {
                名称: names(&block.block),
                得分: Sourced::new(low(block.points), &sheet),
                满分: Sourced::new(block.weight.to_string(), &sheet),
            })
            .collect(),
        扣分: score
            .lines()
            .filter(|line| line.counted.low < line.base)
            .map(|line| LineMarks {
                项目: scheme.line(&line.line).map_or_else(String::new, |l| l.project.clone()),
                分值: Sourced::new(line.base.to_string(), &sheet),
                得分: Sourced::new(low(line.counted), &sheet),
                原因: line.reason.clone(),
            })
            .collect(),
        汇总: county.map(|county| of_county(county, proofs)),
        定: score.total.is_settled(),
    }
}

fn of_county(county: &CountyScore, proofs: &mut Proofs) -> CountyMarks {
    let low = |bounds: Option<Bounds>| bounds.map(|bounds| bounds.low.to_string());
    let open = county.total.filter(|total| !total.is_settled());
    let (mean, total) = (low(county.mean), low(county.total));
    let shown = |figure: &Option<String>| figure.clone().unwrap_or_else(|| "—".to_owned());
    let figures = format!(
        "支部{}个，报送{}个；支部平均{}；汇总得分{}",
        county.branches.len(),
        county.handed(),
        shown(&mean),
        shown(&total)
    );
    let how = format!("县区局汇总表“{}”", county.county);
    let anchor = proofs.add("s5".into(), "所属支部和汇总得分", figures, how, String::new());
    let sourced = |figure: String| Sourced::new(figure, &anchor);
    CountyMarks {
        支部数: Sourced::new(county.branches.len(), &anchor),
        报送数: Sourced::new(county.handed(), &anchor),
        支部平均: mean.map(sourced),
        得分: total.map(sourced),
        最高可达: open.map(|total| sourced(total.high.to_string())),
    }
}
