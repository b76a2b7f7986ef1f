//! The journal of a store in a file: every statement does the same again, any moment comes back, and what does not belong together
//! is refused.

use crate::cases::batches;
use crate::{Place, STATEMENTS, event_list};
use kervan_store::{
    Store, StoreError, StoreLocation, TableSum, Until, Write, begin_journal, copy_store, end_journal,
    read_journal, restore_store, sum_store,
};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A store that writes a journal, and a backup of it as it was when that began.
struct Kept {
    folder: TempDir,
}

impl Kept {
    fn new() -> Self {
        let kept = Self { folder: tempfile::tempdir().unwrap() };
        drop(kept.open());
        begin_journal(&kept.location(), &kept.journal(), [7; 16]).unwrap();
        kept.back_up("backup");
        kept
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn location(&self) -> StoreLocation {
        StoreLocation::Folder(self.path("store"))
    }

    fn journal(&self) -> PathBuf {
        self.path("journal")
    }

    fn open(&self) -> Store {
        Store::open_at(&self.location()).unwrap()
    }

    fn back_up(&self, name: &str) {
        copy_store(&self.location(), &StoreLocation::Folder(self.path(name)), true, &mut |_| {}).unwrap();
    }

    fn sums(&self) -> Vec<TableSum> {
        sums(&self.location())
    }

    fn restore(&self, name: &str, until: Until) -> Result<(i64, Vec<TableSum>), StoreError> {
        let to = tempfile::tempdir().unwrap();
        let from = (self.path(name), self.journal());
        let restored = restore_store((&from.0, &from.1), to.path(), until, &mut |_| {})?;
        // It is a store that can be opened and written.
        let store = Store::open(to.path()).unwrap();
        let sums = sums(&StoreLocation::Folder(to.path().to_owned()));
        note(&store, 99).unwrap();
        Ok((restored.last, sums))
    }

    /// Why it cannot be brought back.
    fn refused(&self, name: &str, until: Until) -> String {
        self.restore(name, until).unwrap_err().to_string()
    }
}

/// The sums of all tables but the one of notes, in which a store says where its journal is.
fn sums(location: &StoreLocation) -> Vec<TableSum> {
    let all = sum_store(location, &mut |_| {}).unwrap();
    all.into_iter().filter(|sum| sum.table != "note").collect()
}

fn note(store: &Store, number: u64) -> Result<(), StoreError> {
    store.save(vec![
        Write::Event(event_list::event(number)),
        Write::Note { name: "n".into(), value: number.to_string() },
    ])
}

#[test]
fn every_statement_does_the_same_again() {
    let mut records = 0;
    for (number, case) in STATEMENTS.iter().enumerate() {
        let kept = Kept::new();
        let place = Place { location: kept.location(), folder: tempfile::tempdir().unwrap() };
        case(&place);
        let (last, restored) = kept.restore("backup", Until::End).unwrap();
        assert_eq!(restored, kept.sums(), "case {number}");
        records += last;
    }
    assert!(records > 50, "{records}");
}

#[test]
fn any_moment_since_a_backup_comes_back() {
    let kept = Kept::new();
    let (mut moments, mut instants) = (vec![kept.sums()], Vec::new());
    for number in 1..=6_u64 {
        let store = kept.open();
        note(&store, number).unwrap();
        drop(store);
        moments.push(kept.sums());
        let summary = read_journal(&kept.journal()).unwrap();
        let last = summary.segments.last().unwrap();
        assert_eq!(last.last, i64::try_from(number).unwrap());
        instants.push(last.to.unwrap());
        if number == 3 {
            kept.back_up("third");
        }
    }
    for (number, moment) in (0..).zip(&moments) {
        let until = Until::Number(number);
        let (last, sums) = kept.restore("backup", until).unwrap();
        assert_eq!((last, &sums), (number, moment));
        if number >= 3 {
            assert_eq!(kept.restore("third", until).unwrap().1, *moment);
        }
    }
    for (number, instant) in instants.iter().enumerate() {
        let same = instants.iter().filter(|other| *other == instant).count();
        if same == 1 {
            assert_eq!(kept.restore("backup", Until::Instant(*instant)).unwrap().1, moments[number + 1]);
        }
    }
    assert_eq!(kept.restore("third", Until::End).unwrap().1, moments[6]);
    assert!(kept.refused("third", Until::Number(2)).contains("take an earlier one"));
    let early = Until::Instant(jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(kept.restore("backup", early).unwrap().1, moments[0]);
    assert!(kept.refused("third", early).contains("take an earlier one"));
    assert!(kept.refused("backup", Until::Number(7)).contains("ends with record 6"));
}

#[test]
fn a_batch_that_is_refused_leaves_no_record() {
    let kept = Kept::new();
    let place = Place { location: kept.location(), folder: tempfile::tempdir().unwrap() };
    batches::one_bad_batch(&place);
    assert_eq!(kept.restore("backup", Until::End).unwrap().1, kept.sums());
}

fn put(from: &Path, to: &Path) {
    drop(std::fs::remove_dir_all(to));
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap().path();
        if entry.is_file() {
            std::fs::copy(&entry, to.join(entry.file_name().unwrap())).unwrap();
        }
    }
}

#[test]
fn after_a_crash_store_and_journal_agree() {
    let kept = Kept::new();
    note(&kept.open(), 1).unwrap();
    put(&kept.path("store"), &kept.path("before"));
    note(&kept.open(), 2).unwrap();
    // The record was on the disk and the commit was not.
    put(&kept.path("before"), &kept.path("store"));
    note(&kept.open(), 3).unwrap();
    assert_eq!(kept.restore("backup", Until::End).unwrap(), (2, kept.sums()));
    // Half a record at the end, as a machine leaves it that loses its power.
    let segment = read_journal(&kept.journal()).unwrap().segments.pop().unwrap().file;
    let mut bytes = std::fs::read(&segment).unwrap();
    let whole = bytes.len();
    for tail in [30, 500] {
        bytes.resize(whole + tail, 0);
        std::fs::write(&segment, &bytes).unwrap();
        if tail == 30 {
            assert_eq!(kept.restore("backup", Until::End).unwrap(), (2, kept.sums()));
        } else {
            // Without the store nobody can say that nothing was acknowledged behind it.
            assert!(kept.refused("backup", Until::End).contains("the last record before it is 2"));
            assert_eq!(kept.restore("backup", Until::Number(2)).unwrap(), (2, kept.sums()));
        }
        drop(kept.open());
        assert_eq!(std::fs::metadata(&segment).unwrap().len(), whole as u64, "it is taken away");
    }
    note(&kept.open(), 4).unwrap();
    assert_eq!(kept.restore("backup", Until::End).unwrap(), (3, kept.sums()));
    // An old copy in the place of the store would write another line into the journal.
    put(&kept.path("before"), &kept.path("store"));
    let refused = Store::open_at(&kept.location()).err().unwrap().to_string();
    assert!(
        refused.contains("the store is a copy") && refused.contains("kervan store journal end"),
        "{refused}"
    );
    end_journal(&kept.location()).unwrap();
    note(&kept.open(), 5).unwrap();
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let kept = Kept::new();
    note(&kept.open(), 1).unwrap();
    kept.back_up("second");
    // A backup that was changed is of no line any more; one that was only opened is.
    let second = Store::open(&kept.path("second")).unwrap();
    drop(second);
    assert!(kept.restore("second", Until::End).is_ok());
    note(&Store::open(&kept.path("second")).unwrap(), 8).unwrap();
    assert!(kept.refused("second", Until::End).contains("was changed since"));
    assert_eq!(
        read_journal(&kept.journal()).unwrap().segments.last().unwrap().last,
        1,
        "it wrote no journal"
    );
    // A store is in one journal, and a journal begins in an empty folder.
    let again = begin_journal(&kept.location(), &kept.path("other"), [8; 16]);
    assert!(again.unwrap_err().to_string().contains("end it first"));
    let other = Kept::new();
    let full = begin_journal(&StoreLocation::Folder(other.path("backup")), &kept.journal(), [8; 16]);
    assert!(full.unwrap_err().to_string().contains("name an empty one"));
    // The journal of another store.
    let strange = Kept { folder: tempfile::tempdir().unwrap() };
    drop(strange.open());
    begin_journal(&strange.location(), &strange.journal(), [9; 16]).unwrap();
    let from = (kept.path("backup"), strange.journal());
    let to = tempfile::tempdir().unwrap();
    let refused = restore_store((&from.0, &from.1), to.path(), Until::End, &mut |_| {}).unwrap_err();
    assert!(refused.to_string().contains("not the journal of this backup"), "{refused}");
    // Two programs on one journal.
    let store = kept.open();
    put(&kept.path("store"), &kept.path("copied"));
    let two = Store::open(&kept.path("copied")).err().unwrap().to_string();
    assert!(two.contains("another kervan process writes it") && two.contains("stop that one"), "{two}");
    drop(store);
    // A byte in the middle.
    note(&kept.open(), 2).unwrap();
    let segment = read_journal(&kept.journal()).unwrap().segments.pop().unwrap().file;
    let good = std::fs::read(&segment).unwrap();
    let mut bad = good.clone();
    bad[good.len() / 3] ^= 1;
    std::fs::write(&segment, bad).unwrap();
    assert!(kept.refused("backup", Until::End).contains("not what was written"));
    assert!(read_journal(&kept.journal()).is_err() && Store::open_at(&kept.location()).is_err());
    std::fs::write(&segment, good).unwrap();
    assert_eq!(kept.restore("backup", Until::End).unwrap().1, kept.sums());
    // Files that are gone.
    std::fs::remove_file(&segment).unwrap();
    assert!(kept.refused("backup", Until::End).contains("no journal in it"));
    let gone = Store::open_at(&kept.location()).err().unwrap().to_string();
    assert!(gone.contains("its files are gone"), "{gone}");
}

#[test]
fn a_journal_that_goes_away_while_the_store_is_open_takes_nothing_with_it() {
    let kept = Kept::new();
    let store = kept.open();
    note(&store, 1).unwrap();
    let away = kept.path("away");
    std::fs::rename(kept.journal(), &away).unwrap();
    for _ in 0..2 {
        let told = note(&store, 2).unwrap_err();
        assert!(matches!(told, StoreError::Journal { .. }), "{told}");
        assert!(told.to_string().contains("bring its disk back"), "{told}");
    }
    std::fs::rename(&away, kept.journal()).unwrap();
    note(&store, 3).unwrap();
    drop(store);
    assert_eq!(kept.restore("backup", Until::End).unwrap(), (2, kept.sums()));
}

#[test]
fn what_is_not_whole_is_no_store() {
    let kept = Kept::new();
    for number in 1..=3 {
        note(&kept.open(), number).unwrap();
    }
    // A record in the middle that is not what was written: what came before it was played, and is no store all the same.
    let segment = read_journal(&kept.journal()).unwrap().segments.pop().unwrap().file;
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let to = tempfile::tempdir().unwrap();
    let from = (kept.path("backup"), kept.journal());
    let restore = |until| restore_store((&from.0, &from.1), to.path(), until, &mut |_| {});
    let told = restore(Until::End).unwrap_err().to_string();
    assert!(told.contains("not what was written"), "{told}");
    assert!(!Store::is_in(to.path()));
    // The same folder takes what can be brought back.
    assert_eq!(restore(Until::Number(1)).unwrap().last, 1);
    assert!(Store::is_in(to.path()) && !to.path().join("kervan.sqlite.unfinished").exists());
    let again = restore(Until::Number(1)).unwrap_err();
    assert!(matches!(again, StoreError::NotEmpty { .. }), "{again}");
}

#[test]
fn a_database_has_an_archive_of_its_own() {
    let Some(server) = crate::postgres::shared() else { return };
    let place = Place::on_server(server);
    let refused = begin_journal(&place.location, &place.folder.path().join("journal"), [7; 16]).unwrap_err();
    assert!(refused.to_string().contains("an archive of its own"), "{refused}");
}
