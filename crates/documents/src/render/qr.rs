//! What the code on the sheet says, and its pattern.

use qrcode::{EcLevel, QrCode};

/// The dark squares of a code, row by row; `None` if the text is too long for any code.
pub(super) fn pattern(text: &str) -> Option<Vec<Vec<bool>>> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let colors = code.to_colors();
    let rows = colors.chunks(code.width().max(1));
    Some(rows.map(|row| row.iter().map(|color| *color == qrcode::Color::Dark).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::super::footer::CODE;
    use super::*;
    use crate::Stamp;

    #[test]
    fn the_code_of_a_stamp_stays_readable_at_print_size() {
        let stamp = Stamp {
            slug: "dangerous-goods-declaration".into(),
            number: "KRV-2026-0117-DGD-12".into(),
            dossier: "3f".repeat(32),
            entry: "9c".repeat(32),
            data_sha256: "a7".repeat(32),
            signature: "a1b2c3d4e5f60718".into(),
        };
        let pattern = pattern(&stamp.to_text()).unwrap();
        // A phone reads squares of 0.33 mm at arm's length; print spreads them by a tenth.
        assert!(CODE / pattern.len() as f32 >= 0.38, "{} squares", pattern.len());
        assert!(pattern.iter().all(|row| row.len() == pattern.len()));
    }
}
