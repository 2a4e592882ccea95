//! What each activity of a unit proves: the program's answer, or the person's.
//!
//! In: activities, the rules of their list, and what a person has decided. Out: matches with the item that
//! came next. Never here: which row of the review workbook means which activity.

use super::rules::RuleBook;
use crate::matching::{Explanation, RowText};
use crate::model::{Activity, Decision, Evidence, EvidenceSource, ItemId, Match, Ruling, UnitResult};

/// A decision: what was decided, the items, and the note.
pub type Decided = (Ruling, Vec<ItemId>, String);

/// Least confidence, in thousandths, of a runner-up that is worth telling; a nearest miss always is.
const LEAST_NEXT: u16 = 10;

/// The program's own answer to an activity, without what in its text says so: see [`tell`].
#[must_use]
pub fn answer(activity: &Activity, book: &RuleBook) -> Explanation {
    admitted(book.matcher.answer(&RowText::from(activity), LEAST_NEXT), activity, book)
}

/// The program's own answer to an activity with the sentences that say why.
#[must_use]
pub fn told(activity: &Activity, book: &RuleBook) -> Explanation {
    admitted(book.matcher.explain(&RowText::from(activity)), activity, book)
}

/// An answer with what the stated form of the activity says.
fn admitted(mut answer: Explanation, activity: &Activity, book: &RuleBook) -> Explanation {
    book.forms.admit(&activity.kinds, &mut answer.matches);
    let matches = &answer.matches;
    answer.next = answer.next.filter(|next| {
        (matches.is_empty() || next.confidence >= LEAST_NEXT)
            && matches.iter().all(|found| found.item != next.item)
    });
    answer
}

/// Gives a unit's answers on the wanted activities the sentences that say why, where they were found by [`answer`]:
/// what [`told`] would have given them.
pub fn tell(result: &mut UnitResult, book: &RuleBook, wanted: impl Fn(usize) -> bool) {
    let answers = result.matches.iter_mut().zip(&mut result.next);
    for (at, (activity, (matches, next))) in result.activities.iter().zip(answers).enumerate() {
        if wanted(at) {
            tell_one(activity, book, matches, next.as_mut());
        }
    }
}

fn tell_one(activity: &Activity, book: &RuleBook, matches: &mut [Match], next: Option<&mut Match>) {
    if matches.is_empty() && next.is_none() {
        return;
    }
    let Explanation { matches: own, next: own_next } = told(activity, book);
    let mut own: Vec<Match> = own.into_iter().chain(own_next).collect();
    for found in matches.iter_mut().chain(next) {
        found.evidence.retain(|evidence| evidence.source == EvidenceSource::Reviewer);
        if let Some(at) = own.iter().position(|own| own.item == found.item) {
            found.evidence.extend(own.swap_remove(at).evidence);
        }
    }
}

/// The answer after a person's decision: exactly the items decided, whatever the program and the form of the
/// activity say; what the program would have said comes next.
#[must_use]
pub fn decide(answer: Explanation, decided: Option<&Decided>) -> Explanation {
    let Some((ruling, items, note)) = decided else { return answer };
    let mut sentence = format!("核对表：{}", ruling.as_str());
    if !note.is_empty() {
        sentence += &format!("（{note}）");
    }
    let mut left: Vec<Match> = answer.matches.into_iter().chain(answer.next).collect();
    let matches = items.iter().map(|item| {
        let own = Evidence { source: EvidenceSource::Reviewer, sentence: sentence.clone(), weight: i32::MAX };
        let known = left.iter().position(|found| found.item == *item).map(|at| left.remove(at));
        let mut evidence = vec![own];
        evidence.extend(known.map(|known| known.evidence).unwrap_or_default());
        Match { item: item.clone(), confidence: Match::DECIDED, decision: Decision::Link, evidence }
    });
    let matches = matches.collect();
    let next = left.into_iter().next().map(|next| Match { decision: Decision::NonLink, ..next });
    Explanation { matches, next }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;
    use crate::pipeline::rules;
    use crate::pipeline::settings::Settings;
    use crate::seeds::Catalogue;

    #[test]
    fn what_is_told_later_is_what_would_have_been_told_at_once() {
        let catalogue = Catalogue::builtin().unwrap();
        let rows = include_str!("../../seeds/training/judged.jsonl");
        let rows: Vec<serde_json::Value> =
            rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let mut reasons = 0;
        for list in ["ZB", "JW"] {
            let list = catalogue.lists.iter().find(|own| own.id.as_str() == list).unwrap();
            let book = rules::book(list.clone(), &Settings::default(), &catalogue).unwrap();
            let items = [list.items[0].id.clone(), list.items[2].id.clone()];
            let decisions = [
                None,
                Some((Ruling::Changed, items.to_vec(), "说明".to_owned())),
                Some((Ruling::NoProof, Vec::new(), String::new())),
            ];
            for (row, kind) in rows.iter().step_by(9).zip(catalogue.kinds.all().iter().cycle()) {
                let activity = Activity {
                    title: row["title"].as_str().unwrap_or_default().to_owned(),
                    description: row["description"].as_str().map(str::to_owned),
                    kinds: vec![kind.id.clone()],
                    ..Activity::blank(Place::file("台账.xlsx"))
                };
                for decided in &decisions {
                    let at_once = decide(told(&activity, &book), decided.as_ref());
                    let mut later = decide(answer(&activity, &book), decided.as_ref());
                    assert!(later.matches.iter().all(|found| found.evidence.len() <= 2));
                    tell_one(&activity, &book, &mut later.matches, later.next.as_mut());
                    assert_eq!(later, at_once, "{row}");
                    reasons += at_once.matches.iter().map(|found| found.evidence.len()).sum::<usize>();
                }
            }
        }
        assert!(reasons > 150, "{reasons}");
    }
}
