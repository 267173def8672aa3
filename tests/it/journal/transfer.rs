//! Out as JSON lines and in again: the same bytes, or the line that is wrong.

use super::{all, declared, fact, home};
use sitroom::domain::Seq;
use sitroom::journal::{
    Head, ImportError, Journal, MemoryJournal, Rows, SqliteJournal, Wrong, export, import, verify,
};

async fn exported(journal: &impl Rows) -> String {
    let mut lines = Vec::new();
    export(journal, &mut lines).await.unwrap();
    String::from_utf8(lines).unwrap()
}

async fn sample() -> MemoryJournal {
    let journal = MemoryJournal::new();
    journal.append(Seq(0), vec![declared("a\u{0}\"\\ ö 日本 \u{2028}</script>")]).await.unwrap();
    journal.append(Seq(1), (1..50).map(|n| fact(n, &format!("fact {n}\n\ttwo"))).collect()).await.unwrap();
    journal
}

async fn refused(lines: &str) -> ImportError {
    let journal = MemoryJournal::new();
    let error = import(&journal, &mut lines.as_bytes()).await.unwrap_err();
    assert_eq!(journal.head().await.unwrap(), Head::GENESIS, "a refused import left something behind");
    assert!(error.fix().contains("nothing was imported"));
    error
}

#[tokio::test]
async fn what_goes_out_comes_in_again_the_same() {
    let (_home, path) = home();
    let (journal, other) = (sample().await, SqliteJournal::open(&path).await.unwrap());
    let lines = exported(&journal).await;
    let head = import(&other, &mut lines.as_bytes()).await.unwrap();
    assert_eq!(head, journal.head().await.unwrap());
    assert_eq!(exported(&other).await, lines);
    assert_eq!(all(&other).await, all(&journal).await);
    assert_eq!(verify(&other).await.unwrap().head, head);
}

#[tokio::test]
async fn a_journal_with_thousands_of_records_comes_in_whole() {
    let (_home, path) = home();
    let (journal, other) = (MemoryJournal::new(), SqliteJournal::open(&path).await.unwrap());
    journal.append(Seq(0), (1..=2_500).map(|n| fact(n, "x")).collect()).await.unwrap();
    import(&other, &mut exported(&journal).await.as_bytes()).await.unwrap();
    assert_eq!(verify(&other).await.unwrap().head.seq, Seq(2_500));
}

#[tokio::test]
async fn an_import_goes_on_where_a_journal_ends_and_nowhere_else() {
    let journal = sample().await;
    let lines = exported(&journal).await;
    let (start, rest) = lines.split_at(lines.match_indices('\n').nth(9).unwrap().0 + 1);
    let other = MemoryJournal::new();
    import(&other, &mut start.as_bytes()).await.unwrap();
    let error = import(&other, &mut lines.as_bytes()).await.unwrap_err();
    assert!(matches!(error, ImportError::NotNext { line: 1, .. }), "{error}");
    assert_eq!(import(&other, &mut rest.as_bytes()).await.unwrap(), journal.head().await.unwrap());
    assert_eq!(exported(&other).await, lines);
}

#[tokio::test]
async fn a_bad_line_is_named_and_nothing_comes_in() {
    let lines = exported(&sample().await).await;
    let changed = refused(&lines.replace("fact 7\\n", "fact 8\\n")).await;
    assert!(
        matches!(&changed, ImportError::Broken { line: 8, fault } if fault.wrong == Wrong::Hash),
        "{changed}"
    );
    let without: Vec<&str> =
        lines.lines().enumerate().filter(|(n, _)| *n != 4).map(|(_, line)| line).collect();
    let gap = refused(&without.join("\n")).await;
    assert!(
        matches!(&gap, ImportError::Broken { line: 5, fault } if fault.wrong == Wrong::Gap(Seq(6))),
        "{gap}"
    );
    let twice = format!("{}\n{}\n", lines.lines().next().unwrap(), lines.lines().next().unwrap());
    let twice = refused(&twice).await;
    assert!(
        matches!(&twice, ImportError::Broken { line: 2, fault } if fault.wrong == Wrong::OutOfOrder(Seq(1)))
    );
    for (garbage, place) in [("hello", 1), ("{}", 1), (r#"{"record":{},"hash":"00"}"#, 1), ("\u{0}", 1)] {
        let error = refused(garbage).await;
        assert!(matches!(error, ImportError::Line { line, .. } if line == place), "{garbage}: {error}");
    }
    let cut = refused(&lines[..lines.len() - 30]).await;
    assert!(matches!(cut, ImportError::Line { line: 50, .. }), "{cut}");
    let binary = import(&MemoryJournal::new(), &mut &b"\xff\xfe\n"[..]).await.unwrap_err();
    assert!(matches!(binary, ImportError::Line { line: 1, .. }), "{binary}");
}

#[tokio::test]
async fn a_text_of_another_making_is_carried_verbatim() {
    let text = r#"{ "v" : 3, "seq":1,"shape":[1.50, 1e3,"\u00e9"] }"#;
    let journal = MemoryJournal::new();
    journal.extend(Head::GENESIS, vec![Head::GENESIS.next(text.into())]).await.unwrap();
    let lines = exported(&journal).await;
    assert!(lines.contains(text), "{lines}");
    let other = MemoryJournal::new();
    import(&other, &mut lines.as_bytes()).await.unwrap();
    assert_eq!(exported(&other).await, lines);
}

#[tokio::test]
async fn an_empty_journal_goes_out_empty_and_nothing_comes_in_from_nothing() {
    let journal = MemoryJournal::new();
    assert_eq!(exported(&journal).await, "");
    assert_eq!(import(&journal, &mut &b"\n\n"[..]).await.unwrap(), Head::GENESIS);
}

#[tokio::test]
async fn a_full_disk_under_the_export_is_said() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let error = export(&sample().await, &mut Full).await.unwrap_err();
    assert!(error.what.contains("could not be written"), "{error}");
}
