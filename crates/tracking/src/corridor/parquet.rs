//! A small writer of Parquet files: one row group, plain encoding, no compression; what every reader understands.
//!
//! The tables written here have tens of thousands of rows at most, so that nothing more is worth a dependency. Source: Apache
//! Parquet format 2.10 (parquet.thrift), Thrift compact protocol.

/// Values of one column.
#[derive(Clone, Debug, PartialEq)]
pub enum ParquetColumn {
    /// Texts, none absent.
    Texts(Vec<String>),
    /// Whole numbers.
    Integers(Vec<Option<i64>>),
    /// Decimals.
    Doubles(Vec<Option<f64>>),
}

impl ParquetColumn {
    fn rows(&self) -> usize {
        match self {
            Self::Texts(values) => values.len(),
            Self::Integers(values) => values.len(),
            Self::Doubles(values) => values.len(),
        }
    }

    /// Type of parquet.thrift: INT64, DOUBLE, BYTE_ARRAY.
    fn physical_type(&self) -> i64 {
        match self {
            Self::Integers(_) => 2,
            Self::Doubles(_) => 5,
            Self::Texts(_) => 6,
        }
    }

    fn is_optional(&self) -> bool {
        !matches!(self, Self::Texts(_))
    }

    /// The bytes of a data page: which rows have a value, then the values.
    fn page(&self) -> Vec<u8> {
        let mut values = Vec::new();
        let mut defined: Vec<bool> = Vec::new();
        match self {
            Self::Texts(texts) => {
                for text in texts {
                    values.extend(u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
                    values.extend(text.as_bytes());
                }
            }
            Self::Integers(numbers) => {
                defined = numbers.iter().map(Option::is_some).collect();
                values.extend(numbers.iter().flatten().flat_map(|number| number.to_le_bytes()));
            }
            Self::Doubles(numbers) => {
                defined = numbers.iter().map(Option::is_some).collect();
                values.extend(numbers.iter().flatten().flat_map(|number| number.to_le_bytes()));
            }
        }
        if !self.is_optional() {
            return values;
        }
        let levels = runs(&defined);
        let mut page = u32::try_from(levels.len()).unwrap_or(0).to_le_bytes().to_vec();
        page.extend(levels);
        page.extend(values);
        page
    }
}

/// Definition levels as runs of the hybrid encoding, one bit wide.
fn runs(defined: &[bool]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for run in defined.chunk_by(|one, next| one == next) {
        varint(&mut bytes, (run.len() as u64) << 1);
        bytes.push(u8::from(run.first() == Some(&true)));
    }
    bytes
}

fn varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// A struct of the Thrift compact protocol under way.
#[derive(Default)]
struct Thrift {
    bytes: Vec<u8>,
    last: i16,
}

impl Thrift {
    /// Fields ascend by at most 15, which every struct here does.
    fn field(&mut self, id: i16, kind: u8) {
        self.bytes.push((((id - self.last) as u8) << 4) | kind);
        self.last = id;
    }

    fn zigzag(&mut self, value: i64) {
        varint(&mut self.bytes, ((value << 1) ^ (value >> 63)) as u64);
    }

    fn i32(mut self, id: i16, value: i64) -> Self {
        self.field(id, 5);
        self.zigzag(value);
        self
    }

    fn i64(mut self, id: i16, value: i64) -> Self {
        self.field(id, 6);
        self.zigzag(value);
        self
    }

    fn text(mut self, id: i16, value: &str) -> Self {
        self.field(id, 8);
        self.binary(value);
        self
    }

    fn binary(&mut self, value: &str) {
        varint(&mut self.bytes, value.len() as u64);
        self.bytes.extend(value.as_bytes());
    }

    fn inner(mut self, id: i16, value: Thrift) -> Self {
        self.field(id, 12);
        self.bytes.extend(value.end());
        self
    }

    fn list(mut self, id: i16, kind: u8, items: Vec<Vec<u8>>) -> Self {
        self.field(id, 9);
        match items.len() {
            short @ 0..=14 => self.bytes.push(((short as u8) << 4) | kind),
            long => {
                self.bytes.push(0xf0 | kind);
                varint(&mut self.bytes, long as u64);
            }
        }
        self.bytes.extend(items.into_iter().flatten());
        self
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

fn number(value: i64) -> Vec<u8> {
    let mut thrift = Thrift::default();
    thrift.zigzag(value);
    thrift.bytes
}

fn word(value: &str) -> Vec<u8> {
    let mut thrift = Thrift::default();
    thrift.binary(value);
    thrift.bytes
}

const STRUCT: u8 = 12;
const I32: u8 = 5;
const BINARY: u8 = 8;

/// A Parquet file of columns of the same length.
pub fn to_parquet(columns: &[(&str, ParquetColumn)]) -> Vec<u8> {
    let rows = columns.first().map_or(0, |(_, column)| column.rows()) as i64;
    let mut file = b"PAR1".to_vec();
    let mut chunks = Vec::new();
    let mut total = 0;
    for (name, column) in columns {
        let offset = file.len() as i64;
        let page = column.page();
        // Encodings: PLAIN is 0, RLE is 3.
        let data = Thrift::default().i32(1, rows).i32(2, 0).i32(3, 3).i32(4, 3);
        let size = page.len() as i64;
        let header = Thrift::default().i32(1, 0).i32(2, size).i32(3, size).inner(5, data).end();
        let whole = (header.len() + page.len()) as i64;
        file.extend(header);
        file.extend(page);
        total += whole;
        let meta = Thrift::default()
            .i32(1, column.physical_type())
            .list(2, I32, vec![number(0), number(3)])
            .list(3, BINARY, vec![word(name)])
            .i32(4, 0)
            .i64(5, rows)
            .i64(6, whole)
            .i64(7, whole)
            .i64(9, offset);
        chunks.push(Thrift::default().i64(2, offset).inner(3, meta).end());
    }
    let mut schema = vec![Thrift::default().text(4, "rows").i32(5, columns.len() as i64).end()];
    schema.extend(columns.iter().map(|(name, column)| {
        let element = Thrift::default()
            .i32(1, column.physical_type())
            .i32(3, i64::from(column.is_optional()))
            .text(4, name);
        // ConvertedType UTF8 is 0.
        if column.is_optional() { element.end() } else { element.i32(6, 0).end() }
    }));
    let group = Thrift::default().list(1, STRUCT, chunks).i64(2, total).i64(3, rows).end();
    let footer = Thrift::default()
        .i32(1, 1)
        .list(2, STRUCT, schema)
        .i64(3, rows)
        .list(4, STRUCT, vec![group])
        .text(6, "kervan")
        .end();
    let length = u32::try_from(footer.len()).unwrap_or(0);
    file.extend(footer);
    file.extend(length.to_le_bytes());
    file.extend(b"PAR1");
    file
}
