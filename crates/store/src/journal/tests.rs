//! A journal that was begun by an older program: it goes on under the newer one, comes back through the migrations, and what cannot
//! is refused before anything is changed.

use super::{Files, Journal, Restored, Until, begin_journal, read_journal, restore_store};
use crate::copy::{TableSum, copy_backup, sum_store};
use crate::db::{Db, Value, values};
use crate::rows::Write;
use crate::schema;
use crate::store::{Source, StoreLocation};
use crate::{Store, StoreError};
use std::path::PathBuf;
use tempfile::TempDir;

/// A store of an older version with a journal, as the program of that version left them.
struct Old {
    folder: TempDir,
    schema: usize,
}

impl Old {
    /// Makes the store, begins the journal, makes a backup at record 0 and runs each statement in a commit of its own.
    fn new(schema: usize, statements: &[(&str, &[Value<'static>])]) -> Self {
        let old = Self { folder: tempfile::tempdir().unwrap(), schema };
        std::fs::create_dir(old.path("store")).unwrap();
        let db = old.db();
        schema::migrate_to(&db, schema).unwrap();
        Files::begin(&old.path("journal"), "ab", schema).unwrap();
        let journal = old.path("journal").to_str().unwrap().to_owned();
        for (name, value) in [("id", "ab"), ("number", "0"), ("folder", &journal)] {
            let name = format!("store.journal.{name}");
            db.run("INSERT INTO note (name, value) VALUES (?1, ?2)", &values![name, value]).unwrap();
        }
        old.back_up("first");
        let mut journal = Journal::open(&db).unwrap();
        for (sql, values) in statements {
            db.begin().unwrap();
            journal.begin(&db);
            db.run(sql, values).unwrap();
            journal.write(&db).unwrap();
            db.commit().unwrap();
        }
        old
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn at(&self, name: &str) -> StoreLocation {
        StoreLocation::Folder(self.path(name))
    }

    fn db(&self) -> Db {
        Source::of(&self.at("store")).unwrap().open_writer().unwrap()
    }

    /// A backup as that program makes it: of its version.
    fn back_up(&self, name: &str) {
        copy_backup(&self.at("store"), &self.at(name), &mut |_| {}).unwrap().finish().unwrap();
    }

    fn restore(&self, backup: &str, to: &str, until: Until) -> Result<Restored, StoreError> {
        restore_store((&self.path(backup), &self.path("journal")), &self.path(to), until, &mut |_| {})
    }

    /// Why it cannot be brought back. Nothing is left where it would have been.
    fn refused(&self, backup: &str, until: Until) -> String {
        let told = self.restore(backup, "refused", until).unwrap_err().to_string();
        assert!(!self.at("refused").may_hold_store(), "{told}");
        told
    }

    fn version(&self, name: &str) -> usize {
        schema::find_version(&Source::of(&self.at(name)).unwrap().open_reader().unwrap()).unwrap()
    }

    /// The sums of every table but the one that says where the journal is.
    fn sums(&self, name: &str) -> Vec<TableSum> {
        let sums = sum_store(&self.at(name), &mut |_| {}).unwrap();
        sums.into_iter().filter(|sum| sum.table != "note").collect()
    }
}

/// A statement with its values.
type Statement = (&'static str, Vec<Value<'static>>);

/// Statements of the version before ids were bytes, and of the one before a circle knew what moves.
fn cases() -> Vec<(usize, Vec<Statement>)> {
    let entry = "INSERT INTO entry (id, dossier, kind, author, authored, entry) VALUES (?1, ?2, 'event', 'a', 't', 'e')";
    let id = |number: i64| Value::from(format!("{number:064x}"));
    let circle = "INSERT INTO circle (who, reference, relations) VALUES ('rail', ?1, 1)";
    let movement =
        "INSERT INTO movement (id, reference, state, movement, updated) VALUES ('m', ?1, 's', '{}', 'now')";
    vec![
        (4, vec![(entry, vec![id(1), id(0)]), (entry, vec![id(2), id(0)])]),
        (
            schema::newest() - 1,
            vec![
                (circle, vec!["KRV-1".to_owned().into()]),
                (circle, vec!["KRV-2".to_owned().into()]),
                (movement, vec!["KRV-2".to_owned().into()]),
            ],
        ),
    ]
}

fn note(store: &Store, value: &str) {
    store.save(vec![Write::Note { name: "n".into(), value: value.into() }]).unwrap();
}

#[test]
fn a_journal_is_played_through_the_migrations_that_came_between() {
    for (schema, statements) in cases() {
        let statements: Vec<_> = statements.iter().map(|(sql, values)| (*sql, values.as_slice())).collect();
        let old = Old::new(schema, &statements);
        let count = i64::try_from(statements.len()).unwrap();
        let before = old.sums("store");
        old.back_up("last");
        // The newer program opens the store, and goes on in the same journal.
        note(&Store::open(&old.path("store")).unwrap(), "new");
        old.back_up("new");
        note(&Store::open(&old.path("store")).unwrap(), "newer");
        let segments = read_journal(&old.path("journal")).unwrap().segments;
        assert_eq!(
            segments.iter().map(|one| (one.first, one.last)).collect::<Vec<_>>(),
            [(1, count), (count + 1, count + 2)]
        );
        for backup in ["first", "last", "new"] {
            let to = format!("{backup}-end");
            let restored = old.restore(backup, &to, Until::End).unwrap();
            assert_eq!(restored.last, count + 2, "{schema} {backup}");
            assert_eq!(
                (old.version(&to), old.sums(&to)),
                (schema::newest(), old.sums("store")),
                "{schema} {backup}"
            );
            let kept = Store::open(&old.path(&to)).unwrap();
            assert_eq!(kept.find_note("n").unwrap().as_deref(), Some("newer"));
        }
        // To the last moment of the old program: of its version, until somebody opens it.
        let restored = old.restore("first", "before", Until::Number(count)).unwrap();
        assert_eq!((restored.last, old.version("before"), old.sums("before")), (count, schema, before));
        drop(Store::open(&old.path("before")).unwrap());
        assert_eq!(old.version("before"), schema::newest());
    }
}

#[test]
fn what_cannot_be_played_is_refused_before_anything_is_written() {
    let (schema, statements) = cases().remove(1);
    let statements: Vec<_> = statements.iter().map(|(sql, values)| (*sql, values.as_slice())).collect();
    let old = Old::new(schema, &statements);
    // A backup that a newer program has opened since is of a newer version than the records that follow it.
    drop(Store::open(&old.path("first")).unwrap());
    let told = old.refused("first", Until::End);
    assert!(
        told.contains("from record 1 on the journal is of schema") && told.contains("that none has opened"),
        "{told}"
    );
    // A journal that went on under a program newer than this one.
    old.back_up("second");
    let count = i64::try_from(statements.len()).unwrap();
    let newer = schema::newest() + 1;
    {
        let mut files = Files::open(&old.path("journal"), "ab", count).unwrap();
        files.go_on_in(newer).unwrap();
        files.append(vec![], jiff::Timestamp::UNIX_EPOCH).unwrap();
    }
    let told = old.refused("second", Until::End);
    assert!(told.contains("use the newer program") && told.contains(&format!("--record {count}")), "{told}");
    assert_eq!(old.restore("second", "kept", Until::Number(count)).unwrap().last, count);
    // A store newer than this program is not looked into.
    old.db().batch(&format!("PRAGMA user_version = {newer}")).unwrap();
    let told = Store::open(&old.path("store")).err().unwrap().to_string();
    assert!(told.contains("use the newer program"), "{told}");
}

#[test]
fn a_store_whose_journal_is_away_keeps_its_schema() {
    let (schema, statements) = cases().remove(0);
    let statements: Vec<_> = statements.iter().map(|(sql, values)| (*sql, values.as_slice())).collect();
    let old = Old::new(schema, &statements);
    std::fs::rename(old.path("journal"), old.path("away")).unwrap();
    let told = Store::open(&old.path("store")).err().unwrap().to_string();
    assert!(
        told.contains("the folder is not there: bring its disk back") && told.contains("journal end"),
        "{told}"
    );
    let again = begin_journal(&old.at("store"), &old.path("other"), [1; 16]).unwrap_err().to_string();
    assert!(again.contains("end it first"), "{again}");
    assert_eq!(old.version("store"), old.schema);
    assert!(!old.path("journal").exists(), "the folder of a disk that is not mounted is not made");
    std::fs::rename(old.path("away"), old.path("journal")).unwrap();
    drop(Store::open(&old.path("store")).unwrap());
    assert_eq!(old.version("store"), schema::newest());
}
