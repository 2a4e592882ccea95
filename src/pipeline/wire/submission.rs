//! Submissions and rules as bytes.

use super::{Incoming, Outgoing, Wire, at_place, choice, fields, garbled, place_of};
use crate::model::{
    Activity, ColumnRule, Date, DateSpan, Excluded, Field, FileError, Finding, HostRole, KindId, Pattern,
    Place, Precision, Reason, RowCounts, Rule, RuleUse, SheetChoice, StatedKind, Submission, TableRule,
    UnitGuess, UnitSource, Wanted, rules,
};
use std::io::{self, Read, Write};

fields!(Submission { file, units, activities, excluded, findings, error, counts, ruled });
fields!(UnitGuess { name, source });
fields!(Activity {
    place,
    ordinal,
    unit,
    date,
    stated,
    kinds,
    title,
    description,
    attended,
    expected,
    minutes,
    host,
    host_role,
    recorder,
    location,
    planned
});
fields!(Place { file, sheet, row, col });
fields!(DateSpan { start, end, precision, valid, raw });
fields!(StatedKind { raw, kind });
fields!(Excluded { place, reason, text });
fields!(Finding { rule, message, place, hint });
fields!(RowCounts { nonblank, activity_rows, excluded });
fields!(RuleUse { line, title, says, sheets, others, unit });
fields!(TableRule { name, line, file, sheet, reading, header, first, last, columns, year, kind, unit });
fields!(ColumnRule { field, word });
choice!(UnitSource { Rule, UnitLine, Title, FileName, Folder });
choice!(Precision { Day, Month, Quarter, Half, None });
choice!(HostRole { Chair, Lecturer });
choice!(FileError { Encrypted, Corrupt, Unsupported, Packed, Empty, HeaderOnly, TooLarge, BrokenOff });
choice!(Reason {
    Title,
    UnitLine,
    Header,
    Section,
    PageLine,
    Total,
    Note,
    Example,
    Placeholder,
    NotHeld,
    HiddenRow,
    HiddenSheet,
    TemplateSheet,
    IndexSheet,
    NotActivity,
    Continuation,
    Stray,
    ByRule,
    NotUnderstood
});

impl Wire for KindId {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        self.0.put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        Wire::take(from).map(Self)
    }
}

impl Wire for Date {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        (self.year(), (self.month(), self.day())).put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        let (year, (month, day)) = Wire::take(from)?;
        Self::new(year, month, day).ok_or_else(garbled)
    }
}

impl Wire for &'static Rule {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        self.code.to_owned().put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        rules::find(&String::take(from)?).ok_or_else(garbled)
    }
}

impl Wire for Pattern {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        self.as_str().to_owned().put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        String::take(from).map(|text| Self::new(&text))
    }
}

impl Wire for SheetChoice {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        match self {
            Self::Named(pattern) => (None, Some(pattern.clone())),
            Self::Nth(number) => (Some(*number), None),
        }
        .put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        match Wire::take(from)? {
            (None, Some(pattern)) => Ok(Self::Named(pattern)),
            (Some(number), None) => Ok(Self::Nth(number)),
            _ => Err(garbled()),
        }
    }
}

/// Rules name only meanings that an office can give to a column.
impl Wire for Field {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        place_of(&Self::MEANINGS, self).put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        at_place(&Self::MEANINGS, u8::take(from)?)
    }
}

impl Wire for Wanted {
    fn put<W: Write>(&self, out: &mut Outgoing<'_, W>) -> io::Result<()> {
        place_of(&Self::ALL, self).put(out)
    }

    fn take<R: Read>(from: &mut Incoming<'_, R>) -> io::Result<Self> {
        at_place(&Self::ALL, u8::take(from)?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::reading::read_ruled;
    use super::*;
    use crate::seeds::Catalogue;
    use std::sync::Arc;

    fn told<T: Wire>(value: &T) -> Vec<u8> {
        let mut bytes = Vec::new();
        value.put(&mut Outgoing::new(&mut bytes)).unwrap();
        bytes
    }

    fn heard<T: Wire>(mut bytes: &[u8]) -> io::Result<T> {
        T::take(&mut Incoming::new(&mut bytes))
    }

    #[test]
    fn a_submission_comes_back_as_it_was() {
        let catalogue = Catalogue::builtin().unwrap();
        let text = "填报单位：东山党支部\n时间,类型,主题,应到,实到,主持人\n2023-03-05,支委会,学习党章,5,4,张三\n\
                    3月,党课,讲党课,,12,\n下半年,主题党日,参观,30,,\n2月30日,党员大会,选举,10,10,\n合计,,,,,\n";
        let submission = read_ruled("甲/台账.csv", text.as_bytes(), &[], &catalogue);
        assert!(submission.activities.len() >= 3 && !submission.excluded.is_empty());
        let bytes = told(&submission);
        let again: Submission = heard(&bytes).unwrap();
        assert_eq!(format!("{again:?}"), format!("{submission:?}"));
        assert!(again.activities.iter().all(|own| Arc::ptr_eq(&own.place.file, &again.file)));
        for cut in (0..bytes.len()).step_by(7) {
            assert!(heard::<Submission>(&bytes[..cut]).is_err());
        }
    }

    #[test]
    fn rules_come_back_as_they_were() {
        let column = |field: Field| ColumnRule { field, word: field.word().to_owned() };
        let mut rule = TableRule::new("甲", 7, "甲/*.xlsx");
        rule.columns =
            Field::MEANINGS.into_iter().zip(1..).map(|(field, col)| (col, column(field))).collect();
        rule.year = Some(2023);
        rule.unit = Some(Arc::from("东山党支部"));
        let mut rules = vec![rule.clone()];
        for wanted in Wanted::ALL {
            rules.push(TableRule { reading: Some(wanted), sheet: Some(SheetChoice::Nth(2)), ..rule.clone() });
        }
        rules.push(TableRule { sheet: Some(SheetChoice::Named(Pattern::new("*月"))), ..rule });
        assert_eq!(heard::<Vec<TableRule>>(&told(&rules)).unwrap(), rules);
    }

    #[test]
    fn an_announced_length_takes_no_room() {
        assert!(heard::<String>(&u64::MAX.to_le_bytes()).is_err());
        assert!(heard::<Vec<Activity>>(&u64::MAX.to_le_bytes()).is_err());
    }
}
