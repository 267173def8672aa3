//! Looking on at somebody else's screen, by their leave: who can be asked, and the way their pictures go.
//!
//! Only within one process, whose sessions share a [`Gallery`]. Pictures are latest wins: who looks on never makes the
//! other wait, and nothing is sent while nobody does. Nothing of it is kept.

use super::frame::Frame;
use crate::domain::Person;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::{mpsc, oneshot, watch};

/// Questions of others that one screen keeps waiting.
const KNOCKS: usize = 16;

/// What somebody wants of looking on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// See what they see.
    Ask(Person),
    /// Let them see this screen.
    Let(Person),
    Refuse(Person),
    /// Show this screen to nobody any more.
    Stop,
    /// Go one's own way again.
    Leave,
}

/// What a session learns of it.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// They want to look on here.
    Asks(Person),
    Onlookers(Vec<Person>),
    /// What somebody else sees.
    Picture(Person, Arc<Frame>),
    Refused(Person),
    /// They have left, or show their screen no more.
    Over(Person),
    /// They have no screen in this process.
    NotHere(Person),
}

/// The company somebody keeps at their screen.
#[derive(Debug, Default)]
pub struct Company {
    /// Who waits for leave to look on.
    pub asking: Vec<Person>,
    pub onlookers: Vec<Person>,
    pub following: Option<Following>,
}

#[derive(Debug)]
pub struct Following {
    pub person: Person,
    pub picture: Arc<Frame>,
}

/// The screens of one process.
#[derive(Clone, Debug, Default)]
pub struct Gallery(Arc<Mutex<Stalls>>);

#[derive(Debug, Default)]
struct Stalls {
    last: u64,
    open: BTreeMap<u64, (Person, mpsc::Sender<Knock>)>,
}

#[derive(Debug)]
struct Knock {
    by: Person,
    answer: oneshot::Sender<Option<Look>>,
}

/// Leave to look on; the pass shows the other that somebody does.
#[derive(Debug)]
struct Look {
    pictures: watch::Receiver<Option<Arc<Frame>>>,
    _pass: Arc<()>,
}

/// One session's place in the gallery.
#[derive(Debug)]
pub struct Stall {
    gallery: Gallery,
    id: u64,
    me: Person,
    knocks: mpsc::Receiver<Knock>,
    waiting: Vec<Knock>,
    pictures: watch::Sender<Option<Arc<Frame>>>,
    onlookers: Vec<(Person, Weak<()>)>,
    asked: Option<(Person, oneshot::Receiver<Option<Look>>)>,
    looking: Option<(Person, Look)>,
}

impl Gallery {
    pub fn enter(&self, me: Person) -> Stall {
        let (knock, knocks) = mpsc::channel(KNOCKS);
        let mut stalls = self.stalls();
        stalls.last += 1;
        let id = stalls.last;
        stalls.open.insert(id, (me.clone(), knock));
        drop(stalls);
        let pictures = watch::Sender::default();
        let (waiting, onlookers) = (Vec::new(), Vec::new());
        Stall {
            gallery: self.clone(),
            id,
            me,
            knocks,
            waiting,
            pictures,
            onlookers,
            asked: None,
            looking: None,
        }
    }

    /// The door of their newest screen.
    fn door(&self, person: &Person, but: u64) -> Option<mpsc::Sender<Knock>> {
        let stalls = self.stalls();
        let mut theirs = stalls.open.iter().rev().filter(|(id, (owner, _))| owner == person && **id != but);
        theirs.next().map(|(_, (_, knock))| knock.clone())
    }

    fn stalls(&self) -> MutexGuard<'_, Stalls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stall {
    /// What happens next. Dropping the future loses nothing.
    pub async fn next(&mut self) -> News {
        loop {
            tokio::select! {
                Some(knock) = self.knocks.recv() => {
                    let by = knock.by.clone();
                    self.waiting.push(knock);
                    return News::Asks(by);
                }
                look = answered(&mut self.asked) => {
                    let Some((person, _)) = self.asked.take() else { continue };
                    match look {
                        Some(look) => self.looking = Some((person, look)),
                        None => return News::Refused(person),
                    }
                }
                picture = seen(&mut self.looking) => match picture {
                    Some((person, picture)) => return News::Picture(person, picture),
                    None => if let Some((person, _)) = self.looking.take() { return News::Over(person) },
                },
            }
        }
    }

    /// Does what somebody wants; `frame` is what they see now.
    pub fn grant(&mut self, wish: Wish, frame: &Frame) -> Option<News> {
        match wish {
            Wish::Ask(person) => return self.knock(person),
            Wish::Let(person) => {
                for Knock { by, answer } in self.waiting.extract_if(.., |knock| knock.by == person) {
                    let pass = Arc::new(());
                    self.onlookers.push((by, Arc::downgrade(&pass)));
                    // Whoever asked and has left since is no onlooker: their pass goes with them.
                    let _ = answer.send(Some(Look { pictures: self.pictures.subscribe(), _pass: pass }));
                }
                self.pictures.send_replace(Some(Arc::new(frame.clone())));
            }
            Wish::Refuse(person) => {
                for knock in self.waiting.extract_if(.., |knock| knock.by == person) {
                    let _ = knock.answer.send(None);
                }
            }
            Wish::Stop => {
                self.pictures = watch::Sender::default();
                self.onlookers.clear();
            }
            Wish::Leave => (self.asked, self.looking) = (None, None),
        }
        Some(News::Onlookers(self.onlookers()))
    }

    fn knock(&mut self, person: Person) -> Option<News> {
        let (answer, answered) = oneshot::channel();
        let knock = Knock { by: self.me.clone(), answer };
        let door = self.gallery.door(&person, self.id);
        if door.is_none_or(|door| door.try_send(knock).is_err()) {
            return Some(News::NotHere(person));
        }
        self.asked = Some((person, answered));
        None
    }

    /// Shows others what this person sees.
    pub fn show(&self, frame: &Frame) {
        if self.pictures.receiver_count() > 0 {
            self.pictures.send_replace(Some(Arc::new(frame.clone())));
        }
    }

    /// Who looks on; those who have gone are forgotten.
    pub fn onlookers(&mut self) -> Vec<Person> {
        self.waiting.retain(|knock| !knock.answer.is_closed());
        self.onlookers.retain(|(_, pass)| pass.strong_count() > 0);
        let mut people: Vec<_> = self.onlookers.iter().map(|(person, _)| person.clone()).collect();
        people.sort();
        people.dedup();
        people
    }
}

impl Drop for Stall {
    fn drop(&mut self) {
        self.gallery.stalls().open.remove(&self.id);
    }
}

async fn answered(asked: &mut Option<(Person, oneshot::Receiver<Option<Look>>)>) -> Option<Look> {
    match asked {
        Some((_, answer)) => answer.await.ok().flatten(),
        None => std::future::pending().await,
    }
}

/// The next picture; none when there will be no more.
async fn seen(looking: &mut Option<(Person, Look)>) -> Option<(Person, Arc<Frame>)> {
    let Some((person, look)) = looking else { return std::future::pending().await };
    loop {
        look.pictures.changed().await.ok()?;
        if let Some(picture) = look.pictures.borrow_and_update().clone() {
            return Some((person.clone(), picture));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Size;

    fn frame(width: u16) -> Frame {
        Frame::new(Size::new(width, 20))
    }

    fn dana() -> Person {
        Person::new("dana")
    }

    fn sam() -> Person {
        Person::new("sam")
    }

    #[tokio::test]
    async fn nobody_looks_on_without_leave_and_who_may_sees_every_change() {
        let gallery = Gallery::default();
        let (mut hers, mut his) = (gallery.enter(dana()), gallery.enter(sam()));
        assert_eq!(his.grant(Wish::Ask(dana()), &frame(60)), None);
        assert_eq!(hers.next().await, News::Asks(sam()));
        hers.show(&frame(70));
        assert_eq!(hers.pictures.receiver_count(), 0, "not before she says so");
        assert_eq!(hers.grant(Wish::Let(sam()), &frame(80)), Some(News::Onlookers(vec![sam()])));
        assert_eq!(his.next().await, News::Picture(dana(), Arc::new(frame(80))));
        hers.show(&frame(90));
        hers.show(&frame(100));
        assert_eq!(his.next().await, News::Picture(dana(), Arc::new(frame(100))), "the newest alone");
        his.grant(Wish::Leave, &frame(60));
        assert!(hers.onlookers().is_empty());
    }

    #[tokio::test]
    async fn it_ends_when_it_is_refused_stopped_or_the_other_leaves() {
        let gallery = Gallery::default();
        let (mut hers, mut his) = (gallery.enter(dana()), gallery.enter(sam()));
        let here = frame(60);
        let lee = Person::new("lee");
        assert_eq!(his.grant(Wish::Ask(lee.clone()), &here), Some(News::NotHere(lee)));
        his.grant(Wish::Ask(dana()), &here);
        hers.next().await;
        hers.grant(Wish::Refuse(sam()), &here);
        assert_eq!(his.next().await, News::Refused(dana()));
        for ends in [true, false] {
            his.grant(Wish::Ask(dana()), &here);
            hers.next().await;
            hers.grant(Wish::Let(sam()), &here);
            assert!(matches!(his.next().await, News::Picture(..)));
            if ends {
                hers.grant(Wish::Stop, &here);
                assert_eq!(his.next().await, News::Over(dana()));
            }
        }
        drop(hers);
        assert_eq!(his.next().await, News::Over(dana()));
    }
}
