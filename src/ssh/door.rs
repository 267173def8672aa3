//! Who is not let near: addresses that offered too many wrong keys lately, and those from which too many wait at once
//! without having said who they are. Pure but for its locks; the time is handed in.
//!
//! Bounded: of more addresses than `MOST`, the one that was heard of longest ago is forgotten.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// An agent with a handful of keys offers all of them, a few times over.
const PATIENCE: u32 = 30;
const WINDOW: Duration = Duration::from_secs(60);
const MOST: usize = 4_096;
/// Connections of nobody known at a time, in all and of one address; more are not answered.
const STRANGERS: usize = 128;
const OF_ONE: usize = 64;

#[derive(Debug, Default)]
pub struct Door {
    wrong: Mutex<HashMap<IpAddr, Tries>>,
    waiting: Mutex<HashMap<IpAddr, usize>>,
    refused: AtomicU64,
    turned_away: AtomicU64,
}

#[derive(Debug)]
struct Tries {
    since: Instant,
    count: u32,
}

/// Somebody at the door, until it is dropped.
#[derive(Debug)]
pub struct Stranger {
    door: Arc<Door>,
    address: IpAddr,
}

impl Door {
    /// A place to wait in until it is known who it is, or nothing where too many wait already.
    pub fn stranger(self: &Arc<Self>, address: IpAddr) -> Option<Stranger> {
        let mut waiting = self.waiting();
        let of_one = waiting.get(&address).copied().unwrap_or(0);
        if of_one >= OF_ONE || waiting.values().sum::<usize>() >= STRANGERS {
            self.turned_away.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        waiting.insert(address, of_one + 1);
        Some(Stranger { door: Arc::clone(self), address })
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody offered a key that is not on the list. Whether that was one too many, which is told once.
    pub fn refuse(&self, address: IpAddr, now: Instant) -> bool {
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
        tries.count == PATIENCE
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

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut waiting = self.door.waiting();
        if let Some(count) = waiting.get_mut(&self.address) {
            *count -= 1;
        }
        waiting.retain(|_, count| *count > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn too_many_wrong_keys_shut_the_door_for_a_minute_and_for_nobody_else() {
        let (door, now) = (Door::default(), Instant::now());
        let [bad, good] = [IpAddr::from([127, 0, 0, 2]), IpAddr::from([127, 0, 0, 3])];
        let told: Vec<_> = (0..=PATIENCE).filter(|_| door.refuse(bad, now)).collect();
        assert_eq!(told, [PATIENCE - 1]);
        assert!(!door.opens(bad, now) && door.opens(good, now));
        assert!(door.opens(bad, now + WINDOW + Duration::from_secs(1)));
        assert_eq!((door.refused(), door.turned_away()), (u64::from(PATIENCE) + 1, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn somebody_who_comes_in_clears_the_address_they_share() {
        let (door, now, bastion) = (Door::default(), Instant::now(), IpAddr::from([127, 0, 0, 2]));
        for _ in 0..PATIENCE {
            for _ in 0..3 {
                door.refuse(bastion, now);
            }
            assert!(door.opens(bastion, now));
            door.forgive(bastion);
        }
        assert_eq!(door.refused(), u64::from(PATIENCE) * 3);
    }

    #[test]
    fn one_address_does_not_take_every_place_at_the_door() {
        let door = Arc::new(Door::default());
        let [silent, other] = [2, 3].map(|n| IpAddr::from([127, 0, 0, n]));
        let mut held: Vec<_> = (0..100).filter_map(|_| door.stranger(silent)).collect();
        assert_eq!((held.len(), door.turned_away()), (OF_ONE, 100 - OF_ONE as u64));
        let in_time = door.stranger(other);
        assert!(in_time.is_some());
        held.pop();
        assert!(door.stranger(silent).is_some());
        drop((held, in_time));
        assert!(door.waiting().is_empty());
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
