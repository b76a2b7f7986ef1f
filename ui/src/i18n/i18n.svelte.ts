import { followFindings } from './findings.svelte';
import { chooseLanguage, LANGUAGES, type Language } from './languages';
import { formatMessage, intlVoice, parseMessage, type Arguments, type Message, type Voice } from './message';
import englishDesk from './messages/desk.en.json';
import englishFields from './messages/fields.en.json';
import englishGuide from './messages/guide.en.json';
import englishRest from './messages/en.json';
import englishPeople from './messages/people.en.json';
import englishPlans from './messages/plans.en.json';
import englishScreens from './messages/screens.en.json';
import { tableNumber, type LocaleTable } from './table';

export { LANGUAGES, type Language } from './languages';

/** The words of an officer's desk, of the other people's places, and of the fields of entries, stand in files of their own. */
const english = { ...englishRest, ...englishDesk, ...englishFields, ...englishGuide, ...englishPeople, ...englishPlans, ...englishScreens };
export type MessageKey = keyof typeof english;
type Catalogue = Readonly<Record<string, string>>;

/** A language's messages are `xx.json` and every `….xx.json`; its table, if it has one, is `locales/xx.json`. */
const files = import.meta.glob<Catalogue>(['./messages/*.json', '!./messages/*en.json', '!./messages/awaiting.json'], { import: 'default' });
const tables = import.meta.glob<LocaleTable>('./locales/*.json', { import: 'default' });

const STORED = 'kervan.language';
// A cache of what the catalogue says: never rendered itself, so it need not be reactive.
// eslint-disable-next-line svelte/prefer-svelte-reactivity
const parsed = new Map<string, Message>();

let language = $state<Language>('en');
let catalogue = $state.raw<Catalogue>(english);
let table = $state.raw<LocaleTable | undefined>(undefined);
let voice: Voice = intlVoice('en-GB');

/** The language shown now, as a BCP 47 tag. Reading it in a component makes the component follow it. */
export function locale(): string {
  // British conventions: the day before the month, as everywhere on the corridor.
  return language === 'en' ? 'en-GB' : tagOf(language);
}

/** How the language shown writes numbers and dates, where the browser does not know it. */
export function localeTable(): LocaleTable | undefined {
  return table;
}

export function currentLanguage(): Language {
  return language;
}

const tagOf = (code: Language): string => LANGUAGES.find((known) => known.code === code)?.tag ?? code;

async function loadLanguage(code: Language): Promise<[Catalogue, LocaleTable | undefined]> {
  if (code === 'en') return [english, undefined];
  const own = Object.entries(files).filter(([path]) => path.endsWith(`/${code}.json`) || path.endsWith(`.${code}.json`));
  const [messages, numbers] = await Promise.all([Promise.all(own.map(([, load]) => load())), tables[`./locales/${code}.json`]?.()]);
  return [Object.assign({}, ...messages) as Catalogue, numbers];
}

let wish = 0;

/** Shows another language; the last choice wins, however slowly the files of another come. */
export async function setLanguage(code: Language): Promise<void> {
  const turn = ++wish;
  const [messages, numbers] = await loadLanguage(code);
  if (turn !== wish) return;
  parsed.clear();
  catalogue = messages;
  table = numbers;
  language = code;
  voice = intlVoice(locale());
  if (numbers !== undefined) voice = { ...voice, number: tableNumber(numbers, {}).format };
  document.documentElement.lang = tagOf(code);
  // The screen does not wait for them: a finding that is shown before changes its words when they come.
  void followFindings(code);
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
  const wished = chooseLanguage([storedLanguage(), ...navigator.languages]);
  // Files that do not come leave the screen in English rather than empty.
  if (wished !== undefined && wished !== 'en') await setLanguage(wished).catch(() => undefined);
}

/** The message under `key` in the language shown, with its arguments filled in. */
export function t(key: MessageKey, values: Arguments = {}): string {
  const source = catalogue[key] ?? english[key];
  let message = parsed.get(source);
  if (message === undefined) {
    message = parseMessage(source);
    parsed.set(source, message);
  }
  return formatMessage(message, values, voice);
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
