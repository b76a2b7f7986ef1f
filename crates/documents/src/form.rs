//! The printed form as plain data: boxes at their places, tables that may run over several sheets.

/// A label in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Language. Shape: two letters of ISO 639-1.
    pub language: String,
    /// The label.
    pub text: String,
}

/// A rectangle on a sheet, from its upper left corner. Unit: millimetre.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Rect {
    /// The right edge.
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    /// The lower edge.
    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }
}

/// How text stands in its box or column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// At the right edge, as figures do.
    Right,
}

/// A box of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct FormBox {
    /// Its number on an official form (`1`, `66a`), or its name on a free one (`seller`).
    pub id: String,
    /// Its label in parallel languages, in the order of the table.
    pub labels: Vec<Label>,
    /// What stands in it, by line; empty if nothing does.
    pub lines: Vec<String>,
    /// Where it stands. Boxes that close the document stand relative to the end of its tables.
    pub place: Rect,
    /// How its text is aligned.
    pub align: Align,
    /// Whether its text is set in bold.
    pub strong: bool,
}

impl FormBox {
    /// Whether the id is the number of a box of an official form.
    pub fn is_numbered(&self) -> bool {
        self.id.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its number on an official form, or its name.
    pub id: String,
    /// Its heading in parallel languages.
    pub labels: Vec<Label>,
    /// Left edge. Unit: millimetre.
    pub x: f32,
    /// Width. Unit: millimetre.
    pub width: f32,
    /// How its text is aligned.
    pub align: Align,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// One cell for each column, by line.
    pub cells: Vec<Vec<String>>,
    /// Whether it is a total, set in bold under a line.
    pub strong: bool,
    /// Whether it is a line of goods, which must carry every required column.
    pub numbered: bool,
}

/// A table. The first one of a form stands in `area`; what does not fit there, and further tables, follow.
#[derive(Clone, Debug, PartialEq)]
pub struct FormTable {
    /// Its name.
    pub id: String,
    /// Where it stands on the first sheet.
    pub area: Rect,
    /// Height of the heading. Unit: millimetre.
    pub heading: f32,
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Rows from top to bottom.
    pub rows: Vec<Row>,
}

/// A colour of ink: red, green, blue.
pub type Ink = (u8, u8, u8);

/// What a mark of the form itself looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkStyle {
    /// Text of the form, such as the law that applies.
    Text,
    /// Text that runs from the bottom to the top, at the edge of the form.
    Turned,
    /// A heavy outline around boxes that belong together.
    Frame,
    /// A grey ground under boxes that others fill in.
    Shade,
}

/// A part of the form that nobody fills in.
#[derive(Clone, Debug, PartialEq)]
pub struct FormMark {
    /// What it looks like.
    pub style: MarkStyle,
    /// Where it stands.
    pub place: Rect,
    /// Its text in parallel languages; none for outlines and grounds.
    pub labels: Vec<Label>,
    /// Whether its text is set in bold.
    pub strong: bool,
    /// Size of its text. Unit: point.
    pub size: f32,
}

/// One of the sheets that a form is printed in: the original, the duplicate, ...
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormSheet {
    /// Its number.
    pub number: String,
    /// What it is and for whom, in parallel languages.
    pub labels: Vec<Label>,
    /// Colour of the lines and labels.
    pub ink: Ink,
    /// Whether the other side is printed as well.
    pub reverse: bool,
}

/// A printed form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// Whether it is an official form with a grid of numbered boxes; else a free business document.
    pub official: bool,
    /// Languages of its labels, in order.
    pub languages: Vec<String>,
    /// The sheets that it is printed in; none if there is only one.
    pub sheets: Vec<FormSheet>,
    /// What the form itself shows, under the boxes.
    pub marks: Vec<FormMark>,
    /// Boxes of the other side of the sheet.
    pub reverse: Vec<FormBox>,
    /// Title in parallel languages, where it stands, and a note beside it such as the number of the copy.
    pub titles: Vec<FormBox>,
    /// Boxes of the first sheet.
    pub boxes: Vec<FormBox>,
    /// Tables in order.
    pub tables: Vec<FormTable>,
    /// Boxes that stand after the last table.
    pub closing: Vec<FormBox>,
}

impl Form {
    /// The box of a number or name.
    pub fn find_box(&self, id: &str) -> Option<&FormBox> {
        self.every_box().find(|form_box| form_box.id == id)
    }

    /// Every box: of the sheet, of its other side, and those that close the document.
    pub fn every_box(&self) -> impl Iterator<Item = &FormBox> {
        self.boxes.iter().chain(&self.reverse).chain(&self.closing)
    }

    /// Every text that stands in the form, labels excluded.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let boxes = self.every_box().flat_map(|form_box| &form_box.lines);
        let cells =
            self.tables.iter().flat_map(|table| &table.rows).flat_map(|row| row.cells.iter().flatten());
        boxes.chain(cells).map(String::as_str)
    }
}
