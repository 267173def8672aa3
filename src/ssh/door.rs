//! Who is not let near: addresses that offered too many wrong keys lately. Pure but for its lock; the time is handed in.
//!
//! Bounded: of more addresses than `MOST`, the one that was heard of longest ago is forgotten.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// An agent with a handful of keys offers all of them, a few times over.
const PATIENCE: u32 = 30;
const WINDOW: Duration = Duration::from_secs(60);
const MOST: usize = 4_096;

#[derive(Debug, Default)]
pub struct Door {
    wrong: Mutex<HashMap<IpAddr, Tries>>,
    refused: AtomicU64,
    turned_away: AtomicU64,
}

#[derive(Debug)]
struct Tries {
    since: Instant,
    count: u32,
}

impl Door {
    /// Somebody offered a key that is not on the list.
    pub fn refuse(&self, address: IpAddr, now: Instant) {
        self.refused.fetch_add(1, Ordering::Relaxed);
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= MOST && !wrong.contains_key(&address) {
            let oldest = wrong.iter().min_by_key(|(_, tries)| tries.since).map(|(address, _)| *address);
            oldest.map(|oldest| wrong.remove(&oldest));
        }
        let tries = wrong.entry(address).or_insert(Tries { since: now, count: 0 });
        if now.duration_since(tries.since) > WINDOW {
            *tries = Tries { since: now, count: 0 };
        }
        tries.count = tries.count.saturating_add(1);
    }

    /// Somebody of the list came in from there: what their agent offered first, or a neighbour behind the same
    /// bastion, is held against nobody.
    pub fn forgive(&self, address: IpAddr) {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).remove(&address);
    }

    /// Whether a connection from there is answered at all.
    pub fn opens(&self, address: IpAddr, now: Instant) -> bool {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let is_open = wrong
            .get(&address)
            .is_none_or(|tries| tries.count < PATIENCE || now.duration_since(tries.since) > WINDOW);
        if !is_open {
            self.turned_away.fetch_add(1, Ordering::Relaxed);
        }
        is_open
    }

    /// Keys that were refused since the start.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Connections that were not answered since the start.
    pub fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn too_many_wrong_keys_shut_the_door_for_a_minute_and_for_nobody_else() {
        let (door, now) = (Door::default(), Instant::now());
        let [bad, good] = [IpAddr::from([127, 0, 0, 2]), IpAddr::from([127, 0, 0, 3])];
        (0..PATIENCE).for_each(|_| door.refuse(bad, now));
        assert!(!door.opens(bad, now) && door.opens(good, now));
        assert!(door.opens(bad, now + WINDOW + Duration::from_secs(1)));
        assert_eq!((door.refused(), door.turned_away()), (u64::from(PATIENCE), 1));
    }

    #[tokio::test(start_paused = true)]
    async fn somebody_who_comes_in_clears_the_address_they_share() {
        let (door, now, bastion) = (Door::default(), Instant::now(), IpAddr::from([127, 0, 0, 2]));
        for _ in 0..PATIENCE {
            (0..3).for_each(|_| door.refuse(bastion, now));
            assert!(door.opens(bastion, now));
            door.forgive(bastion);
        }
        assert_eq!(door.refused(), u64::from(PATIENCE) * 3);
    }

    #[tokio::test(start_paused = true)]
    async fn it_remembers_only_so_many() {
        let (door, now) = (Door::default(), Instant::now());
        for n in 0..10_000_u32 {
            door.refuse(IpAddr::from(n.to_be_bytes()), now);
        }
        assert!(door.wrong.lock().unwrap().len() <= MOST);
    }
}
