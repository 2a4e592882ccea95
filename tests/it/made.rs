//! What several tests of made-up units begin from.

use shuzhi::model::{
    DutyItem, DutyList, External, ItemId, ListId, Question, Scheme, Standing, Unit, UnitScore,
};
use shuzhi::scoring::{Asked, questions, turns};

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

/// The open questions of units that are all at hand.
pub(crate) fn all_questions(
    scheme: &Scheme,
    asked: &[Asked<'_>],
    external: &External,
    scores: &[UnitScore],
    standings: &[Standing],
) -> Vec<Question> {
    let units: Vec<&Unit> = asked.iter().map(|asked| asked.unit).collect();
    let show = |at: usize, ask: &mut dyn FnMut(&Asked<'_>, &UnitScore)| {
        ask(&asked[at], &scores[at]);
        Ok::<_, std::convert::Infallible>(())
    };
    let own = questions(scheme, &units, external, scores, standings, show, |_, own| Ok(own)).unwrap();
    let mut own: Vec<_> = turns(scores, standings).into_iter().zip(own).collect();
    own.sort_by_key(|(turn, _)| *turn);
    let mut all: Vec<Question> = own.into_iter().flat_map(|(_, own)| own).collect();
    all.sort_by_key(Question::order);
    all
}
