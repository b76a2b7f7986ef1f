//! A sheet before it becomes a page: marks at places in millimetres. Nothing here knows PDF.

use super::fonts::Weight;
use crate::{Ink, Rect};

pub(super) const BLACK: Ink = (0, 0, 0);
pub(super) const DARK: Ink = (90, 90, 90);
pub(super) const LIGHT: Ink = (190, 190, 190);
/// The ground under boxes that others fill in.
pub(super) const GROUND: Ink = (232, 232, 232);

/// Size and weight of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    /// Unit: point.
    pub(super) size: f32,
    pub(super) weight: Weight,
    pub(super) ink: Ink,
}

impl Style {
    pub(super) const fn new(size: f32, weight: Weight, ink: Ink) -> Self {
        Self { size, weight, ink }
    }

    /// Distance from one line to the next. Unit: millimetre.
    pub(super) fn leading(self) -> f32 {
        self.size * 1.24 / super::text::POINTS_PER_MM
    }

    /// Distance from the top of a line to its baseline. Unit: millimetre.
    pub(super) fn ascent(self) -> f32 {
        self.size * 0.93 / super::text::POINTS_PER_MM
    }
}

/// A mark on a sheet. Unit of places and widths: millimetre, from the upper left corner of the sheet.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// A text from its left end on its baseline.
    Text { x: f32, baseline: f32, style: Style, text: String },
    /// A text that runs upwards from its lower end; `x` is its baseline.
    Turned { x: f32, bottom: f32, style: Style, text: String },
    /// A filled rectangle.
    Ground { rect: Rect, ink: Ink },
    /// A straight line.
    Line { from: (f32, f32), to: (f32, f32), width: f32, ink: Ink },
    /// A place that leads to another page, counted from 0.
    Link { rect: Rect, page: usize },
    /// Filled squares of one size.
    Squares { side: f32, corners: Vec<(f32, f32)> },
}

/// The marks of a sheet, in the order in which they are painted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sheet {
    pub(super) marks: Vec<Mark>,
}

impl Sheet {
    pub(super) fn text(&mut self, x: f32, baseline: f32, style: Style, text: impl Into<String>) {
        self.marks.push(Mark::Text { x, baseline, style, text: text.into() });
    }

    pub(super) fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, ink: Ink) {
        self.marks.push(Mark::Line { from, to, width, ink });
    }

    /// The outline of a rectangle.
    pub(super) fn frame(&mut self, rect: Rect, width: f32, ink: Ink) {
        let Rect { x, y, .. } = rect;
        let (right, bottom) = (rect.right(), rect.bottom());
        self.line((x, y), (right, y), width, ink);
        self.line((right, y), (right, bottom), width, ink);
        self.line((right, bottom), (x, bottom), width, ink);
        self.line((x, bottom), (x, y), width, ink);
    }
}
