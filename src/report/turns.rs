//! `轮("处", n)` in a template: takes turns among `n` wordings, so that no two neighbours sound alike.
//!
//! In: a seed of the document. Out: numbers from 0 to `n` − 1. Never here: chance; the same document
//! gives the same turns.

use minijinja::value::{Object, Value};
use minijinja::{Error, ErrorKind, State};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The turns of one document.
#[derive(Debug)]
pub(super) struct Turns {
    seed: String,
    taken: Mutex<BTreeMap<String, u64>>,
}

impl Turns {
    pub(super) fn new(seed: &str) -> Self {
        Self { seed: seed.to_owned(), taken: Mutex::default() }
    }
}

/// FNV-1a: the same on every machine.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl Object for Turns {
    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let wrong = || Error::new(ErrorKind::InvalidOperation, "轮 的写法是 轮(\"处\", 几种说法)");
        let [site, number] = args else { return Err(wrong()) };
        let site = site.as_str().ok_or_else(wrong)?;
        let number = u64::try_from(number.clone()).ok().filter(|number| *number > 0).ok_or_else(wrong)?;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(site.to_owned()).or_insert(0);
        // The upper bits: the lower ones of two seeds often agree for every number of wordings.
        let first = (hash(&format!("{}\u{1f}{site}", self.seed)) >> 33) % number;
        let turn = (first + *count) % number;
        *count += 1;
        Ok(Value::from(turn))
    }
}
