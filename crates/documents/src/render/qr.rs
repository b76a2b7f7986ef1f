//! What the code on the sheet says, and its pattern.

use qrcode::{EcLevel, QrCode};

/// The text of the code on a sheet: what to do, the dossier and its head.
///
/// In capitals, since a code of capitals and digits is a third smaller; the hashes are read in either case.
pub fn qr_text(dossier: &str, head: &str) -> String {
    format!("KERVAN VERIFY DOSSIER:{dossier} HEAD:{head}").to_ascii_uppercase()
}

/// The dark squares of a code, row by row; `None` if the text is too long for any code.
pub(super) fn pattern(text: &str) -> Option<Vec<Vec<bool>>> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let colors = code.to_colors();
    let rows = colors.chunks(code.width().max(1));
    Some(rows.map(|row| row.iter().map(|color| *color == qrcode::Color::Dark).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_two_hashes_stays_readable_at_print_size() {
        let text = qr_text(&"a".repeat(64), &"0".repeat(64));
        let pattern = pattern(&text).unwrap();
        // 22 mm over the squares and a margin of four on each side: at least 0.38 mm a square.
        assert!(22.0 / (pattern.len() + 8) as f32 >= 0.38, "{} squares", pattern.len());
        assert!(pattern.iter().all(|row| row.len() == pattern.len()));
    }
}
