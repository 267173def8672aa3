//! An ordered map that is cheap to clone and cheap to change after it was cloned.
//!
//! Its values lie in pages of at most [`PAGE`], and pages and values are shared (`Arc`): a clone costs a pointer a
//! page, and a change copies the pointers of the one page it falls into and the one value it touches. So an
//! incident of twenty thousand entries is published again after every one of them.

use std::fmt;
use std::ops::Index;
use std::sync::Arc;

/// The most values of one page; one more, and it is two.
const PAGE: usize = 64;

type Page<K, V> = Vec<(K, Arc<V>)>;

pub struct Pages<K, V> {
    /// None of them empty, their keys ascending from first to last.
    pages: Vec<Arc<Page<K, V>>>,
    len: usize,
}

impl<K: Ord + Copy, V> Pages<K, V> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        self.shared(key).map(Arc::as_ref)
    }

    /// The value as it is shared, to be kept beside the map.
    pub fn shared(&self, key: &K) -> Option<&Arc<V>> {
        let page = self.pages.get(self.page_of(key))?;
        let place = page.binary_search_by_key(key, |(at, _)| *at).ok()?;
        Some(&page[place].1)
    }

    pub fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (K, &V)> {
        self.pages.iter().flat_map(|page| page.iter()).map(|(key, value)| (*key, value.as_ref()))
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = K> {
        self.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    pub fn last_key(&self) -> Option<K> {
        self.pages.last()?.last().map(|(key, _)| *key)
    }

    /// Puts a value where there is none; false, and nothing changed, where there is one.
    pub fn insert(&mut self, key: K, value: V) -> bool {
        let at = self.page_of(&key);
        let Some(page) = self.pages.get_mut(at) else {
            self.pages.push(Arc::new(vec![(key, Arc::new(value))]));
            self.len += 1;
            return true;
        };
        let Err(place) = page.binary_search_by_key(&key, |(at, _)| *at) else { return false };
        let page = Arc::make_mut(page);
        page.insert(place, (key, Arc::new(value)));
        let spilled = if page.len() <= PAGE {
            None
        } else if place == PAGE {
            page.pop().map(|last| vec![last])
        } else {
            Some(page.split_off(PAGE / 2))
        };
        if let Some(spilled) = spilled {
            self.pages.insert(at + 1, Arc::new(spilled));
        }
        self.len += 1;
        true
    }

    /// Where the key lies if it lies anywhere: the last page that begins at or before it.
    fn page_of(&self, key: &K) -> usize {
        self.pages.partition_point(|page| page[0].0 <= *key).saturating_sub(1)
    }
}

impl<K: Ord + Copy, V: Clone> Pages<K, V> {
    /// Changes a value that is there; what others hold of it stays as it was. False where there is none.
    pub fn change(&mut self, key: &K, change: impl FnOnce(&mut V)) -> bool {
        let at = self.page_of(key);
        let Some(page) = self.pages.get_mut(at) else { return false };
        let Ok(place) = page.binary_search_by_key(key, |(at, _)| *at) else { return false };
        change(Arc::make_mut(&mut Arc::make_mut(page)[place].1));
        true
    }
}

impl<K, V> Default for Pages<K, V> {
    fn default() -> Self {
        Self { pages: Vec::new(), len: 0 }
    }
}

impl<K, V> Clone for Pages<K, V> {
    fn clone(&self) -> Self {
        Self { pages: self.pages.clone(), len: self.len }
    }
}

/// Equal when they hold the same, however it is spread over pages.
impl<K: Ord + Copy, V: PartialEq> PartialEq for Pages<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<K: Ord + Copy, V: Eq> Eq for Pages<K, V> {}

impl<K: Ord + Copy + fmt::Debug, V: fmt::Debug> fmt::Debug for Pages<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Ord + Copy, V> Index<&K> for Pages<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        self.get(key).expect("the key is one of the map")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_holds_what_an_ordered_map_holds(keys in proptest::collection::vec(0_u32..400, 0..600)) {
            let (mut pages, mut map) = (Pages::default(), BTreeMap::new());
            for (value, key) in keys.into_iter().enumerate() {
                let before = pages.clone();
                let new = !map.contains_key(&key);
                prop_assert_eq!(pages.insert(key, value), new);
                map.entry(key).or_insert(value);
                prop_assert_eq!(before.len() + usize::from(new), pages.len());
                pages.change(&(key / 2), |value| *value += 1);
                map.entry(key / 2).and_modify(|value| *value += 1);
            }
            prop_assert!(pages.iter().eq(map.iter().map(|(key, value)| (*key, value))));
            prop_assert_eq!(pages.last_key(), map.keys().next_back().copied());
            prop_assert!(pages.pages.iter().all(|page| !page.is_empty() && page.len() <= PAGE));
            for key in 0..400 {
                prop_assert_eq!(pages.get(&key), map.get(&key));
            }
        }
    }

    #[test]
    fn what_is_written_in_order_fills_its_pages() {
        let mut pages = Pages::default();
        for key in 0..640_u32 {
            pages.insert(key, ());
        }
        assert_eq!(pages.pages.len(), 10);
    }

    #[test]
    fn a_clone_keeps_what_it_was() {
        let mut pages = Pages::default();
        pages.insert(1, "a");
        let before = pages.clone();
        pages.change(&1, |value| *value = "b");
        assert_eq!((before[&1], pages[&1]), ("a", "b"));
        assert_ne!(before, pages);
    }
}
