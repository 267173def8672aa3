//! Catalogs as files: what is read, what is said of what is not, and what becomes of a room when they change.

mod following;
mod format;
mod manual;

use sitroom::domain::ServiceName;
use sitroom::domain::problem::Problem;
use sitroom::sources::catalog::{Loaded, Loader};
use sitroom::sources::probe::Bounds;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with a catalog in it.
struct Folder {
    dir: TempDir,
}

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self { dir: tempfile::tempdir().unwrap() };
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn loader(&self) -> Loader {
        Loader::new(self.dir.path().to_owned())
    }
}

fn names(loaded: &Loaded) -> Vec<&str> {
    loaded.catalog.services.iter().map(|service| service.name.as_str()).collect()
}

/// A problem without the folders around its file.
fn short(problem: &Problem) -> String {
    let name = Path::new(&problem.file).file_name().unwrap().to_str().unwrap().to_owned();
    Problem { file: name, ..problem.clone() }.to_string()
}

#[test]
fn a_folder_has_a_file_a_service_or_several_in_one() {
    let folder = Folder::new(&[
        ("services/api.toml", "name = 'api'\ndepends_on = ['ledger']\n"),
        (
            "services/base.toml",
            "[[service]]\nname = 'ledger'\ntier = 'foundation'\n[[service]]\nname = 'audit'\n",
        ),
        ("services/.api.toml.swp", "nonsense"),
        ("services/notes.md", "nonsense"),
        (
            "checklists.toml",
            "[[checklist]]\nname = 'Go back'\nkind = 'rollback'\nservice = 'api'\nsteps = ['stop']\n",
        ),
        ("readiness.toml", ""),
        ("plan.toml", "# nothing yet\n"),
    ]);
    let loaded = folder.loader().load().unwrap();
    assert_eq!(loaded.problems, []);
    assert_eq!(names(&loaded), ["api", "ledger", "audit"]);
    assert_eq!(loaded.catalog.checklists.len(), 1);
}

#[test]
fn what_is_wrong_is_named_with_file_line_and_fix() {
    let folder = Folder::new(&[
        ("services/api.toml", "name = 'api'\ncritcality = 'high'\n"),
        ("services/a.toml", "name = 'ledger'\n"),
        (
            "services/b.toml",
            "[[service]]\nname = 'web'\n\n[[service]]\nname = 'ledger'\ndepends_on = ['wbe']\n",
        ),
        ("services/latin.toml", "name = 'caf"),
        ("readines.toml", ""),
    ]);
    folder.write("services/bytes.toml", b"name = '\xe9'");
    let loaded = folder.loader().load().unwrap();
    let said: Vec<_> = loaded.problems.iter().map(short).collect();
    let wanted = [
        "api.toml:2: unknown field `critcality`; did you mean `criticality`?",
        "b.toml:6: `wbe` is not what ledger depends on: it is not in the catalog; did you mean `web`?",
        "readines.toml:1: no part of a catalog has this name; did you mean \"readiness.toml\"?",
    ];
    for wanted in wanted {
        assert!(said.iter().any(|said| said.starts_with(wanted)), "{wanted}: {said:#?}");
    }
    assert!(
        said.iter()
            .any(|said| said.starts_with("b.toml:4: ledger is in the catalog twice; keep one; the other is"))
    );
    assert!(said.iter().any(|said| said.starts_with("bytes.toml:1: cannot be read")), "{said:#?}");
    assert!(said.iter().any(|said| said.starts_with("latin.toml:1: ")), "{said:#?}");
    assert_eq!(names(&loaded), ["ledger", "web"], "the others are read");
}

#[test]
fn what_would_only_show_when_it_is_watched_is_named_where_it_stands() {
    let api = "name = 'api'\n[[metric]]\nname = '5xx'\nmeasures = 'errors'\nunit = 'percent'\n\
               [rollback]\ntriggers = [\n  'error rate > 5 % for 2 minutes',\n  'goodness < 3',\n\
               \x20 'error rate > many',\n]\nalso_when = ['somebody has a bad feeling']\n\
               [[degradation]]\nname = 'slow'\ntrigger = 'error rate > 2 s'\n\
               [[health_check]]\nkind = 'liveness'\nurl = 'payments.example/health'\n\
               [[health_check]]\nkind = 'readiness'\nurl = 'http://10.0.0.7/health'\n";
    let folder = Folder::new(&[("services/api.toml", api)]);
    let said = |loaded: Loaded| loaded.problems.iter().map(short).collect::<Vec<_>>();
    let mut known = vec![
        "api.toml:9: api has no metric that is `goodness`; it has 5xx",
        "api.toml:10: the trigger `error rate > many` is not understood: column 14: expected a number, found \
         `many`; write it like `error rate > 5 % for 2 minutes`, or in words under also_when or cause",
        "api.toml:15: 5xx of api is measured in percent, and `2 s` is not; write the metric's unit into the catalog",
        "api.toml:18: the check liveness: its url is no address of a server; write https://host/path, without a name or a \
         password",
    ];
    assert_eq!(said(folder.loader().load().unwrap()), known);
    let public = said(folder.loader().within(Bounds::Public).load().unwrap());
    known.push(
        "api.toml:21: the check readiness: 10.0.0.7 is a private address; allow it with \
         allow_private = true under [probe]",
    );
    assert_eq!(public, known);
    assert_eq!(public.len(), said(folder.loader().within(Bounds::Private).load().unwrap()).len() + 1);
}

#[test]
fn two_ways_back_for_one_service_are_one_too_many() {
    let api = "name = 'api'\n[rollback]\nsteps = ['deploy the version before']\n";
    let list = "[[checklist]]\nname = 'Back'\nkind = 'rollback'\nservice = 'api'\nsteps = ['stop the job']\n";
    let folder = Folder::new(&[("services/api.toml", api), ("checklists.toml", list)]);
    let loaded = folder.loader().load().unwrap();
    let said: Vec<_> = loaded.problems.iter().map(short).collect();
    let wanted = "checklists.toml:1: Back is a second way back for a service that has one; keep one: this, or the steps of \
                  [service.rollback]";
    assert_eq!(said, [wanted]);
    let begun = loaded.catalog.rollback_of(&ServiceName::new("api")).unwrap();
    assert_eq!(begun.name, "Back", "what is begun is what the Deploy page shows");
}

#[test]
fn a_file_that_breaks_goes_on_saying_what_it_said() {
    let folder = Folder::new(&[("services/api.toml", "name = 'api'\nowner = 'dana'\n")]);
    let mut loader = folder.loader();
    loader.load().unwrap();
    folder.write("services/api.toml", "name = 'api'\nowner = ");
    folder.write("services/new.toml", "name = 'new'\n");
    let loaded = loader.load().unwrap();
    assert_eq!(names(&loaded), ["api", "new"]);
    assert_eq!(loaded.catalog.services[0].owner, "dana");
    assert_eq!((loaded.problems.len(), loaded.held.len()), (1, 1), "{loaded:?}");
    folder.write("services/api.toml", "name = 'api'\nowner = 'sam'\n");
    let loaded = loader.load().unwrap();
    assert_eq!((loaded.problems.len(), loaded.catalog.services[0].owner.as_str()), (0, "sam"));
    fs::remove_file(folder.path("services/api.toml")).unwrap();
    assert_eq!(names(&loader.load().unwrap()), ["new"], "what is taken away is gone");
}

#[test]
fn what_cannot_be_read_is_said_first_and_not_what_follows_from_it() {
    let folder = Folder::new(&[
        ("services/checkout.toml", "name = 'checkout'\ndepends_on = ['payments', 'ledger', 'paymnts']\n"),
        ("services/payments.toml", "name = 'payments'\ncriticality = 'critcal'\n"),
        ("services/ledger.toml", "name = 'led"),
        ("readiness.toml", "[[on_call]]\nname = 'all'\nservices = ['payments', 'ledger']\n"),
    ]);
    let loaded = folder.loader().load().unwrap();
    let said: Vec<_> = loaded.problems.iter().map(short).collect();
    let places: Vec<_> = said.iter().map(|said| said.split(": ").next().unwrap()).collect();
    assert_eq!(places, ["ledger.toml:1", "payments.toml:2", "checkout.toml:2"], "{said:#?}");
}

#[test]
fn a_second_file_takes_no_service_away_from_the_first() {
    let folder = Folder::new(&[
        ("services/payments.toml", "name = 'payments'\nowner = 'dana'\n"),
        ("services/rest.toml", "[[service]]\nname = 'web'\nowner = 'sam'\n"),
    ]);
    let mut loader = folder.loader();
    loader.load().unwrap();
    folder.write("services/dup.toml", "name = 'payments'\n");
    folder.write("services/web.toml", "name = 'web'\n");
    let loaded = loader.load().unwrap();
    let owner = |loaded: &Loaded, name: &str| loaded.catalog.service(name).unwrap().owner.clone();
    assert_eq!((owner(&loaded, "payments"), owner(&loaded, "web")), ("dana".to_owned(), "sam".to_owned()));
    let said: Vec<_> = loaded.problems.iter().map(short).collect();
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said[0].starts_with("dup.toml:1: payments is in the catalog twice"), "{said:#?}");
    assert!(said[0].ends_with("payments.toml:1") && said[1].starts_with("web.toml:1: web is"), "{said:#?}");
    let anew = folder.loader().load().unwrap();
    assert_eq!(owner(&anew, "payments"), "dana", "the file is called like it");
    fs::remove_file(folder.path("services/payments.toml")).unwrap();
    assert_eq!(owner(&loader.load().unwrap(), "payments"), "");
}

#[test]
fn what_is_huge_or_hostile_is_bounded_and_named() {
    let folder = Folder::new(&[("services/good.toml", "name = 'good'\n")]);
    folder.write("services/huge.toml", vec![b'#'; (4 << 20) + 1]);
    folder.write("services/deep.toml", format!("name = 'deep'\npaths = {}", "[".repeat(50_000)));
    folder.write("services/many.toml", "[[service]]\nx = 1\n".repeat(20_000));
    folder.write("services/escape.toml", "name = 'esc'\ndescription = \"a\\u001b[31mb\"\n");
    fs::create_dir_all(folder.path("services/folder.toml")).unwrap();
    let loaded = folder.loader().load().unwrap();
    assert_eq!(names(&loaded), ["esc", "good"]);
    assert_eq!(loaded.catalog.services[0].description, "ab");
    assert!(loaded.problems.len() < 1_000, "{}", loaded.problems.len());
    for file in ["huge.toml", "deep.toml", "many.toml", "folder.toml"] {
        assert!(loaded.problems.iter().any(|problem| problem.file.ends_with(file)), "{file}");
    }
}

#[test]
fn a_large_catalog_costs_as_much_more_as_it_is_larger() {
    let of = |services: usize| {
        let text: String = (0..services)
            .map(|n| {
                let needs: Vec<_> = (1..=4).map(|step| format!("'s{}'", (n + step * 7) % services)).collect();
                format!("[[service]]\nname = 's{n}'\ndepends_on = [{}]\n", needs.join(", "))
            })
            .collect();
        let began = tokio::time::Instant::now();
        let (catalog, problems) = sitroom::sources::catalog::alone("catalog.toml", &text);
        assert_eq!((catalog.services.len(), problems), (services, Vec::new()));
        began.elapsed()
    };
    let least = |services| (0..5).map(|_| of(services)).min().unwrap();
    let (small, large) = (least(250), least(2_000));
    assert!(large < small * 40, "250 services take {small:?}, 2,000 take {large:?}");
}
