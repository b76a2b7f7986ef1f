import type { Attachment } from 'svelte/attachments';

/**
 * A list of buttons is one stop of the tab key; the arrows, Home and End go through it (WAI-ARIA: roving tabindex). Rows come and go,
 * so the stop is decided anew whenever the list is entered or changes.
 */
export const roving: Attachment<HTMLElement> = (list) => {
  const stops = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('button')];
  const settle = (): void => {
    const all = stops();
    const current = all.find((one) => one === document.activeElement) ?? all.find((one) => one.getAttribute('aria-pressed') === 'true') ?? all[0];
    for (const one of all) one.tabIndex = one === current ? 0 : -1;
  };
  const pressed = (event: KeyboardEvent): void => {
    const all = stops();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    const next = to === undefined || at < 0 ? undefined : all[to];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  const watcher = new MutationObserver(settle);
  watcher.observe(list, { childList: true, subtree: true, attributeFilter: ['aria-pressed'] });
  list.addEventListener('keydown', pressed);
  list.addEventListener('focusin', settle);
  settle();
  return () => {
    watcher.disconnect();
    list.removeEventListener('keydown', pressed);
    list.removeEventListener('focusin', settle);
  };
};
