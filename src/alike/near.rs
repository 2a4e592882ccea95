//! Which of many texts are alike, in time that follows their number.
//!
//! Texts whose sketches agree in a band come together; in a crowd each is compared with those next to
//! it only. The few that agree best are then held against each other run by run.

use super::sketch::{BANDS, Sketch};
use super::{LIKE, index};
use rayon::prelude::*;

/// How many of those behind it a text is compared with in each band.
const WINDOW: usize = 12;
/// How many earlier texts each is held against run by run.
const KEPT: usize = 4;
/// Texts that are held against others in one go.
const TOGETHER: usize = 1_024;
/// Of the orders of a sketch, how many must agree: three deviations below what the threshold gives.
const AGREE: usize = 24;

/// Two texts that were found alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    pub(super) later: u32,
    pub(super) earlier: u32,
    pub(super) shared: u32,
    pub(super) all: u32,
}

/// The earlier texts that agree best with one, the best first.
#[derive(Debug, Clone, Copy, Default)]
struct Nearest {
    earlier: [u32; KEPT],
    agreement: [u8; KEPT],
    length: u8,
}

impl Nearest {
    fn earlier(&self) -> &[u32] {
        self.earlier.get(..usize::from(self.length)).unwrap_or_default()
    }

    fn offer(&mut self, agreement: u8, earlier: u32) {
        if self.earlier().contains(&earlier) {
            return;
        }
        let kept = self.agreement.iter().zip(self.earlier());
        let before = |(a, other): &(&u8, &u32)| **a > agreement || (**a == agreement && **other < earlier);
        let at = kept.filter(before).count();
        if at >= KEPT {
            return;
        }
        if let (Some(earliers), Some(agreements)) = (self.earlier.get_mut(at..), self.agreement.get_mut(at..))
        {
            earliers.rotate_right(1);
            agreements.rotate_right(1);
            if let (Some(own), Some(of_own)) = (earliers.first_mut(), agreements.first_mut()) {
                (*own, *of_own) = (earlier, agreement);
            }
        }
        self.length = (self.length + 1).min(u8::try_from(KEPT).unwrap_or(u8::MAX));
    }
}

/// Whether so many shared runs of so many are enough.
pub(super) fn enough(shared: u64, all: u64) -> bool {
    let (part, whole) = LIKE;
    all > 0 && shared * u64::from(whole) >= all * u64::from(part)
}

/// The links between so many texts, all of which differ; `runs` gives the runs of a text once more.
pub(super) fn links<'s, E: Send>(
    count: u32,
    sketch: impl Fn(u32) -> Option<&'s Sketch> + Sync,
    runs: impl Fn(u32) -> Result<Vec<u64>, E> + Sync,
) -> Result<Vec<Link>, E> {
    let nearest = nearest(count, &sketch);
    let verify = |(part, nearest): (usize, &[Nearest])| {
        let mut links = Vec::new();
        for (at, own) in nearest.iter().enumerate().filter(|(_, own)| own.length > 0) {
            let later = number(part * TOGETHER + at);
            let of_later = runs(later)?;
            for &earlier in own.earlier() {
                let of_earlier = runs(earlier)?;
                let shared = shared(&of_later, &of_earlier);
                let all = of_later.len() + of_earlier.len() - shared;
                if enough(shared as u64, all as u64) {
                    links.push(Link { later, earlier, shared: number(shared), all: number(all) });
                }
            }
        }
        Ok(links)
    };
    let links: Vec<Vec<Link>> =
        nearest.par_chunks(TOGETHER).enumerate().map(verify).collect::<Result<_, E>>()?;
    drop(nearest);
    let mut all = Vec::with_capacity(links.iter().map(Vec::len).sum());
    for own in links {
        all.extend(own);
    }
    Ok(all)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// For each text the earlier texts nearest to it.
fn nearest<'s>(count: u32, sketch: &(impl Fn(u32) -> Option<&'s Sketch> + Sync)) -> Vec<Nearest> {
    let mut nearest = vec![Nearest::default(); index(count)];
    let mut keys: Vec<(u32, u32)> = Vec::with_capacity(index(count));
    for band in 0..BANDS {
        keys.clear();
        keys.extend((0..count).filter_map(|text| Some((sketch(text)?.band(band), text))));
        keys.par_sort_unstable();
        for bucket in keys.chunk_by_mut(|a, b| a.0 == b.0) {
            if bucket.len() > WINDOW + 1 {
                let turned = |at: u32| sketch(at).into_iter().flat_map(|text| text.turned(band));
                bucket.sort_by(|a, b| turned(a.1).cmp(turned(b.1)).then(a.1.cmp(&b.1)));
            }
            for (at, &(_, one)) in bucket.iter().enumerate() {
                for &(_, two) in bucket.iter().skip(at + 1).take(WINDOW) {
                    let (Some(a), Some(b)) = (sketch(one), sketch(two)) else { continue };
                    if !enough(u64::from(a.size.min(b.size)), u64::from(a.size.max(b.size))) {
                        continue;
                    }
                    let agreement = a.agreement(b);
                    if agreement < AGREE {
                        continue;
                    }
                    let agreement = u8::try_from(agreement).unwrap_or(u8::MAX);
                    if let Some(own) = nearest.get_mut(index(one.max(two))) {
                        own.offer(agreement, one.min(two));
                    }
                }
            }
        }
    }
    nearest
}

/// How many runs two sorted lists share.
fn shared(one: &[u64], two: &[u64]) -> usize {
    let (mut one, mut two) = (one.iter().peekable(), two.iter().peekable());
    let mut shared = 0;
    while let (Some(a), Some(b)) = (one.peek(), two.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => drop(one.next()),
            std::cmp::Ordering::Greater => drop(two.next()),
            std::cmp::Ordering::Equal => {
                shared += 1;
                one.next();
                two.next();
            }
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream of made-up numbers.
    fn numbers(mut state: u64) -> impl FnMut(u64) -> u64 {
        move |below| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        }
    }

    /// Texts of 30 to 90 runs, half of them changed copies of earlier ones.
    fn texts(seed: u64, count: usize) -> Vec<Vec<u64>> {
        let mut next = numbers(seed);
        let mut texts: Vec<Vec<u64>> = Vec::new();
        while texts.len() < count {
            let copied = (!texts.is_empty() && next(2) == 0)
                .then(|| texts.get(usize::try_from(next(texts.len() as u64)).unwrap()).cloned())
                .flatten();
            let mut runs = if let Some(mut runs) = copied {
                for _ in 0..next(12) {
                    let at = usize::try_from(next(runs.len() as u64)).unwrap();
                    runs[at] = next(1 << 60);
                }
                runs
            } else {
                (0..30 + next(60)).map(|_| next(1 << 60)).collect()
            };
            runs.sort_unstable();
            runs.dedup();
            if !texts.contains(&runs) {
                texts.push(runs);
            }
        }
        texts
    }

    fn linked(sketches: &[Sketch], texts: &[Vec<u64>]) -> Vec<Link> {
        let count = u32::try_from(sketches.len()).unwrap();
        let runs = |at: u32| Ok::<_, std::convert::Infallible>(texts[at as usize].clone());
        links(count, |at| sketches.get(at as usize), runs).unwrap()
    }

    /// The component of each text.
    fn components(count: usize, links: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
        let mut of: Vec<usize> = (0..count).collect();
        for (a, b) in links {
            let (from, to) = (of[a].max(of[b]), of[a].min(of[b]));
            of.iter_mut().filter(|c| **c == from).for_each(|c| *c = to);
        }
        of
    }

    #[test]
    fn against_every_pair_nothing_false_and_next_to_nothing_missing() {
        let (mut expected, mut found, mut apart) = (0, 0, 0);
        for seed in 0..40 {
            let texts = texts(seed, 120);
            let sketches: Vec<Sketch> = texts.iter().map(|runs| Sketch::new(runs)).collect();
            let links = linked(&sketches, &texts);
            for link in &links {
                let (one, two) = (&texts[link.later as usize], &texts[link.earlier as usize]);
                assert_eq!(link.shared as usize, one.iter().filter(|run| two.contains(run)).count());
                assert!(link.later > link.earlier && f64::from(link.shared) >= 0.8 * f64::from(link.all));
            }
            let of = components(
                texts.len(),
                links.iter().map(|link| (link.later as usize, link.earlier as usize)),
            );
            for (b, two) in texts.iter().enumerate() {
                for (a, one) in texts.iter().enumerate().take(b) {
                    let shared = shared(one, two);
                    if enough(shared as u64, (one.len() + two.len() - shared) as u64) {
                        expected += 1;
                        found += usize::from(
                            links.iter().any(|l| (l.earlier as usize, l.later as usize) == (a, b)),
                        );
                        apart += usize::from(of[a] != of[b]);
                    }
                }
            }
        }
        assert!(expected > 1_000, "{expected}");
        assert!(apart * 200 <= expected, "{apart} of {expected} in different groups, {found} as pairs");
    }

    #[test]
    fn a_crowd_of_like_texts_costs_no_more_than_its_number() {
        // All share nine tenths; without a window this would be 50 million comparisons.
        let common: Vec<u64> = (0..90).collect();
        let texts: Vec<Vec<u64>> = (0..10_000_u64)
            .map(|at| common.iter().copied().chain(1_000 + at * 10..1_010 + at * 10).collect())
            .collect();
        let sketches: Vec<Sketch> = texts.iter().map(|runs| Sketch::new(runs)).collect();
        let links = linked(&sketches, &texts);
        assert!(links.len() <= texts.len() * KEPT);
        let linked: std::collections::BTreeSet<u32> =
            links.iter().flat_map(|link| [link.later, link.earlier]).collect();
        assert!(linked.len() * 1_000 >= texts.len() * 999, "{}", linked.len());
    }
}
