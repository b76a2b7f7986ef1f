/**
 * Numbers, dates, countries and the order of letters from a table of our own: browsers come without the data of several
 * languages of the corridor (Chromium writes "2026 M05 7" in Kazakh). `build/locales.mjs` makes the tables.
 */

export interface LocaleTable {
  readonly decimal: string; readonly group: string;
  /** Digits before the decimal sign from which on they are grouped. */
  readonly group_from: number;
  readonly percent: string; readonly currency: string; readonly units: Readonly<Record<string, string>>;
  readonly months: readonly string[]; readonly weekdays: readonly string[]; readonly patterns: Readonly<Record<string, string>>;
  readonly within_month: string; readonly across_months: string;
  readonly alphabet: string; readonly regions: Readonly<Record<string, string>>;
}

/** What the screen uses of `Intl.NumberFormat`. */
export interface NumberFormat { format(value: number): string; formatRange(from: number, to: number): string }
/** What the screen uses of `Intl.DateTimeFormat`. */
export interface DateFormat { format(at: Date): string; formatRange(from: Date, to: Date): string }

const fill = (pattern: string, values: Readonly<Record<string, string>>): string => pattern.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** Rounding and digits are the browser's, from English; signs, units and order are the table's. */
export function tableNumber(table: LocaleTable, options: Intl.NumberFormatOptions): NumberFormat {
  const { style = 'decimal', unit, unitDisplay = 'short', currency, ...digits } = options;
  const plain = new Intl.NumberFormat('en', { ...digits, ...(style === 'percent' && { style }) });
  const figure = (value: number): string => {
    const parts = plain.formatToParts(value);
    const whole = parts.filter((part) => part.type === 'integer').map((part) => part.value).join('');
    const sign = (part: Intl.NumberFormatPart): string => {
      if (part.type === 'group') return whole.length >= table.group_from ? table.group : '';
      if (part.type === 'minusSign') return '−';
      return part.type === 'decimal' ? table.decimal : part.type === 'percentSign' ? '' : part.value;
    };
    return parts.map(sign).join('');
  };
  const dress = (text: string): string => {
    if (style === 'percent') return fill(table.percent, { n: text });
    if (style === 'currency') return fill(table.currency, { n: text, code: currency ?? '' });
    if (style === 'unit') return fill(table.units[`${unit ?? ''}.${unitDisplay}`] ?? `{n} ${unit ?? ''}`, { n: text });
    return text;
  };
  return { format: (value) => dress(figure(value)), formatRange: (from, to) => (figure(from) === figure(to) ? dress(figure(from)) : dress(`${figure(from)}–${figure(to)}`)) };
}

interface DateParts { readonly y: string; readonly m: string; readonly d: string; readonly w: string; readonly H: string; readonly M: string }

/** The parts of a moment in a zone; which zones there are, and their rules, the browser knows in every language. */
function partsOf(table: LocaleTable, at: Date, timeZone: string): DateParts {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const [year, month, day] = [Number(part['year']), Number(part['month']), Number(part['day'])];
  return {
    y: String(year), m: table.months[month - 1] ?? String(month), d: String(day), w: table.weekdays[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? '',
    H: part['hour'] ?? '', M: part['minute'] ?? '',
  };
}

export function tableDate(table: LocaleTable, options: Intl.DateTimeFormatOptions): DateFormat {
  const { weekday, year, month, day, hour, minute, timeZone = 'UTC' } = options;
  const date = [weekday && 'w', year && 'y', month && 'm', day && 'd'].filter(Boolean).join('');
  const pattern = date === '' ? '' : (table.patterns[date] ?? [weekday && '{w}', day && '{d}', month && '{m}', year && '{y}'].filter(Boolean).join(' '));
  const time = hour !== undefined ? (table.patterns['t'] ?? '{H}:{M}') : minute !== undefined ? '{M}' : '';
  const whole = [pattern, time].filter((one) => one !== '').join(', ');
  const format = (at: Date): string => fill(whole, { ...partsOf(table, at, timeZone) });
  const formatRange = (from: Date, to: Date): string => {
    const [a, b] = [partsOf(table, from, timeZone), partsOf(table, to, timeZone)];
    if (format(from) === format(to)) return format(from);
    if (date !== 'md' || time !== '') return `${format(from)} – ${format(to)}`;
    return fill(a.m === b.m && a.y === b.y ? table.within_month : table.across_months, { d1: a.d, m1: a.m, d2: b.d, m2: b.m });
  };
  return { format, formatRange };
}

/** Compares by an alphabet whose letters are separated by spaces; letters it lacks, and what else stands in a name, come after by the browser's order. */
export function alphabetical(alphabet: string, fold: (text: string) => string): (a: string, b: string) => number {
  const letters = alphabet.split(' ');
  const rank = new Map(letters.map((letter, i) => [letter, i + 1]));
  const longest = Math.max(...letters.map((letter) => letter.length));
  const rest = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  const ranks = (text: string): (number | string)[] => {
    const out: (number | string)[] = [];
    const folded = fold(text);
    for (let at = 0; at < folded.length;) {
      let size = longest;
      while (size > 1 && !rank.has(folded.slice(at, at + size))) size -= 1;
      const piece = folded.slice(at, at + size);
      out.push(rank.get(piece) ?? piece);
      at += size;
    }
    return out;
  };
  return (a, b) => {
    const [one, other] = [ranks(a), ranks(b)];
    for (let i = 0; i < Math.min(one.length, other.length); i += 1) {
      const [x, y] = [one[i] ?? '', other[i] ?? ''];
      if (x === y) continue;
      if (typeof x === 'number' && typeof y === 'number') return x - y;
      if (typeof x === 'string' && typeof y === 'string') {
        const found = rest.compare(x, y);
        if (found !== 0) return found;
        continue;
      }
      // Spaces, signs and figures stand before letters; letters of other alphabets after.
      return typeof x === 'string' ? (/\p{L}/u.test(x) ? 1 : -1) : /\p{L}/u.test(String(y)) ? -1 : 1;
    }
    return one.length - other.length;
  };
}
