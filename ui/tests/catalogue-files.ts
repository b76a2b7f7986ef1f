import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('../src/', import.meta.url).pathname;

/** All messages of a language: `xx.json` and every `….xx.json`; no key stands in two of them. */
export function readCatalogue(code: string): Record<string, string> {
  const folder = join(root, 'i18n/messages');
  const files = readdirSync(folder).filter((name) => name === `${code}.json` || name.endsWith(`.${code}.json`));
  const all: Record<string, string> = {};
  for (const name of files) {
    for (const [key, text] of Object.entries(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string>)) {
      if (Object.hasOwn(all, key)) throw new Error(`${key} stands in two files of ${code}`);
      all[key] = text;
    }
  }
  return all;
}

/** The rows of a table, by the names in its first line. Fields with a comma stand in double quotes. */
export function readRows(path: string): Record<string, string>[] {
  const lines = readFileSync(join(root, path), 'utf8').trim().split('\n');
  const fields = (line: string): string[] => [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].slice(0, line.endsWith(',') ? undefined : -1).map((found) => found[2] ?? found[1] ?? '');
  const names = fields(lines[0] ?? '');
  return lines.slice(1).map((line) => Object.fromEntries(fields(line).map((field, i) => [names[i] ?? '', field])));
}
