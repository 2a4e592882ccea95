//! What several tests of made-up units begin from.

use shuzhi::model::{DutyItem, DutyList, ItemId, ListId};

/// Numbers from a seed, the same in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, most: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(most)).unwrap()
    }
}

/// A list of two items of this text.
pub(crate) fn list(text: &str) -> DutyList {
    let item = |number: u32| DutyItem {
        id: ItemId::from(format!("ZB-{number}").as_str()),
        number,
        category: None,
        text: text.into(),
        line: number,
    };
    DutyList {
        id: ListId::from("ZB"),
        title: "责任清单".into(),
        role: "党支部书记".into(),
        preamble: Vec::new(),
        categories: Vec::new(),
        items: vec![item(1), item(2)],
    }
}
