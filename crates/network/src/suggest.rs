//! Which place somebody may have meant.

use crate::Place;

/// The places nearest to a text by code or name, best first. Far-off ones are left out.
pub(crate) fn suggest<'n>(
    places: impl Iterator<Item = &'n Place>,
    text: &str,
    most: usize,
) -> Vec<&'n Place> {
    /// Longer texts are cut: nobody types a longer name, and the distance costs length times length.
    const LONGEST: usize = 60;
    let wanted: Vec<char> = plain(text).into_iter().take(LONGEST).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut scored: Vec<(usize, &Place)> = places
        .filter_map(|place| {
            let words = place.name.split(|c: char| !c.is_alphanumeric() && c != '\'').map(plain);
            let names = [plain(place.code.as_str()), plain(&place.name)].into_iter().chain(words);
            let score = names.filter(|name| !name.is_empty()).map(|name| score(&wanted, &name)).min()?;
            (score <= 2 * wanted.len().div_ceil(3)).then_some((score, place))
        })
        .collect();
    scored.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.code.cmp(&other.code)));
    scored.into_iter().take(most).map(|(_, place)| place).collect()
}

/// Letters and digits in lower case.
fn plain(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// 0 for the same, 1 for a beginning of it, else twice the edit distance.
fn score(wanted: &[char], name: &[char]) -> usize {
    if wanted == name {
        0
    } else if name.starts_with(wanted) {
        1
    } else {
        2 * edit_distance(wanted, name)
    }
}

fn edit_distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (b, cell) in other.iter().zip(row.iter_mut().skip(1)) {
            let here = (diagonal + usize::from(a != b)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            left = here;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_distance_is_the_number_of_changes() {
        for (one, other, distance) in
            [("aktau", "aktau", 0), ("akta", "aktau", 1), ("kitten", "sitting", 3), ("", "abc", 3)]
        {
            assert_eq!(edit_distance(&plain(one), &plain(other)), distance, "{one} {other}");
        }
    }
}
