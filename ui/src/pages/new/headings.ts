/** A chapter or heading of the Harmonized System, as `data/goods/headings.csv` names it. */
export interface Heading { readonly hs: string; readonly name: string }

/** Reads the table; fields with a comma stand in double quotes. */
export function readHeadings(text: string): Heading[] {
  return text.trim().split('\n').slice(1).flatMap((line) => {
    const found = /^(\d+),(?:"([^"]*)"|([^,]*)),/.exec(line);
    return found === null ? [] : [{ hs: found[1] ?? '', name: found[2] ?? found[3] ?? '' }];
  });
}

/** The table is fetched with the form and not with the page. */
export async function loadHeadings(): Promise<Heading[]> {
  const { default: text } = await import('../../../../data/goods/headings.csv?raw');
  return readHeadings(text);
}
