//! What was found out about a unit, as bytes.

use super::super::cases::Recorded;
use super::{Incoming, Outgoing, Wire, at_place, choice, fields, garbled, place_of};
use crate::model::{
    BlockId, BlockScore, Bounds, CheckScore, Class, Counted, Decision, Due, Evidence, EvidenceSource,
    FactState, Fingerprint, ItemId, ItemScore, LineId, LineScore, ListId, Match, Meeting, Period, Place,
    Points, Proof, Question, RequirementId, RequirementScore, Ruling, ScoreCard, Stake, State, Subject,
    Tally, Unit, UnitResult, UnitScore, VetoFact,
};
use std::io::{self, Read, Write};

macro_rules! text_ids {
    ($($name:ident)*) => { $(impl Wire for $name {
        fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
            self.0.put(out)
        }

        fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
            Wire::take(from).map(Self)
        }
    })* };
}

text_ids!(BlockId Fingerprint ItemId LineId ListId RequirementId);
choice!(Class { Counted, Calendar, Interval, Existence, Narrative });
choice!(Period { Month, Quarter, Half, Year });
choice!(State { Recorded, Unverified, NotHeld, NotApplicable });
choice!(FactState { True, Open, False });
choice!(Decision { Link, Review, NonLink });
choice!(EvidenceSource { Kind, Phrase, Similar, Learned, Office, Reviewer });
choice!(Ruling { Confirmed, Changed, NoProof });
fields!(Evidence { source, sentence, weight });
fields!(Match { item, confidence, decision, evidence });
fields!(Proof { requirement, sure, joint, decided });
fields!(Due { label, index, required, found, doubtful, state, decided, owed, evidence, open });
fields!(RequirementScore { id, name, class, period, base, earned, pending, lost, dues, reason });
fields!(ItemScore { item, base, earned, pending, lost, requirements, activities, review });
fields!(Tally { required, met, open });
fields!(Meeting { activity, expected, attended, sure });
fields!(CheckScore { id, evidence, name, period, minimum, dues, tally, recorded, reachable, meetings });
fields!(ScoreCard { unit, list, items, base, earned, pending, lost, checks });
fields!(Bounds { low, high });
fields!(LineScore { line, base, tallies, rule, own, judged, counted, reason, missing });
fields!(BlockScore { block, weight, applicable, earned, points, lines });
fields!(Unit {
    name,
    aliases,
    group,
    list,
    secretary,
    members,
    committee,
    groups,
    founded,
    dissolved,
    registered,
    county,
    county_of
});
fields!(UnitResult { unit, files, activities, matches, next, rulings, counted, card, proofs, fingerprints });
fields!(Question { unit, subject, stake, weight });
choice!(Stake { Decides, MayDecide, MovesRank, MovesPoints, Nothing });
fields!(Recorded { activities, matches, next, rulings, fingerprints });
fields!(VetoFact { unit, matter, state, basis, place });
fields!(UnitScore { unit, group, blocks, before, total, for_grade, ties, measures, vetoes });

impl Wire for Points {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        self.hundredths().put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        Wire::take(from).map(Self::from_hundredths)
    }
}

impl Wire for Subject {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        match self {
            Self::Due(check, period) => (0_u8, (check.clone(), *period)).put(out),
            Self::Match(activity) => (1_u8, *activity).put(out),
            Self::Value(line) => (2_u8, line.clone()).put(out),
            Self::Fact(place) => (3_u8, Place::clone(place)).put(out),
        }
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        Ok(match u8::take(from)? {
            0 => {
                let (check, period) = Wire::take(from)?;
                Self::Due(check, period)
            }
            1 => Self::Match(Wire::take(from)?),
            2 => Self::Value(Wire::take(from)?),
            3 => Self::Fact(Box::new(Wire::take(from)?)),
            _ => return Err(garbled()),
        })
    }
}

impl Wire for Counted {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        let (class, other): (u8, usize) = match self {
            Self::Yes => (0, 0),
            Self::Duplicate(other) => (1, *other),
            Self::OtherYear => (2, 0),
            Self::Planned => (3, 0),
        };
        class.put(out)?;
        other.put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        let (class, other) = <(u8, usize)>::take(from)?;
        Ok(match class {
            0 => Self::Yes,
            1 => Self::Duplicate(other),
            2 => Self::OtherYear,
            3 => Self::Planned,
            _ => return Err(garbled()),
        })
    }
}
