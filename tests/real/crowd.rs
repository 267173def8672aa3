//! Many processes on one journal: eight that write, edit, strike and fight for command, and two that watch each other.

use super::pty::Pty;
use ratatui::layout::Size;
use sitroom::domain::event::{Content, EntryKind, Severity, When};
use sitroom::domain::{EntryId, Event, IncidentId, Intent, Person, Record, Room, Time, decide};
use sitroom::journal::{AppendError, Draft, Journal as _, SqliteJournal};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SITROOM: &str = env!("CARGO_BIN_EXE_sitroom");
const PROCESSES: usize = 8;
const ENTRIES: usize = 200;
/// This test file is also the program that each of the eight runs.
const HOME: &str = "SITROOM_TEST_CROWD_HOME";
const NAME: &str = "SITROOM_TEST_CROWD_NAME";
const INCIDENT: IncidentId = IncidentId(1);

fn done(home: &Path, arguments: &[&str]) -> String {
    let output = Command::new(SITROOM).arg("--home").arg(home).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// One of the eight, as a process of its own.
fn one_of_them(journal: &Path, name: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "crowd::one_of_the_eight"]).stdout(Stdio::piped());
    command.env(HOME, journal).env(NAME, name).spawn().unwrap()
}

#[test]
#[ignore = "is a part of the test with eight processes"]
fn one_of_the_eight() {
    let (Ok(journal), Ok(name)) = (std::env::var(HOME), std::env::var(NAME)) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let room = runtime.block_on(lives(Path::new(&journal), &Person::new(name)));
    assert!(room.incident(INCIDENT).unwrap().entries.values().count() >= ENTRIES);
}

#[test]
#[ignore = "eight processes write for a while"]
fn eight_processes_on_one_journal_end_in_the_same_state() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("data")).unwrap();
    let journal = home.path().join("data/journal.sqlite");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut room = Room::default();
        let journal = SqliteJournal::open(&journal).await.unwrap();
        says(&journal, &mut room, &Person::new("dana"), declaration()).await.unwrap();
    });
    let children: Vec<_> = (0..PROCESSES).map(|n| one_of_them(&journal, &format!("p{n}"))).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let (mut one, mut other) = (Room::default(), Room::default());
    runtime.block_on(async {
        for room in [&mut one, &mut other] {
            reads_on(&SqliteJournal::open_read_only(&journal).await.unwrap(), room).await;
        }
    });
    assert_eq!(one, other);
    let incident = one.incident(INCIDENT).unwrap();
    for n in 0..PROCESSES {
        let mine = incident.entries.values().filter(|entry| entry.written_by == Person::new(format!("p{n}")));
        assert_eq!(mine.count(), ENTRIES, "of p{n}");
    }
    let edited = incident.entries.values().filter(|entry| !entry.revisions.is_empty()).count();
    let struck = incident.entries.values().filter(|entry| entry.struck.is_some()).count();
    assert_eq!((edited, struck), (PROCESSES * ENTRIES / 10, PROCESSES * ENTRIES / 20));
    assert!(
        incident.history.values().any(|it| matches!(it.event, Event::CommandTaken { relieved: Some(_), .. }))
    );
    assert!(done(home.path(), &["journal", "verify"]).contains("sound"));
}

fn declaration() -> Intent {
    Intent::Declare {
        title: "Eight at once".into(),
        severity: Severity::Sev1,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    }
}

/// Writes its entries, edits every tenth, strikes every twentieth, and takes command now and then.
async fn lives(journal: &Path, me: &Person) -> Room {
    let journal = SqliteJournal::open(journal).await.unwrap();
    let mut room = Room::default();
    reads_on(&journal, &mut room).await;
    for n in 0..ENTRIES {
        let text = format!("{me} {n}");
        let record = says(&journal, &mut room, me, Intent::Write(INCIDENT, content(&text))).await.unwrap();
        let Event::EntryWritten { entry, .. } = record.event else { panic!("{record:?}") };
        follows(&journal, &mut room, me, n, entry).await;
    }
    reads_on(&journal, &mut room).await;
    room
}

async fn follows(journal: &SqliteJournal, room: &mut Room, me: &Person, n: usize, entry: EntryId) {
    if n.is_multiple_of(10) {
        let anew = content(&format!("{me} {n} anew"));
        says(journal, room, me, Intent::Revise(INCIDENT, entry, anew, None)).await.unwrap();
    }
    if n.is_multiple_of(20) {
        says(journal, room, me, Intent::Strike(INCIDENT, entry, String::new())).await.unwrap();
        let relieving = room.incident(INCIDENT).unwrap().command.holder.clone().filter(|it| it != me);
        // Somebody else may have been quicker; then this one is told so, and that is all.
        let _ = says(journal, room, me, Intent::TakeCommand { incident: INCIDENT, relieving }).await;
    }
}

fn content(text: &str) -> Content {
    Content {
        entry_kind: EntryKind::Fact,
        happened: When::exactly(now()),
        text: text.into(),
        owner: None,
        labels: Vec::new(),
        evidence: Vec::new(),
    }
}

fn now() -> Time {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Time::from_millis(i64::try_from(since.as_millis()).unwrap())
}

/// Decides, appends, and decides again when somebody else was first.
async fn says(
    journal: &SqliteJournal,
    room: &mut Room,
    me: &Person,
    intent: Intent,
) -> Result<Record, String> {
    loop {
        let event = decide(room, me, intent.clone()).map_err(|refusal| refusal.to_string())?;
        match journal.append(room.seq, vec![Draft { key: None, at: now(), by: me.clone(), event }]).await {
            Ok(records) => {
                records.iter().for_each(|record| room.apply(record));
                return Ok(records[0].clone());
            }
            Err(AppendError::Conflict(_)) => reads_on(journal, room).await,
            Err(AppendError::Journal(error)) => panic!("{}: {}", error.what, error.fix),
        }
    }
}

async fn reads_on(journal: &SqliteJournal, room: &mut Room) {
    loop {
        let page = journal.read(room.seq, 1_000).await.unwrap();
        if page.is_empty() {
            return;
        }
        page.iter().for_each(|record| room.apply(record));
    }
}

#[test]
#[ignore = "opens two terminals"]
fn two_cockpits_see_each_others_entries_within_a_quarter_of_a_second() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("config")).unwrap();
    std::fs::write(home.path().join("config/config.toml"), "room = \"dana-payments\"\n").unwrap();
    done(home.path(), &["--as", "dana", "incident", "declare", "--title", "Two see", "--sev", "3"]);
    let open = |who: &str| {
        let arguments = ["--home", home.path().to_str().unwrap(), "--as", who];
        let mut pty = Pty::start(Size::new(120, 40), SITROOM, &arguments, &[]);
        pty.shows("INC-1");
        pty.send(b"2");
        pty.shows("TIMELINE");
        pty
    };
    let (mut dana, mut sam) = (open("dana"), open("sam"));
    sam.send(b"n");
    sam.shows("enter saves");
    let mut waited: Vec<_> = (0..9)
        .map(|n| {
            sam.send(format!("f seen {n}\r").as_bytes());
            let began = Instant::now();
            dana.shows(&format!("seen {n}"));
            began.elapsed()
        })
        .collect();
    waited.sort();
    assert!(waited[4] < Duration::from_millis(250), "{waited:?}");
}
