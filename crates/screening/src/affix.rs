//! Beginnings and endings of names: patronymics, feminine forms, names of service.

use crate::table::Table;
use kervan_model::Finding;

/// Grammatical gender that an ending shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gender {
    Male,
    Female,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Patronymic(Gender),
    Surname(Gender),
    Service,
    Glued,
}

/// The table of affixes, the longest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Affixes {
    rows: Vec<(String, Kind, String)>,
}

/// Letters that must stay before an ending: `Eva` is not the feminine of nothing.
const SHORTEST_STEM: usize = 3;

impl Affixes {
    pub(crate) fn load(read: &impl Fn(&str) -> Option<String>, findings: &mut Vec<Finding>) -> Self {
        let kinds = [
            ("patronymic-male", Kind::Patronymic(Gender::Male)),
            ("patronymic-female", Kind::Patronymic(Gender::Female)),
            ("feminine", Kind::Surname(Gender::Female)),
            ("masculine", Kind::Surname(Gender::Male)),
            ("abd", Kind::Service),
            ("glued", Kind::Glued),
        ];
        let mut rows = Vec::new();
        Table::open("screening/affixes.csv", read, findings).each(|row| {
            let (affix, becomes) = (row.text("affix"), row.text("becomes"));
            if let Some(kind) = row.word("kind", &kinds)
                && affix.is_ascii()
            {
                rows.push((affix, kind, becomes));
            }
        });
        rows.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        Self { rows }
    }

    fn ending(&self, latin: &str, wanted: impl Fn(Kind) -> bool) -> Option<(&str, Kind, &str)> {
        if !latin.is_ascii() {
            return None;
        }
        self.rows.iter().find_map(|(affix, kind, becomes)| {
            let fits = wanted(*kind) && latin.len() >= affix.len() + SHORTEST_STEM && latin.ends_with(affix);
            fits.then_some((affix.as_str(), *kind, becomes.as_str()))
        })
    }

    /// The father's name in a patronymic, and the gender of its bearer.
    pub(crate) fn find_father<'a>(&self, latin: &'a str) -> Option<(&'a str, Gender)> {
        let (affix, kind, _) = self.ending(latin, |kind| matches!(kind, Kind::Patronymic(_)))?;
        let Kind::Patronymic(gender) = kind else { return None };
        Some((latin.get(..latin.len() - affix.len())?, gender))
    }

    /// The masculine form of a surname, and the gender that its ending shows.
    pub(crate) fn find_masculine(&self, latin: &str) -> Option<(String, Gender)> {
        let (affix, kind, becomes) = self.ending(latin, |kind| matches!(kind, Kind::Surname(_)))?;
        let Kind::Surname(gender) = kind else { return None };
        Some((format!("{}{becomes}", latin.get(..latin.len() - affix.len())?), gender))
    }

    /// What follows `Abd al-` in a name of service written as one word.
    pub(crate) fn find_served<'a>(&self, latin: &'a str) -> Option<&'a str> {
        self.rows.iter().filter(|(_, kind, _)| *kind == Kind::Service).find_map(|(affix, _, _)| {
            let rest = latin.strip_prefix(affix.as_str())?;
            let doubled = rest.as_bytes().first() == affix.as_bytes().last();
            let rest = if doubled { rest.get(1..)? } else { rest };
            (rest.len() > SHORTEST_STEM).then_some(rest)
        })
    }

    /// Whether a word is the beginning of a name of service (`Abd`, `Abdul`).
    pub(crate) fn begins_service(&self, latin: &str) -> bool {
        latin == "abd" || self.rows.iter().any(|(affix, kind, _)| *kind == Kind::Service && affix == latin)
    }
}
