//! Forms of activity that a duty list asks for by name.
//!
//! A row whose ledger states the form (支委会, 党课 …) proves the item that asks for this form, whatever
//! its topic: of the labelled branch rows with such a type, 84 of 85 carry the item.

use crate::model::{Class, Decision, DutyList, Evidence, EvidenceSource, ItemId, KindId, Match, Requirement};
use std::collections::BTreeMap;

/// How sure a stated form is, in thousandths.
const CONFIDENCE: u16 = 980;

/// Which items ask for which forms.
#[derive(Debug, Clone, Default)]
pub struct Forms {
    items: BTreeMap<KindId, Vec<(ItemId, u32)>>,
}

impl Forms {
    /// The forms that counted, calendar and existence requirements of a list ask for without further condition.
    #[must_use]
    pub fn new(list: &DutyList, requirements: &[Requirement]) -> Self {
        let mut items: BTreeMap<KindId, Vec<(ItemId, u32)>> = BTreeMap::new();
        for requirement in requirements {
            let by_form = matches!(requirement.class, Class::Counted | Class::Calendar | Class::Existence)
                && requirement.counts.all.is_empty();
            let Some(item) = list.item(&requirement.item).filter(|_| by_form) else { continue };
            for kind in &requirement.counts.kinds {
                let asked = items.entry(kind.clone()).or_default();
                if !asked.iter().any(|(id, _)| *id == item.id) {
                    asked.push((item.id.clone(), item.number));
                }
            }
        }
        Self { items }
    }

    /// Raises the items that ask for one of these forms to links, the surest first.
    pub fn admit(&self, kinds: &[KindId], matches: &mut Vec<Match>) {
        for kind in kinds {
            for (item, number) in self.items.get(kind).into_iter().flatten() {
                let evidence = || Evidence {
                    source: EvidenceSource::Kind,
                    sentence: format!("活动形式是“{kind}”，第{number}条要求开展这种活动"),
                    weight: 400,
                };
                match matches.iter_mut().find(|found| found.item == *item) {
                    Some(found) if found.decision == Decision::Link => {}
                    Some(found) => {
                        found.decision = Decision::Link;
                        found.confidence = found.confidence.max(CONFIDENCE);
                        found.evidence.insert(0, evidence());
                    }
                    None => matches.push(Match {
                        item: item.clone(),
                        confidence: CONFIDENCE,
                        decision: Decision::Link,
                        evidence: vec![evidence()],
                    }),
                }
            }
        }
        matches.sort_by(|a, b| b.confidence.cmp(&a.confidence).then_with(|| a.item.cmp(&b.item)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Counts, DutyItem, ListId, Period, RequirementId};

    #[test]
    fn a_stated_form_proves_the_item_that_asks_for_it() {
        let item = DutyItem {
            id: ItemId::from("ZB-3"),
            number: 3,
            category: None,
            text: "每月召开支部委员会。".into(),
            line: 1,
        };
        let list = DutyList {
            id: ListId::from("ZB"),
            title: "清单".into(),
            role: "党支部书记".into(),
            preamble: Vec::new(),
            categories: Vec::new(),
            items: vec![item],
        };
        let requirement = Requirement {
            id: RequirementId::from("ZB-3a"),
            item: ItemId::from("ZB-3"),
            name: "支部委员会".into(),
            class: Class::Counted,
            period: Period::Month,
            minimum: 1,
            window: (1, 12),
            counts: Counts { kinds: vec![KindId::from("支委会")], ..Counts::default() },
            exempt: None,
            each: None,
            hours: None,
            origin: None,
            source: "每月召开".into(),
            limits: String::new(),
        };
        let forms = Forms::new(&list, &[requirement]);
        let mut matches = vec![Match {
            item: ItemId::from("ZB-4"),
            confidence: 700,
            decision: Decision::Review,
            evidence: Vec::new(),
        }];
        forms.admit(&[KindId::from("支委会")], &mut matches);
        let found: Vec<_> = matches.iter().map(|m| (m.item.as_str(), m.decision)).collect();
        assert_eq!(found, [("ZB-3", Decision::Link), ("ZB-4", Decision::Review)]);
        forms.admit(&[KindId::from("党课")], &mut matches);
        assert_eq!(matches.len(), 2);
    }
}
