//! The links of a page to other files; those to the web are not followed, and what stands in a block of code is none.

/// The files that a page links to, each with the number of its line from 1 on and without the place in it (`#…`).
pub(crate) fn links_to_files(page: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    let mut in_code = false;
    for (line, number) in page.lines().zip(1..) {
        in_code ^= line.trim_start().starts_with("```");
        if !in_code {
            links.extend(targets(line).map(|target| (number, target)));
        }
    }
    links
}

/// The files in the `[text](target)` of a line.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', ' ']).next()?;
        let path = target.split('#').next()?;
        let elsewhere = path.is_empty() || path.contains("://") || path.starts_with("mailto:");
        (!elsewhere).then_some(path)
    })
}

#[test]
fn links_to_files_are_told_from_others() {
    let page = "see [a](docs/a.md#b), ![c](../d.png \"title\") and [e]\n[f](https://g.h/i.md) [j](#k) [l](mailto:m@n)\n\
                ```\n[o](p.md)\n```\n(q.md) [r](s.md)";
    assert_eq!(links_to_files(page), [(1, "docs/a.md"), (1, "../d.png"), (6, "s.md")]);
}
