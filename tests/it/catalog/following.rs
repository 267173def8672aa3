//! A room whose catalog changes under it.

use super::{Folder, names};
use sitroom::diagnosis::{Diagnosis, Policy};
use sitroom::domain::{Catalog, Clock, Time};
use sitroom::engine::{Engine, Parts, Renewals, Renewed};
use sitroom::journal::MemoryJournal;
use sitroom::sources::catalog::Follower;
use std::fs;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// What must come, comes within this even where the machine is busy.
const BOUND: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_change_is_told_once_and_so_is_what_breaks() {
    let folder = Folder::new(&[("services/api.toml", "name = 'api'\n")]);
    let mut loader = folder.loader();
    let told = loader.load().unwrap();
    let mut follower = Follower::new(loader, Some(told));
    folder.write("services/web.toml", "name = 'web'\n");
    let loaded = timeout(BOUND, follower.next()).await.unwrap();
    assert_eq!(names(&loaded), ["api", "web"]);
    folder.write("services/web.toml", "name = 'web'\nnonsense = true\n");
    let loaded = timeout(BOUND, follower.next()).await.unwrap();
    assert_eq!((names(&loaded), loaded.problems.len()), (vec!["api", "web"], 1));
    fs::remove_file(folder.path("services/web.toml")).unwrap();
    let loaded = timeout(BOUND, follower.next()).await.unwrap();
    assert_eq!((names(&loaded), loaded.problems.len()), (vec!["api"], 0));
}

#[tokio::test]
async fn a_single_file_is_followed_when_an_editor_puts_another_in_its_place() {
    let folder = Folder::new(&[("catalog.toml", "[[service]]\nname = 'api'\n")]);
    let mut loader = sitroom::sources::catalog::Loader::new(folder.path("catalog.toml"));
    let told = loader.load().unwrap();
    let mut follower = Follower::new(loader, Some(told));
    folder.write("catalog.toml.new", "[[service]]\nname = 'web'\n");
    fs::rename(folder.path("catalog.toml.new"), folder.path("catalog.toml")).unwrap();
    let loaded = timeout(BOUND, follower.next()).await.unwrap();
    assert_eq!(names(&loaded), ["web"]);
}

fn renewed(services: &str, notice: Option<&str>) -> Renewed {
    let catalog: Arc<Catalog> = Arc::new(toml::from_str(services).unwrap());
    let judged_by = (*catalog).clone();
    Renewed {
        catalog,
        diagnosis: Box::new(move || Box::new(Diagnosis::new(judged_by.clone(), Policy::default()))),
        notice: notice.map(str::to_owned),
    }
}

#[tokio::test]
async fn a_room_shows_the_new_catalog_judges_by_it_and_takes_a_notice_down_again() {
    let (tell, receiver) = mpsc::channel(1);
    let renewals = Renewals { renewed: receiver, follow: Box::pin(std::future::pending()) };
    let clock = Clock::wall(|| Time::from_millis(1_773_842_940_000));
    let handle = Engine::start(Parts {
        renewals: Some(renewals),
        ..Parts::new("payments-prod", MemoryJournal::new(), clock)
    });
    let mut snapshots = handle.snapshot();
    tell.send(renewed("[[service]]\nname = 'api'\n", Some("api.toml:2: something"))).await.unwrap();
    let shown = timeout(
        BOUND,
        snapshots.wait_for(|room| {
            !room.notices.is_empty()
                && room.situation.state.services.iter().any(|it| it.name.as_str() == "api")
        }),
    );
    assert_eq!(shown.await.unwrap().unwrap().notices[..], ["api.toml:2: something"]);
    tell.send(renewed("[[service]]\nname = 'web'\n", None)).await.unwrap();
    let shown = timeout(
        BOUND,
        snapshots.wait_for(|room| {
            room.notices.is_empty()
                && room.situation.state.services.iter().any(|it| it.name.as_str() == "web")
        }),
    );
    assert_eq!(shown.await.unwrap().unwrap().catalog.services.len(), 1);
    handle.stop().await;
}
