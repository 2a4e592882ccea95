//! `shuzhi learn`: shows what decisions would change, asks, and puts it into use or takes it back.

use super::Ending;
use super::progress::Progress;
use super::screen::Screen;
use shuzhi::error::{Error, Result};
use shuzhi::model::Ruling;
use shuzhi::pipeline::learning::{self, Change, Proposal, in_words};
use shuzhi::pipeline::{inputs, outputs};
use shuzhi::render;
use shuzhi::seeds::Catalogue;
use std::io::{BufRead, IsTerminal};
use std::path::Path;

/// How many changes are shown; more are written to a workbook.
const SHOWN: usize = 30;
/// The workbook's name.
const FILE: &str = "学习前后.xlsx";

pub(super) fn learn(folder: &Path, yes: bool, screen: &mut Screen) -> Result<Ending> {
    let catalogue = Catalogue::builtin()?;
    let progress = Progress::new();
    let proposal = learning::propose(folder, &catalogue, &progress);
    drop(progress);
    let proposal = proposal?;
    used(&proposal, screen);
    if proposal.in_use {
        screen.out(if proposal.learned.lists.is_empty() {
            "没有可以学的结论。请先在 核对表.xlsx 的“活动对应”里填“结论”，保存后再运行。"
        } else {
            "与现在采用的相同，没有要改的。"
        });
        return Ok(Ending::Clean);
    }
    changes(folder, &proposal, screen)?;
    if !(yes || asked(screen)) {
        return Ok(Ending::Clean);
    }
    let path = learning::adopt(folder, &proposal.learned)?;
    screen.out(&format!("已采用，写在 {}。再运行 shuzhi run，分数和名次随之更新。", path.display()));
    screen.out("要退回，运行 shuzhi learn 文件夹 --undo；核对表里的结论不受影响。");
    Ok(Ending::Clean)
}

fn used(proposal: &Proposal, screen: &mut Screen) {
    let of = |ruling: Ruling| {
        let count = proposal.used.get(&ruling).copied().unwrap_or_default();
        format!("{}{count}条", ruling.as_str())
    };
    let total: usize = proposal.used.values().sum();
    let mut line = format!("核对表里的结论用了{total}条：{}", Ruling::ALL.map(of).join("，"));
    if proposal.refused > 0 {
        line += &format!("；有{}条没有用（原因见核对表“理由”一列）", proposal.refused);
    }
    if proposal.earlier > 0 {
        line += &format!("；另有以前年度保存的{}条", proposal.earlier);
    }
    screen.out(&line);
    for note in &proposal.notes {
        screen.out(&format!("  {note}"));
    }
}

fn changes(folder: &Path, proposal: &Proposal, screen: &mut Screen) -> Result<()> {
    screen.out(&format!(
        "没有核对结论的活动共{}项，采用以后有{}项的对应条目会改变{}",
        proposal.looked_at,
        proposal.changes.len(),
        if proposal.changes.is_empty() { "。" } else { "：" }
    ));
    for Change { unit, date, title, place, before, after, reason } in proposal.changes.iter().take(SHOWN) {
        screen.out(&format!("\n  {unit} {date} {title}（{place}）"));
        screen.out(&format!("    {} → {}", in_words(before), in_words(after)));
        if !reason.is_empty() {
            screen.out(&format!("    {reason}"));
        }
    }
    screen.out("");
    if proposal.changes.len() > SHOWN {
        let bytes = render::xlsx(&learning::changes_book(proposal))?;
        let claim = outputs::claim(folder)?;
        let path =
            outputs::replace_in(&claim, inputs::REVIEW, FILE, &bytes).map_err(|error| Error::File {
                path: folder.join(inputs::REVIEW).join(FILE),
                message: format!("写不进去：{}", outputs::refusal(&error)),
            })?;
        screen.out(&format!("以上是前{SHOWN}项，全部写在 {}", path.display()));
    }
    Ok(())
}

/// Whether a person at a terminal says yes.
fn asked(screen: &mut Screen) -> bool {
    let input = std::io::stdin();
    if !input.is_terminal() {
        screen.out("没有采用，什么也没有改。确认无误后加上 --yes 再运行，就会采用。");
        return false;
    }
    screen.ask("采用吗？[是/否] ");
    let mut answer = String::new();
    let read = input.lock().read_line(&mut answer).is_ok();
    let yes = read && matches!(answer.trim().to_lowercase().as_str(), "是" | "采用" | "y" | "yes");
    if !yes {
        screen.out("没有采用，什么也没有改。");
    }
    yes
}

pub(super) fn undo(folder: &Path, screen: &mut Screen) -> Result<Ending> {
    let Some(undone) = learning::undo(folder)? else {
        screen.out("没有采用过学习结果，用的就是程序自带的权重。");
        return Ok(Ending::Clean);
    };
    screen.out(&match undone.examples {
        Some(examples) => format!("已退回到上一次：从{examples}条结论学到的权重。"),
        None if undone.own => "已退回到上一次，但是那个文件读不出来，可以再退一次。".to_owned(),
        None => "已退回到程序自带的权重。".to_owned(),
    });
    if undone.left > 0 {
        screen.out(&format!("还可以再退{}次。", undone.left));
    }
    screen.out(&format!("核对表里的结论没有动；退下来的一份放在 {}", undone.kept.display()));
    Ok(Ending::Clean)
}
