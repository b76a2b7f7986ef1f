import type { Attachment } from 'svelte/attachments';

/**
 * A table or list with many figures is one stop of the tab key; the arrows go through them: left and right to the next one, up and down to the
 * one of the row above or below, Home and End to the ends.
 */
export const figures: Attachment<HTMLElement> = (table) => {
  table.dataset['figures'] = '';
  const all = (): HTMLElement[] => [...table.querySelectorAll<HTMLElement>('button.figure')];
  const settle = (): void => {
    const list = all();
    const current = list.find((one) => one === document.activeElement) ?? list[0];
    for (const one of list) one.tabIndex = one === current ? 0 : -1;
  };
  const rowOf = (one: HTMLElement): Element | null => one.closest('tr, li');
  const pressed = (event: KeyboardEvent): void => {
    const list = all();
    const at = list.indexOf(document.activeElement as HTMLElement);
    const here = list[at];
    if (here === undefined) return;
    const inRow = list.filter((one) => rowOf(one) === rowOf(here));
    const column = inRow.indexOf(here);
    const beside = (step: 1 | -1): HTMLElement | undefined => {
      const next = list[step > 0 ? list.indexOf(inRow.at(-1) ?? here) + 1 : list.indexOf(inRow[0] ?? here) - 1];
      const row = next === undefined ? [] : list.filter((one) => rowOf(one) === rowOf(next));
      return row[Math.min(column, row.length - 1)];
    };
    const to = { ArrowRight: list[at + 1], ArrowLeft: list[at - 1], ArrowDown: beside(1), ArrowUp: beside(-1), Home: list[0], End: list.at(-1) }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    to.focus();
  };
  const watcher = new MutationObserver(settle);
  watcher.observe(table, { childList: true, subtree: true });
  table.addEventListener('keydown', pressed);
  table.addEventListener('focusin', settle);
  settle();
  return () => {
    watcher.disconnect();
    table.removeEventListener('keydown', pressed);
    table.removeEventListener('focusin', settle);
  };
};
