import type { Attachment } from 'svelte/attachments';

/** What somebody has begun to write stays in this tab until it is sent: a reload, a lost line or an ended session loses no word. */
const PREFIX = 'kervan.draft.';

export function findDraft(name: string): string {
  try {
    return sessionStorage.getItem(PREFIX + name) ?? '';
  } catch {
    return '';
  }
}

export function keepDraft(name: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, text);
  } catch {
    // Without storage a draft lasts as long as the page.
  }
}

/** Keeps the words of a field under a name, and puts them back when the field comes again. */
export function kept(name: string): Attachment<HTMLInputElement | HTMLTextAreaElement> {
  return (field) => {
    const text = findDraft(name);
    if (text !== '' && field.value === '') {
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    const keep = (): void => keepDraft(name, field.value);
    field.addEventListener('input', keep);
    return () => field.removeEventListener('input', keep);
  };
}
