import { namesNow } from '../i18n/names.svelte';
import { rest } from './hands';

/** Rows whose texts are made between two looks at the hands. */
const BATCH = 200;

/** What is searched of each row, made once for the names of a language: a letter typed asks tens of thousands of them. */
export class Searched<Row extends object> {
  private texts = new WeakMap<Row, string>();
  private by: unknown;

  /** `make` gives the text of a row; `isWhole` says whether it will stay so, since what a text lacks yet is asked again. */
  constructor(private readonly make: (row: Row) => string, private readonly isWhole: (row: Row) => boolean = () => true) {}

  textOf(row: Row): string {
    // Places have other names in another language.
    if (namesNow() !== this.by) {
      this.texts = new WeakMap();
      this.by = namesNow();
    }
    const known = this.texts.get(row);
    if (known !== undefined) return known;
    const text = this.make(row);
    if (this.isWhole(row)) this.texts.set(row, text);
    return text;
  }

  /** Makes the texts of rows before the first letter, a few at a time while hands rest. To be given to `$effect`: other rows or names begin anew. */
  prepare(rows: readonly Row[]): () => void {
    void namesNow();
    let gone = false;
    void (async () => {
      for (let at = 0; at < rows.length; at += BATCH) {
        await rest();
        if (gone) return;
        rows.slice(at, at + BATCH).forEach((row) => this.textOf(row));
      }
    })();
    return () => { gone = true; };
  }
}
