import english from './messages/en.json';
import { formatMessage, parseMessage, type Arguments, type Message } from './message';

export type MessageKey = keyof typeof english;
type Catalogue = Readonly<Record<string, string>>;

/** The languages the screen speaks. A new one is a file in `messages/` and a line here. */
export const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'ru', name: 'Русский' },
  { code: 'tr', name: 'Türkçe' },
] as const;
export type Language = (typeof LANGUAGES)[number]['code'];

const loaders: Record<Language, () => Promise<Catalogue>> = {
  en: () => Promise.resolve(english),
  ru: async () => (await import('./messages/ru.json')).default,
  tr: async () => (await import('./messages/tr.json')).default,
};

const STORED = 'kervan.language';
// A cache of what the catalogue says: never rendered itself, so it need not be reactive.
// eslint-disable-next-line svelte/prefer-svelte-reactivity
const parsed = new Map<string, Message>();

let language = $state<Language>('en');
let catalogue = $state.raw<Catalogue>(english);

function isLanguage(code: string): code is Language {
  return LANGUAGES.some((known) => known.code === code);
}

/** The language shown now, as a BCP 47 tag. Reading it in a component makes the component follow it. */
export function locale(): string {
  // British conventions: the day before the month, as everywhere on the corridor.
  return language === 'en' ? 'en-GB' : language;
}

export function currentLanguage(): Language {
  return language;
}

export async function setLanguage(code: Language): Promise<void> {
  const loaded = await loaders[code]();
  parsed.clear();
  catalogue = loaded;
  language = code;
  document.documentElement.lang = code;
  try {
    localStorage.setItem(STORED, code);
  } catch {
    // Without storage the choice lasts for this visit.
  }
}

function storedLanguage(): string {
  try {
    return localStorage.getItem(STORED) ?? '';
  } catch {
    return '';
  }
}

/** Chooses the stored language, or the first of the browser's that the screen speaks. */
export async function startLanguage(): Promise<void> {
  const wished = [storedLanguage(), ...navigator.languages].map((tag) => tag.slice(0, 2)).find(isLanguage);
  if (wished !== undefined && wished !== 'en') await setLanguage(wished);
}

/** The message under `key` in the language shown, with its arguments filled in. */
export function t(key: MessageKey, values: Arguments = {}): string {
  const source = catalogue[key] ?? english[key];
  let message = parsed.get(source);
  if (message === undefined) {
    message = parseMessage(source);
    parsed.set(source, message);
  }
  return formatMessage(message, values, locale());
}

/**
 * The message for a code that comes from data (a state, a role, a process). A code the catalogue does not know is
 * shown as it is, with its underscores opened: new data needs no new screen.
 */
export function tCode(group: string, code: string): string {
  // A word of somebody's own vocabulary comes as an address: its last part is the word.
  const word = code.slice(code.search(/[^/#]*$/));
  const key = `${group}.${word}`;
  if (Object.hasOwn(english, key)) return t(key as MessageKey);
  return word.replaceAll('_', ' ');
}
