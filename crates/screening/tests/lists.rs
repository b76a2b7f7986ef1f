//! Lists in every shape that is published, made up by us; questions to them; decisions.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use kervan_screening::{
    Birth, Decision, Delta, Entity, Format, Identifier, Index, List, PartyKind, Question, Score, Standing,
    Tables, Verdict, diff_lists, is_imo_number, read_goods_list, read_list, screen_goods, standing_of,
};
use std::fs;
use std::path::Path;

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists");
    fs::read_to_string(folder.join(name)).unwrap()
}

fn tables() -> Tables {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    Tables::load(|file| fs::read_to_string(data.join(file)).ok()).unwrap()
}

fn load(name: &str, companions: &[&str]) -> List {
    let texts: Vec<_> = companions.iter().map(|name| (*name, file(name))).collect();
    let companions: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (list, findings) = read_list(name, &file(name), &companions).unwrap();
    assert!(findings.is_empty(), "{name}: {findings:?}");
    list
}

#[test]
fn every_shape_gives_the_same_three() {
    for (name, companions, format) in [
        ("sdn.xml", &[][..], Format::OfacXml),
        ("sdn.csv", &["alt.csv", "add.csv"][..], Format::OfacCsv),
        ("eu.xml", &[], Format::EuXml),
        ("eu.csv", &[], Format::EuCsv),
        ("un.xml", &[], Format::UnXml),
        ("ConList.csv", &[], Format::UkConListCsv),
        ("uk.xml", &[], Format::UkXml),
        ("uk.csv", &[], Format::UkCsv),
        ("targets.simple.csv", &[], Format::TargetsCsv),
        ("own.csv", &[], Format::OwnCsv),
    ] {
        let list = load(name, companions);
        assert_eq!(list.format, format, "{name}");
        let person = list.entities.iter().find(|entity| entity.kind == Some(PartyKind::Person)).unwrap();
        assert!(person.names.len() >= 2, "{name}: {:?}", person.names);
        assert!(
            person.names.iter().any(|n| n.contains("Testov") || n.contains("TESTOV")),
            "{name}: {:?}",
            person.names
        );
        assert_eq!(person.births.first().map(|birth| birth.year), Some(1961), "{name}");
        let company = list.entities.iter().find(|entity| entity.kind == Some(PartyKind::Organisation));
        let company = company.unwrap_or_else(|| panic!("{name}: no company among {:?}", list.entities));
        assert!(
            company.names.iter().any(|n| n.to_lowercase().contains("primer trading")),
            "{name}: {:?}",
            company.names
        );
        if format != Format::UnXml
            && format != Format::EuXml
            && format != Format::EuCsv
            && format != Format::UkConListCsv
        {
            let ship = list.entities.iter().find(|entity| entity.kind == Some(PartyKind::Vessel));
            let ship = ship.unwrap_or_else(|| panic!("{name}: no ship among {:?}", list.entities));
            let imo = Identifier::new("imo", "9074729").unwrap();
            assert!(ship.identifiers.contains(&imo), "{name}: {:?}", ship.identifiers);
        }
        let tables = tables();
        let index = Index::new(&tables, vec![list]);
        let question =
            Question { kind: Some(PartyKind::Person), ..Question::new("Вымысл Тестов") };
        let hits = index.screen(&tables, &question, tables.threshold());
        assert_eq!(hits.len(), 1, "{name}: {hits:?}");
        let nobody = Question::new("Peter Nobody");
        assert!(index.screen(&tables, &nobody, tables.threshold()).is_empty(), "{name}");
    }
}

#[test]
fn bad_lists_are_refused_with_their_line() {
    let cases = [
        ("not a list at all", "screening.list-format", None),
        ("<sdnList><sdnEntry></sdnList>", "screening.list-xml", Some("bad:1")),
        ("<export><sanctionEntity euReferenceNumber='1'>", "screening.list-xml", Some("bad:1")),
        (
            "<sdnList>\n<sdnEntry>\n<uid>&made-up;</uid></sdnEntry></sdnList>",
            "screening.list-xml",
            Some("bad:3"),
        ),
        ("<sdnList></sdnList>", "screening.list-empty", Some("bad")),
        ("id,kind,name\n", "screening.list-empty", Some("bad")),
    ];
    for (text, code, path) in cases {
        let findings = read_list("bad", text, &[]).unwrap_err();
        let finding = findings.iter().find(|finding| finding.code == code);
        let finding = finding.unwrap_or_else(|| panic!("{text}: {findings:?}"));
        if let Some(path) = path {
            assert_eq!(finding.path.as_deref(), Some(path), "{text}");
        }
    }
    let (list, findings) =
        read_list("part", "id,kind,name\n1,person,A B\n,person,C D\n3,robot,E F\n", &[]).unwrap();
    assert_eq!(list.entities.len(), 2);
    let paths: Vec<_> = findings.iter().filter_map(|finding| finding.path.as_deref()).collect();
    assert_eq!(paths, ["part:3", "part:4"], "the rest of a list is read");
}

#[test]
fn a_file_that_is_no_list_is_told_what_it_is() {
    let cases = [
        ("", "screening.list-no-content", "the file is empty"),
        ("\u{feff} \n\n", "screening.list-no-content", "the file is empty"),
        (
            "<!DOCTYPE html><html><body>Sign in</body></html>",
            "screening.list-web-page",
            "a page for a browser",
        ),
        ("\n<HTML>\n<p>x", "screening.list-web-page", "a page for a browser"),
        (
            "<?xml version=\"1.0\"?>\n<feed><entry/></feed>",
            "screening.list-root",
            "the outermost element is `feed`",
        ),
        (
            "<?xml version=\"1.0\"?>\n<sdnList",
            "screening.list-xml",
            "line 2, column 1: the text ends within a tag",
        ),
        ("<?xml version=\"1.0\"?>\n<!-- no list -->", "screening.list-xml", "there is no element"),
        (
            "Name;Country;Born\nA;B;1961",
            "screening.list-columns",
            "no list has the columns Name, Country, Born",
        ),
        ("first_name,last_name\nA,B", "screening.list-columns", "needs id, kind, name"),
        ("{\"a\": 1, \"b\": 2}", "screening.list-format", "it begins with `{"),
        ("not a list at all", "screening.list-format", "it begins with `not a list at all`"),
        ("<export><a></b>", "screening.list-xml", "line 1, column 12: `</b>` stands where `</a>` is needed"),
    ];
    for (text, code, says) in cases {
        let findings = read_list("bad", text, &[]).unwrap_err();
        let told: Vec<_> =
            findings.iter().map(|finding| (finding.code.as_str(), finding.message.as_str())).collect();
        assert!(
            matches!(told[..], [(told, message)] if told == code && message.contains(says)),
            "{text}: {told:?}"
        );
        assert!(findings[0].remedy.is_some() && findings[0].path.is_some(), "{text}: {findings:?}");
    }
}

#[test]
fn ships_numbers_have_a_check_digit() {
    assert!(is_imo_number("9074729"));
    assert!(!is_imo_number("9074728") && !is_imo_number("907472") && !is_imo_number(""));
    assert_eq!(Identifier::new("IMO number", "IMO 9074729").unwrap().scheme, "imo");
    assert_eq!(Identifier::new("imo", "9074728").unwrap().scheme, "other");
    assert_eq!(Birth::find("circa 1961").unwrap(), Birth { year: 1961, day: None });
    for text in ["1961-03-14", "14/03/1961", "14 Mar 1961"] {
        assert_eq!(Birth::find(text), Some(Birth { year: 1961, day: Some((3, 14)) }), "{text}");
    }
}

#[test]
fn what_else_is_known_speaks_for_and_against() {
    let tables = tables();
    let index = Index::new(&tables, vec![load("own.csv", &[])]);
    let score = |question: Question| {
        index.screen(&tables, &question, Score::NONE).first().map_or(Score::NONE, |hit| hit.score)
    };
    let bare = Question { kind: Some(PartyKind::Person), ..Question::new("Vymysl Testow") };
    let born = |year| Some(Birth { year, day: None });
    let same = score(Question { born: born(1961), ..bare.clone() });
    let other = score(Question { born: born(1990), ..bare.clone() });
    let (bare, full) = (score(bare.clone()), score(Question { country: "GE".parse().ok(), ..bare }));
    assert!(other < bare && bare <= same, "{other} {bare} {same}");
    assert!(full < bare, "another country: {full} {bare}");
    let by_number = Question {
        identifiers: vec![Identifier::new("imo", "IMO9074729").unwrap()],
        ..Question::new("Another Name")
    };
    let hits = index.screen(&tables, &by_number, tables.threshold());
    assert_eq!(hits.first().map(|hit| (hit.entity.as_str(), hit.score)), Some(("X-3", Score::FULL)));
}

#[test]
fn only_changes_are_screened_again() {
    let older = load("own.csv", &[]);
    let mut newer = older.clone();
    newer.entities.remove(0);
    newer.entities[0].names.push("Primer Torgovlya".to_owned());
    newer.entities[1].remark = "another remark says nothing about who it is".to_owned();
    newer.entities.push(Entity { names: vec!["New One".to_owned()], ..Entity::new("X-9") });
    let delta = diff_lists(&older, &newer);
    assert_eq!((delta.added.len(), delta.removed.len(), delta.changed.len()), (1, 1, 1), "{delta:?}");
    assert_eq!(delta.to_list(&newer).entities.len(), 2);
    assert_eq!(diff_lists(&older, &older), Delta::default());
}

#[test]
fn a_hit_is_decided_once() {
    let tables = tables();
    let list = load("own.csv", &[]);
    let ask = |list: &List, name: &str| {
        let question = Question { kind: Some(PartyKind::Person), ..Question::new(name) };
        Index::new(&tables, vec![list.clone()]).screen(&tables, &question, tables.threshold()).remove(0)
    };
    let hit = ask(&list, "Vymysl Testov");
    assert_eq!(standing_of(&hit, &[]), Standing::Open);
    let at = |text: &str| text.parse().unwrap();
    let cleared =
        Decision::of(&hit, Verdict::Cleared, "officer", "born elsewhere", at("2026-03-01T08:00:00Z"));
    let decisions = vec![cleared.clone()];
    assert!(standing_of(&hit, &decisions).lets_pass());
    assert!(standing_of(&ask(&list, "  vymysl   TESTOV "), &decisions).lets_pass(), "the same question");
    assert!(!standing_of(&ask(&list, "Vymisl Testov"), &decisions).lets_pass(), "another party");

    let mut remarked = list.clone();
    remarked.entities[0].remark = "more".to_owned();
    assert!(standing_of(&ask(&remarked, "Vymysl Testov"), &decisions).lets_pass(), "nothing of substance");
    let mut renamed = list.clone();
    renamed.entities[0].names.push("Somebody Else".to_owned());
    assert!(matches!(standing_of(&ask(&renamed, "Vymysl Testov"), &decisions), Standing::Changed { .. }));

    let later = Decision { verdict: Verdict::Confirmed, at: at("2026-03-02T08:00:00Z"), ..cleared };
    assert!(!standing_of(&hit, &[later, decisions[0].clone()]).lets_pass(), "the latest counts");
}

#[test]
fn goods_are_found_by_code_and_by_word() {
    let tables = tables();
    let rules = "hs,words,title,source\n9301,,military weapons,a law\n,night vision,optics,a law\n";
    let rules = read_goods_list("goods", rules).unwrap();
    assert_eq!(screen_goods(&tables, &rules, "9301.20", "parts", "/goods/0").len(), 1);
    assert_eq!(screen_goods(&tables, &rules, "9005", "Vision devices for the NIGHT", "/goods/0").len(), 1);
    assert!(screen_goods(&tables, &rules, "6109", "T-shirts", "/goods/0").is_empty());
    let findings = read_goods_list("goods", "hs,words,title,source\n,,nothing,\n").unwrap_err();
    assert_eq!(findings[0].path.as_deref(), Some("goods:2"));
}

#[test]
fn the_index_finds_whom_comparing_with_everybody_finds() {
    let tables = tables();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/labelled/pairs.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    let entities: Vec<Entity> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let (kind, names) = (PartyKind::find(&row[2]), vec![row[1].to_owned()]);
            Entity { kind, names, ..Entity::new(at.to_string()) }
        })
        .collect();
    let list =
        List { name: "l".into(), format: Format::OwnCsv, version: "v".into(), published: None, entities };
    let index = Index::new(&tables, vec![list]);
    let (mut expected, mut found, mut missed) = (0, 0, Vec::new());
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| &row[3] == "1") {
        let kind = PartyKind::find(&row[2]);
        if tables.compare_texts(&row[0], &row[1], kind).score < tables.threshold() {
            continue;
        }
        expected += 1;
        let question = Question { kind, ..Question::new(row[0].to_owned()) };
        let hits = index.screen(&tables, &question, tables.threshold());
        let hit = hits.iter().any(|hit| hit.entity == at.to_string());
        if !hit {
            missed.push(format!("{} / {}", &row[0], &row[1]));
        }
        found += usize::from(hit);
    }
    assert!(found * 100 >= expected * 98, "{found} of {expected} are found; not: {missed:#?}");
}
