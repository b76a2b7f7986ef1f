// Writes src/i18n/locales/*.json: how languages that browsers carry no data for write numbers, dates and countries.
// Chromium is built without them (a month comes out as "M05"), so they are taken from the CLDR data of Node's own ICU.
import { writeFileSync } from 'node:fs';

const LANGUAGES = ['az', 'kk', 'uz', 'ka', 'ky', 'tg', 'tk'];
/** The order of letters, where it differs from the order of code points. Source: the national alphabets (CLDR has no rules for all of them). */
const ALPHABETS = {
  az: 'a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v y z',
  kk: 'а ә б в г ғ д е ё ж з и й к қ л м н ң о ө п р с т у ұ ү ф х һ ц ч ш щ ъ ы і ь э ю я',
  uz: 'a b d e f g h i j k l m n o p q r s t u v x y z oʻ gʻ sh ch',
  ka: 'ა ბ გ დ ე ვ ზ თ ი კ ლ მ ნ ო პ ჟ რ ს ტ უ ფ ქ ღ ყ შ ჩ ც ძ წ ჭ ხ ჯ ჰ',
  ky: 'а б в г д е ё ж з и й к л м н ң о ө п р с т у ү ф х ц ч ш щ ъ ы ь э ю я',
  tg: 'а б в г ғ д е ё ж з и ӣ й к қ л м н о п р с т у ӯ ф х ҳ ч ҷ ш ъ э ю я',
  tk: 'a b ç d e ä f g h i j ž k l m n ň o ö p r s ş t u ü w y ý z',
};
const WIDTHS = { minute: ['narrow', 'short'], hour: ['narrow', 'short'], day: ['short'], kilometer: ['short'], kilogram: ['short'] };
/** A date whose parts are told apart by their digits: 27 November 2045, a Monday, 13:58. */
const SAMPLE = Date.UTC(2045, 10, 27, 13, 58);
const DATES = {
  md: { day: 'numeric', month: 'short' }, ymd: { day: 'numeric', month: 'short', year: 'numeric' }, wmd: { weekday: 'short', day: 'numeric', month: 'short' },
  w: { weekday: 'short' }, ym: { month: 'short', year: 'numeric' }, m: { month: 'short' }, y: { year: 'numeric' }, t: { hour: '2-digit', minute: '2-digit' },
};

/** What the CLDR of this Node lacks or leaves in English. Judgement, after the usage of the national press. */
const MENDED = {
  tg: {
    units: { 'minute.narrow': '{n} дақ', 'minute.short': '{n} дақ', 'hour.narrow': '{n} соат', 'hour.short': '{n} соат', 'day.short': '{n} рӯз', 'kilometer.short': '{n} км', 'kilogram.short': '{n} кг' },
    months: ['янв', 'фев', 'мар', 'апр', 'май', 'июн', 'июл', 'авг', 'сен', 'окт', 'ноя', 'дек'], within_month: '{d1}–{d2} {m1}', across_months: '{d1} {m1} – {d2} {m2}',
  },
};

const utc = (tag, options) => new Intl.DateTimeFormat(tag, { timeZone: 'UTC', hourCycle: 'h23', ...options });
const NAMES = { day: '{d}', month: '{m}', year: '{y}', weekday: '{w}', hour: '{H}', minute: '{M}' };
const pattern = (parts) => parts.map((part) => NAMES[part.type] ?? part.value).join('').replaceAll('\u202f', '\u00a0');

function numbers(tag) {
  const parts = new Intl.NumberFormat(tag, { useGrouping: 'always' }).formatToParts(1234567.5);
  const find = (type, fallback) => parts.find((part) => part.type === type)?.value ?? fallback;
  const grouped = (value) => new Intl.NumberFormat(tag).formatToParts(value).some((part) => part.type === 'group');
  const shape = (options) => new Intl.NumberFormat(tag, { maximumFractionDigits: 0, ...options }).format(7).replace('7', '{n}');
  const units = {};
  for (const [unit, widths] of Object.entries(WIDTHS)) {
    for (const unitDisplay of widths) units[`${unit}.${unitDisplay}`] = shape({ style: 'unit', unit, unitDisplay });
  }
  return {
    decimal: find('decimal', '.'), group: find('group', ' '), group_from: grouped(1234) ? 4 : 5,
    percent: shape({ style: 'percent' }).replace('{n}00', '{n}'), currency: shape({ style: 'currency', currency: 'USD', currencyDisplay: 'code' }).replace('USD', '{code}'), units,
  };
}

function dates(tag) {
  const patterns = Object.fromEntries(Object.entries(DATES).map(([name, options]) => [name, pattern(utc(tag, options).formatToParts(SAMPLE))]));
  const range = (from, to) => utc(tag, DATES.md).formatRangeToParts(from, to).map((part) => (NAMES[part.type] === undefined ? part.value : `${NAMES[part.type].slice(0, -1)}${part.source === 'endRange' ? '2' : '1'}}`)).join('');
  return {
    months: Array.from({ length: 12 }, (_, month) => utc(tag, DATES.md).formatToParts(Date.UTC(2045, month, 9)).find((part) => part.type === 'month').value),
    weekdays: Array.from({ length: 7 }, (_, day) => utc(tag, DATES.w).format(Date.UTC(2023, 0, 1 + day))),
    patterns, within_month: range(Date.UTC(2045, 10, 7), Date.UTC(2045, 10, 16)), across_months: range(Date.UTC(2045, 9, 28), Date.UTC(2045, 10, 3)),
  };
}

function regions(tag) {
  const names = new Intl.DisplayNames(tag, { type: 'region', fallback: 'none' });
  const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((one) => letters.map((other) => one + other)).filter((code) => english.of(code) !== undefined && new Intl.Locale(`und-${code}`).region === code);
  return Object.fromEntries(codes.flatMap((code) => (names.of(code) === undefined ? [] : [[code, names.of(code)]])));
}

for (const tag of LANGUAGES) {
  const table = { ...numbers(tag), ...dates(tag), ...MENDED[tag], alphabet: ALPHABETS[tag], regions: regions(tag) };
  writeFileSync(new URL(`../src/i18n/locales/${tag}.json`, import.meta.url), `${JSON.stringify(table, null, 1)}\n`);
}
