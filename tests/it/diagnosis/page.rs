//! The whole page.
use super::*;
#[test]
fn look() {
    let t = std::time::Instant::now();
    let s = scenario(story());
    let log: SignalLog = s.signals_until(s.end()).collect();
    println!("{} signals {:?}", log.len(), t.elapsed());
    let t = std::time::Instant::now();
    let out = situation(&log, s.catalog(), &Policy::default(), &[], s.end());
    println!("{:?}", t.elapsed());
    println!("{}\n", out.state.sentence);
    for x in &out.state.services { println!("  {:?} {} {} {:?} {:?}", x.level, x.name, x.text, x.version, x.since); }
    println!("changes"); for x in out.changes.iter().take(14) { println!("  {} {} [{}] {}", x.rank, x.at, x.tag, x.text); }
    println!("exposure"); for x in &out.exposure { println!("  {}", x.text); }
    println!("actions"); for x in &out.actions { println!("  {} | {} | {} | {}", x.text, x.impact, x.horizon, x.because); }
    println!("issues"); for x in &out.issues { println!("  {} {} {} | {} | {}", x.severity, (s.end()-x.since), x.id, x.text, x.consequence); }
    println!("conf {:?}", out.confidence);
    println!("pr"); for x in &out.signals.pr { println!("  {}", x.text); }
    println!("op"); for x in &out.signals.operational { println!("  {}", x.text); }
    for x in &out.suspects { println!("suspect {} {} {:?}", x.score, x.change.text, x.reasons); }
    for x in &out.sequence { println!("seq {} {} {} {:?}", x.at, x.kind, x.text, x.gap_minutes); }
}
