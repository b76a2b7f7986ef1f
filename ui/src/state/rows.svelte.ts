/**
 * Rows by their id, as a few thousand of them are read by lists: whoever reads follows the whole, once for each change, and not every row for
 * itself. A row that did not change stays the same value.
 */
export class Rows<T extends { readonly id: string }> {
  // What is read is `list`; this only finds.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  private readonly byId = new Map<string, T>();
  /** All rows, in the order in which they came. */
  list = $state.raw<readonly T[]>([]);

  get size(): number {
    return this.list.length;
  }

  get(id: string): T | undefined {
    // Read, so that the reader follows.
    void this.list;
    return this.byId.get(id);
  }

  set(row: T): void {
    this.setAll([row]);
  }

  setAll(rows: Iterable<T>): void {
    let changed = false;
    for (const row of rows) {
      this.byId.set(row.id, row);
      changed = true;
    }
    if (changed) this.list = [...this.byId.values()];
  }

  /** The rows are these and no others. */
  replace(rows: readonly T[]): void {
    this.byId.clear();
    for (const row of rows) this.byId.set(row.id, row);
    this.list = [...this.byId.values()];
  }
}
