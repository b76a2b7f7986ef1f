//! The files of a journal: segments of records, each record with a hash over itself and the one before.
//!
//! A segment begins with a line: `kervan-journal 1`, the id of the journal, the version of the schema, the number of its first
//! record. A record: 4 bytes length of the packed body, 8 bytes number, 8 bytes instant (nanoseconds since 1970), the body packed
//! with LZ4 behind its length, 32 bytes SHA-256 over the hash before and all of that. Numbers are big-endian; the hash before the
//! first record is that of the line.

use super::fault;
use super::place::{self, Place};
use crate::StoreError;
use crate::limits::{LARGEST_JOURNAL_RECORD, LARGEST_JOURNAL_SEGMENT};
use crate::store::FolderLock;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// First words of a segment.
const HEAD: &str = "kervan-journal 1";
/// Ending of a segment's name.
const ENDING: &str = "journal";
/// Bytes of a record beside its body and hash.
const FRAME: usize = 20;

pub(super) fn told(at: &Path, error: &io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            StoreError::Full(format!("the journal {}: {error}", at.display()))
        }
        _ => fault(at, error.to_string()),
    }
}

/// What the first line of a segment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) id: String,
    pub(super) schema: usize,
    pub(super) first: i64,
}

impl Head {
    fn line(&self) -> String {
        format!("{HEAD} {} {} {}\n", self.id, self.schema, self.first)
    }

    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.strip_suffix('\n')?.strip_prefix(HEAD)?.split_whitespace().collect();
        let [id, schema, first] = words.as_slice() else { return None };
        Some(Self { id: (*id).to_owned(), schema: schema.parse().ok()?, first: first.parse().ok()? })
    }
}

/// A record as it was read.
pub(super) struct Record {
    pub(super) number: i64,
    pub(super) at: Timestamp,
    packed: Vec<u8>,
}

impl Record {
    /// Its statements. Errors: they cannot be unpacked.
    pub(super) fn body(&self) -> Result<Vec<u8>, String> {
        let (length, packed) = self.packed.split_at_checked(4).ok_or("it is too short")?;
        let length = u32::from_le_bytes(length.try_into().unwrap_or_default());
        if length > LARGEST_JOURNAL_RECORD {
            return Err("it is larger than a record can be".to_owned());
        }
        lz4_flex::block::decompress(packed, length as usize).map_err(|error| error.to_string())
    }
}

/// A segment that is being read.
pub(super) struct Reader {
    path: PathBuf,
    file: BufReader<File>,
    pub(super) head: Head,
    last: [u8; 32],
    /// Where the last whole record ends.
    good: u64,
    /// Its number.
    number: i64,
    length: u64,
}

impl Reader {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(|error| told(path, &error))?;
        let length = file.metadata().map_err(|error| told(path, &error))?.len();
        let mut file = BufReader::new(file);
        let mut line = String::new();
        let read = file.by_ref().take(256).read_line(&mut line);
        let head =
            read.ok().and_then(|_| Head::parse(&line)).ok_or_else(|| fault(path, "it is no journal"))?;
        let (last, good) = (Sha256::digest(line.as_bytes()).into(), line.len() as u64);
        let number = head.first - 1;
        Ok(Self { path: path.to_owned(), file, head, last, good, number, length })
    }

    /// The next record; none at the end, or where the last one was not written wholly.
    ///
    /// Errors: a record in the middle is not what was written.
    pub(super) fn next(&mut self) -> Result<Option<Record>, StoreError> {
        let left = self.length - self.good;
        let mut frame = [0; FRAME];
        if left < (FRAME + 32) as u64 {
            return Ok(None);
        }
        self.file.read_exact(&mut frame).map_err(|error| told(&self.path, &error))?;
        let [a, b, c, d, rest @ ..] = frame;
        let size = u32::from_be_bytes([a, b, c, d]);
        let whole = FRAME as u64 + u64::from(size) + 32;
        if size > LARGEST_JOURNAL_RECORD || left < whole {
            return if size > LARGEST_JOURNAL_RECORD { Err(self.torn()) } else { Ok(None) };
        }
        let mut packed = vec![0; size as usize];
        let mut hash = [0; 32];
        self.file.read_exact(&mut packed).map_err(|error| told(&self.path, &error))?;
        self.file.read_exact(&mut hash).map_err(|error| told(&self.path, &error))?;
        if hash != hash_of(&self.last, &frame, &packed) {
            // The last record may have been on its way to the disk when the machine stopped.
            return if left == whole { Ok(None) } else { Err(self.torn()) };
        }
        let (number, at) = rest.split_at(8);
        let number = i64::from_be_bytes(number.try_into().unwrap_or_default());
        let at = i64::from_be_bytes(at.try_into().unwrap_or_default());
        let at = Timestamp::from_nanosecond(i128::from(at)).map_err(|_| self.torn())?;
        (self.last, self.good, self.number) = (hash, self.good + whole, number);
        Ok(Some(Record { number, at, packed }))
    }

    /// Where the last record that counts ends, with the hash there, and when it was made, if the store knows of records up to `number`.
    ///
    /// Errors: it ends elsewhere than where the store stands.
    fn find_end(&mut self, number: i64) -> Result<((u64, [u8; 32]), Timestamp), StoreError> {
        let (mut last, mut at) = (self.head.first - 1, Timestamp::UNIX_EPOCH);
        let mut ends = vec![(self.good, self.last)];
        let mut found = self.next();
        while let Ok(Some(record)) = &found {
            (last, at) = (record.number, record.at);
            ends.push((self.good, self.last));
            ends.drain(..ends.len().saturating_sub(2));
            found = self.next();
        }
        if last < number {
            found?;
        }
        // What stands behind the last record that the store knows of was acknowledged to nobody.
        if last == number + 1 && ends.len() == 2 {
            // On the disk before a commit that was not made.
            ends.pop();
            last = number;
        }
        if last != number {
            let reason = format!(
                "it ends with record {last} and the store with {number}: the store is a copy, or files are missing; end the \
                 journal (kervan store journal end) and begin a new one"
            );
            return Err(fault(&self.path, reason));
        }
        Ok((ends.pop().unwrap_or((self.good, self.last)), at))
    }

    fn torn(&self) -> StoreError {
        let reason = format!(
            "what stands at byte {} is not what was written there; the last record before it is {}",
            self.good, self.number
        );
        fault(&self.path, reason)
    }
}

fn hash_of(before: &[u8; 32], frame: &[u8; FRAME], packed: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(frame);
    hash.update(packed);
    hash.finalize().into()
}

/// The segments of a folder, in the order of their numbers.
pub(super) fn list_segments(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = std::fs::read_dir(folder).map_err(|error| told(folder, &error))?;
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == ENDING)).collect();
    paths.sort();
    Ok(paths)
}

/// The journal of a store that is open: the segment at its end, to which records are added.
pub(crate) struct Files {
    folder: PathBuf,
    path: PathBuf,
    file: File,
    head: Head,
    /// The number of the last record.
    number: i64,
    at: Timestamp,
    /// Length and hash behind the last record that counts.
    good: (u64, [u8; 32]),
    /// Those behind the one before, and its number, until the commit of the last is made.
    before: (u64, [u8; 32]),
    /// Whether there are bytes behind the last record that counts which could not be taken away.
    soiled: bool,
    /// Which file the name stood for when it was opened.
    place: Place,
    /// Whether the file that is open is not the one that will be found: its disk failed, or went away.
    lost: bool,
    lock: Option<FolderLock>,
}

impl Files {
    /// Makes the folder of a new journal. Errors: it holds something.
    pub(super) fn begin(folder: &Path, id: &str, schema: usize) -> Result<(), StoreError> {
        std::fs::create_dir_all(folder).map_err(|error| told(folder, &error))?;
        let mut there = std::fs::read_dir(folder).map_err(|error| told(folder, &error))?;
        if there.next().is_some() {
            return Err(fault(folder, "the folder holds something; name an empty one"));
        }
        new_segment(folder, &Head { id: id.to_owned(), schema, first: 1 }).map(|_| ())
    }

    /// Opens a journal where a store stands, and takes back what was not committed.
    ///
    /// Errors: it cannot be written; it is another store's; or it goes on behind this state of the store, which then is an old copy.
    pub(super) fn open(folder: &Path, id: &str, number: i64) -> Result<Self, StoreError> {
        let lock = place::lock(folder)?;
        let Some(path) = list_segments(folder)?.pop() else {
            return Err(fault(
                folder,
                "its files are gone; end it (kervan store journal end) and begin a new one",
            ));
        };
        let mut reader = Reader::open(&path)?;
        if reader.head.id != id {
            return Err(fault(
                &path,
                "it is the journal of another store; put this store's own there, or end it (kervan store journal end)",
            ));
        }
        let (good, at) = reader.find_end(number)?;
        let head = reader.head.clone();
        let file =
            OpenOptions::new().write(true).open(&path).map_err(|error| place::unwritten(&path, &error))?;
        let place = Place::of(&file.metadata().map_err(|error| place::unwritten(&path, &error))?);
        let folder = folder.to_owned();
        let lock = Some(lock);
        let (before, soiled, lost) = (good, true, false);
        let mut files =
            Self { folder, path, file, head, number, at, good, before, soiled, place, lost, lock };
        files.clean()?;
        Ok(files)
    }

    /// Lets what comes now stand in a segment of its own if it is of another version of the schema.
    ///
    /// Errors: the segment cannot be begun; the journal is as it was.
    pub(super) fn go_on_in(&mut self, schema: usize) -> Result<(), StoreError> {
        if self.head.schema == schema { Ok(()) } else { self.roll(schema) }
    }

    /// The number of the next record.
    pub(super) const fn next(&self) -> i64 {
        self.number + 1
    }

    /// Takes away what stands behind the last record that counts.
    fn clean(&mut self) -> Result<(), StoreError> {
        if self.soiled {
            let cut = self.file.set_len(self.good.0).and_then(|()| self.file.sync_data());
            let cut = cut.and_then(|()| self.file.seek(SeekFrom::End(0)));
            cut.map_err(|error| self.unwritten(&error))?;
            self.soiled = false;
        }
        Ok(())
    }

    /// A write that failed. What is open may be of a disk that is gone, so it is looked for anew before the next.
    fn unwritten(&mut self, error: &io::Error) -> StoreError {
        let told = place::unwritten(&self.path, error);
        self.lost = !matches!(told, StoreError::Full(_));
        told
    }

    /// Opens what stands under the name now, in the place of a file that is lost.
    fn find_again(&mut self) -> Result<(), StoreError> {
        if self.lost {
            self.lock = None;
            let (folder, id, schema) = (self.folder.clone(), self.head.id.clone(), self.head.schema);
            let mut found = Self::open(&folder, &id, self.number)?;
            found.go_on_in(schema)?;
            found.at = found.at.max(self.at);
            *self = found;
        }
        Ok(())
    }

    /// Begins the next segment. One without a record has the name of the next, which takes its place.
    fn roll(&mut self, schema: usize) -> Result<(), StoreError> {
        let head = Head { id: self.head.id.clone(), schema, first: self.next() };
        let (path, file) = new_segment(&self.folder, &head)?;
        let line = head.line();
        self.place = Place::of(&file.metadata().map_err(|error| place::unwritten(&path, &error))?);
        self.good = (line.len() as u64, Sha256::digest(line.as_bytes()).into());
        (self.path, self.file, self.head, self.before) = (path, file, head, self.good);
        Ok(())
    }

    /// Adds a record; when it returns well, it is on the disk.
    pub(super) fn append(&mut self, body: Vec<u8>, now: Timestamp) -> Result<(), StoreError> {
        self.find_again()?;
        self.clean()?;
        if self.good.0 > LARGEST_JOURNAL_SEGMENT {
            self.roll(self.head.schema)?;
        }
        let at = now.max(self.at);
        let packed = lz4_flex::block::compress_prepend_size(&body);
        let size = u32::try_from(packed.len()).ok().filter(|size| *size <= LARGEST_JOURNAL_RECORD);
        let size = size.filter(|_| body.len() <= LARGEST_JOURNAL_RECORD as usize);
        let size = size.ok_or_else(|| fault(&self.path, "a commit is larger than a record can be"))?;
        let mut frame = [0; FRAME];
        let nanoseconds = i64::try_from(at.as_nanosecond()).unwrap_or(i64::MAX);
        let fields =
            size.to_be_bytes().into_iter().chain(self.next().to_be_bytes()).chain(nanoseconds.to_be_bytes());
        frame.iter_mut().zip(fields).for_each(|(byte, field)| *byte = field);
        let hash = hash_of(&self.good.1, &frame, &packed);
        let mut bytes = Vec::with_capacity(FRAME + packed.len() + 32);
        bytes.extend(frame);
        bytes.extend(packed);
        bytes.extend(hash);
        self.soiled = true;
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        written.map_err(|error| self.unwritten(&error))?;
        // What was written into a file that nobody finds any more is not kept.
        if !self.place.is_at(&self.path) {
            self.lost = true;
            return Err(place::gone(&self.path));
        }
        self.soiled = false;
        self.before = self.good;
        self.good = (self.good.0 + bytes.len() as u64, hash);
        (self.number, self.at) = (self.next(), at);
        Ok(())
    }

    /// Takes the last record back. What cannot be taken away now is taken away before the next.
    pub(super) fn take_back(&mut self) {
        if self.good != self.before {
            (self.good, self.number, self.soiled) = (self.before, self.number - 1, true);
            let _ = self.clean();
        }
    }
}

/// Makes a segment: under another name first, so that whatever happens meanwhile none is there without its line.
fn new_segment(folder: &Path, head: &Head) -> Result<(PathBuf, File), StoreError> {
    let path = folder.join(format!("{:012}.{ENDING}", head.first));
    let fresh = path.with_extension("new");
    let file = File::create(&fresh).and_then(|mut file| {
        file.write_all(head.line().as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, &path)?;
        // The name of the file is on the disk only with its folder.
        File::open(folder)?.sync_all()?;
        Ok(file)
    });
    if file.is_err() {
        drop(std::fs::remove_file(&fresh));
    }
    file.map(|file| (path.clone(), file)).map_err(|error| place::unwritten(&path, &error))
}

/// A segment of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalSegment {
    /// Its file.
    pub file: PathBuf,
    /// The number of its first record.
    pub first: i64,
    /// The number of its last record; one less than the first if it has none.
    pub last: i64,
    /// When its first commit was made.
    pub from: Option<Timestamp>,
    /// When its last one was.
    pub to: Option<Timestamp>,
    /// Its length. Unit: byte.
    pub bytes: u64,
}

/// What a journal holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalSummary {
    /// Which it is.
    pub id: String,
    /// Its segments, in their order.
    pub segments: Vec<JournalSegment>,
}

/// Reads a whole journal; it may be in use.
///
/// Errors: it is none, or something of it is not what was written.
pub fn read_journal(folder: &Path) -> Result<JournalSummary, StoreError> {
    let (mut id, mut segments) = (None, Vec::new());
    for path in list_segments(folder)? {
        let mut reader = Reader::open(&path)?;
        let first = reader.head.first;
        let (mut last, mut from, mut to) = (first - 1, None, None);
        while let Some(record) = reader.next()? {
            (last, from, to) = (record.number, from.or(Some(record.at)), Some(record.at));
        }
        id.get_or_insert_with(|| reader.head.id.clone());
        segments.push(JournalSegment { file: path, first, last, from, to, bytes: reader.good });
    }
    let id = id.ok_or_else(|| fault(folder, "there is no journal in it"))?;
    Ok(JournalSummary { id, segments })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn numbers(folder: &Path) -> Vec<i64> {
        let mut found = Vec::new();
        for path in list_segments(folder).unwrap() {
            let mut reader = Reader::open(&path).unwrap();
            while let Some(record) = reader.next().unwrap() {
                assert_eq!(record.body().unwrap(), vec![u8::try_from(record.number).unwrap(); 300]);
                found.push(record.number);
            }
        }
        found
    }

    #[test]
    fn records_go_on_over_segments_restarts_and_new_schemas() {
        let folder = tempfile::tempdir().unwrap();
        Files::begin(folder.path(), "ab", 3).unwrap();
        let mut schema = 3;
        for number in 1..=60 {
            let mut files = Files::open(folder.path(), "ab", number - 1).unwrap();
            files.go_on_in(schema).unwrap();
            files.append(vec![u8::try_from(number).unwrap(); 300], second(number)).unwrap();
            // A commit that is not made takes its record back, and the next one has its number.
            files.append(vec![0; 300], second(number)).unwrap();
            files.take_back();
            schema += usize::from(number == 30);
        }
        assert_eq!(numbers(folder.path()), (1..=60).collect::<Vec<_>>());
        let summary = read_journal(folder.path()).unwrap();
        assert!(summary.segments.len() > 4, "{summary:?}");
        assert!(summary.segments.windows(2).all(|two| two[0].last + 1 == two[1].first), "{summary:?}");
        assert_eq!(summary.segments.iter().rev().find_map(|segment| segment.to), Some(second(60)));
        let schemas = list_segments(folder.path())
            .unwrap()
            .iter()
            .map(|path| Reader::open(path).unwrap().head.schema)
            .collect::<Vec<_>>();
        assert!(
            schemas.is_sorted() && schemas.first() == Some(&3) && schemas.last() == Some(&4),
            "{schemas:?}"
        );
    }

    #[test]
    fn a_clock_that_goes_back_does_not_turn_the_order_round() {
        let folder = tempfile::tempdir().unwrap();
        Files::begin(folder.path(), "ab", 3).unwrap();
        let mut files = Files::open(folder.path(), "ab", 0).unwrap();
        files.append(vec![1], second(100)).unwrap();
        files.append(vec![2], second(50)).unwrap();
        drop(files);
        let segment = read_journal(folder.path()).unwrap().segments.pop().unwrap();
        assert_eq!((segment.from, segment.to), (Some(second(100)), Some(second(100))));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_disk_that_is_full_or_fails_takes_nothing_and_goes_on_when_it_is_well() {
        let folder = tempfile::tempdir().unwrap();
        Files::begin(folder.path(), "ab", 3).unwrap();
        let mut files = Files::open(folder.path(), "ab", 0).unwrap();
        let whole = |number: u8| vec![number; 300];
        files.append(whole(1), second(1)).unwrap();
        // A device that says of every write that there is no room.
        files.file = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let full = files.append(whole(2), second(2)).unwrap_err();
        assert!(matches!(full, StoreError::Full(_)), "{full}");
        // Nor can what was half written be taken away there.
        let failed = files.append(whole(2), second(2)).unwrap_err().to_string();
        assert!(failed.contains("bring its disk back") && failed.contains("journal end"), "{failed}");
        // The next one finds the file that stands there.
        files.append(whole(2), second(2)).unwrap();
        assert_eq!(numbers(folder.path()), [1, 2]);
    }

    #[test]
    fn a_file_that_is_away_is_written_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let (here, away) = (folder.path().join("here"), folder.path().join("away"));
        Files::begin(&here, "ab", 3).unwrap();
        let mut files = Files::open(&here, "ab", 0).unwrap();
        let whole = |number: u8| vec![number; 10];
        files.append(whole(1), second(1)).unwrap();
        std::fs::rename(&here, &away).unwrap();
        for _ in 0..2 {
            let told = files.append(whole(2), second(2)).unwrap_err().to_string();
            assert!(told.contains("not there") && told.contains("journal end"), "{told}");
            assert!(!here.exists());
        }
        // Another state in its place, as of an older copy of the disk, is not gone on with.
        Files::begin(&here, "ab", 3).unwrap();
        let told = files.append(whole(2), second(2)).unwrap_err().to_string();
        assert!(told.contains("ends with record 0 and the store with 1"), "{told}");
        std::fs::remove_dir_all(&here).unwrap();
        std::fs::rename(&away, &here).unwrap();
        files.append(whole(2), second(2)).unwrap();
        drop(files);
        assert_eq!(read_journal(&here).unwrap().segments[0].last, 2);
    }

    #[test]
    fn a_segment_that_could_not_be_begun_hinders_nothing() {
        let folder = tempfile::tempdir().unwrap();
        Files::begin(folder.path(), "ab", 3).unwrap();
        let mut files = Files::open(folder.path(), "ab", 0).unwrap();
        files.append(vec![1; 300], second(1)).unwrap();
        // A folder stands where the new segment would be written.
        let there = folder.path().join("000000000002.new");
        std::fs::create_dir(&there).unwrap();
        let told = files.go_on_in(4).unwrap_err().to_string();
        assert!(told.contains("000000000002.journal") && told.contains("journal end"), "{told}");
        assert_eq!(read_journal(folder.path()).unwrap().segments.len(), 1);
        std::fs::remove_dir(&there).unwrap();
        files.go_on_in(4).unwrap();
        // Without a record it gives way to the next.
        files.go_on_in(5).unwrap();
        files.append(vec![2; 300], second(2)).unwrap();
        assert_eq!(numbers(folder.path()), [1, 2]);
        assert_eq!(list_segments(folder.path()).unwrap().len(), 2);
    }

    #[test]
    fn no_room_is_told_as_no_room() {
        let path = Path::new("journal");
        assert!(matches!(told(path, &io::Error::from(ErrorKind::StorageFull)), StoreError::Full(_)));
        assert!(matches!(
            told(path, &io::Error::from(ErrorKind::PermissionDenied)),
            StoreError::Journal { .. }
        ));
    }
}
