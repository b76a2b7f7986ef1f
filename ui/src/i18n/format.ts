import type { Instant, Money, Spread } from '../api/types';
import { timesShown } from '../state/times.svelte';
import { locale, localeTable, t } from './i18n.svelte';
import { alphabetical, tableDate, tableNumber, type DateFormat, type NumberFormat } from './table';

const formats = new Map<string, unknown>();

/** One value for each key and language: making a formatter costs a hundred times what using one does. */
function once<T>(key: string, make: () => T): T {
  const name = `${locale()} ${key}`;
  let made = formats.get(name) as T | undefined;
  if (made === undefined) {
    made = make();
    formats.set(name, made);
  }
  return made;
}

function number(options: Intl.NumberFormatOptions): NumberFormat {
  return once(`n${JSON.stringify(options)}`, () => {
    const table = localeTable();
    return table === undefined ? new Intl.NumberFormat(locale(), options) : tableNumber(table, options);
  });
}

function date(options: Intl.DateTimeFormatOptions): DateFormat {
  return once(`d${JSON.stringify(options)}`, () => {
    const table = localeTable();
    const given = { timeZone: 'UTC', ...options };
    return table === undefined ? new Intl.DateTimeFormat(locale(), given) : tableDate(table, given);
  });
}

export const integer = (value: number): string => number({ maximumFractionDigits: 0 }).format(value);
export const decimal = (value: number): string => number({ maximumFractionDigits: 1 }).format(value);
/** A rate that may be far below one: two digits that say something. */
export const rate = (value: number): string => number({ maximumSignificantDigits: 2 }).format(value);
export const percent = (share: number): string => number({ style: 'percent', maximumFractionDigits: 0 }).format(share);
/** Codes and words of others stand between quotation marks, not between the signs of the server's texts. */
export const quoted = (text: string): string => text.replace(/`([^`]+)`/g, '“$1”');
/** The short name of a unit alone. */
export const unit = (name: 'kilometer' | 'meter'): string =>
  number({ style: 'unit', unit: name }).format(0).replace(/[\p{Nd}\s]+/gu, '');
export const kilometres = (value: number): string =>
  number({ style: 'unit', unit: 'kilometer', maximumFractionDigits: 0 }).format(value);
export const kilograms = (value: number): string =>
  number({ style: 'unit', unit: 'kilogram', maximumFractionDigits: 0 }).format(value);
/** A mass given in kilograms, shown in tonnes. */
export const tonnes = (kg: number): string => t('unit.tonnes', { n: decimal(kg / 1000) });

export function money(value: Money): string {
  const amount = Number(value.amount);
  try {
    return number({ style: 'currency', currency: value.currency, maximumFractionDigits: 0, currencyDisplay: 'code' }).format(amount);
  } catch {
    return `${value.amount} ${value.currency}`;
  }
}

const DAY = 24;

/** A duration in hours, told as people tell it: minutes under an hour, hours under two days, then days. */
export function duration(hours: number): string {
  if (hours > 0 && hours < 1) return number({ style: 'unit', unit: 'minute', unitDisplay: 'narrow', maximumFractionDigits: 0 }).format(hours * 60);
  if (hours < 2 * DAY) return hoursOf(hours);
  return daysOf(hours);
}

const hoursOf = (hours: number): string =>
  number({ style: 'unit', unit: 'hour', unitDisplay: 'narrow', maximumFractionDigits: hours < 10 ? 1 : 0 }).format(hours);
const daysOf = (hours: number): string =>
  number({ style: 'unit', unit: 'day', unitDisplay: 'short', maximumFractionDigits: 1 }).format(hours / DAY);

/** min to max in one unit, so that the two ends can be compared at a glance. */
export function spread(hours: Spread): string {
  if (hours.min === hours.max) return duration(hours.typ);
  const inDays = hours.max >= 2 * DAY;
  const format = number({
    style: 'unit', unit: inDays ? 'day' : 'hour', unitDisplay: inDays ? 'short' : 'narrow', maximumFractionDigits: hours.max < 10 || inDays ? 1 : 0,
  });
  const scale = inDays ? DAY : 1;
  return format.formatRange(hours.min / scale, hours.max / scale);
}

const stamp = (instant: Instant): Date => new Date(instant);

const READER = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone that a time is told in: that of its place, unless the reader chose another; what has no place is told in UTC. */
function zoneFor(zone: string | undefined): string {
  const of = timesShown();
  return of === 'utc' ? 'UTC' : of === 'mine' ? READER : (zone ?? 'UTC');
}

/** The clock that times of a place are told on, and asked for on. */
export function clockShown(zone: string | undefined): { readonly zone: string; readonly of: 'place' | 'mine' | 'utc' } {
  return { zone: zoneFor(zone), of: timesShown() };
}

/** How far a zone is from UTC at an instant, as people name it: "UTC+5". A zone that the browser does not know is told as UTC. */
function offsetName(zone: string, instant: Instant): string {
  const format = once(`z${zone}`, () => new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'shortOffset' }));
  const name = format.formatToParts(stamp(instant)).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return name.replace('GMT', 'UTC').replace(/\+0$/, '');
}

function inZone(options: Intl.DateTimeFormatOptions, instant: Instant, zone: string): string {
  try {
    return date({ ...options, timeZone: zone }).format(stamp(instant));
  } catch {
    return date(options).format(stamp(instant));
  }
}

const CLOCK = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
const DAY_OF = { day: 'numeric', month: 'short' } as const;

/** The name of the zone that a time of a place is told in. */
export function zoneName(instant: Instant, zone?: string): string {
  try {
    return offsetName(zoneFor(zone), instant);
  } catch {
    return 'UTC';
  }
}

export const day = (instant: Instant, zone?: string): string => inZone(DAY_OF, instant, zoneFor(zone));
export const dayYear = (instant: Instant, zone?: string): string => inZone({ ...DAY_OF, year: 'numeric' }, instant, zoneFor(zone));
export const clockTime = (instant: Instant, zone?: string): string => inZone(CLOCK, instant, zoneFor(zone));
/** A moment on the clock of its place, with the name of the zone. */
export const moment = (instant: Instant, zone?: string): string => `${inZone({ ...DAY_OF, ...CLOCK }, instant, zoneFor(zone))} ${zoneName(instant, zone)}`;
export const exactMoment = (instant: Instant, zone?: string): string =>
  `${inZone({ ...DAY_OF, year: 'numeric', ...CLOCK }, instant, zoneFor(zone))} ${zoneName(instant, zone)}`;

/** A moment on each clock that somebody may ask for: the place's, the reader's, and UTC. */
export function clocksOf(instant: Instant, zone: string | undefined): { place: string | undefined; mine: string; utc: string } {
  const on = (at: string): string => {
    try {
      return `${inZone({ ...DAY_OF, year: 'numeric', ...CLOCK }, instant, at)} ${offsetName(at, instant)}`;
    } catch {
      return `${inZone({ ...DAY_OF, year: 'numeric', ...CLOCK }, instant, 'UTC')} UTC`;
    }
  };
  return { place: zone === undefined ? undefined : on(zone), mine: on(READER), utc: on('UTC') };
}

export function dayRange(from: Instant, to: Instant, zone?: string): string {
  try {
    return date({ ...DAY_OF, timeZone: zoneFor(zone) }).formatRange(stamp(from), stamp(to));
  } catch {
    return date(DAY_OF).formatRange(stamp(from), stamp(to));
  }
}

export const hoursBetween = (from: Instant, to: Instant): number => (Date.parse(to) - Date.parse(from)) / 3_600_000;

/** The name of a country, from its ISO 3166 code in letters or digits, in the language shown. */
export function country(code: string): string {
  try {
    const region = new Intl.Locale(`und-${code}`).region ?? code;
    const names = once('regions', () => new Intl.DisplayNames(locale(), { type: 'region', fallback: 'code' }));
    return localeTable()?.regions[region] ?? names.of(region) ?? code;
  } catch {
    return code;
  }
}

/** A list in words: "a, b and c". */
export function listed(items: readonly string[]): string {
  return localeTable() === undefined ? once('list', () => new Intl.ListFormat(locale(), { type: 'conjunction' })).format(items) : items.join(', ');
}

/** The order of names in the language shown; figures inside of names count as numbers. */
export function byName(a: string, b: string): number {
  const compare = once('order', () => {
    const table = localeTable();
    if (table !== undefined) return alphabetical(table.alphabet, (text) => text.toLocaleLowerCase(locale()));
    const collator = new Intl.Collator(locale(), { numeric: true, sensitivity: 'base' });
    return (one: string, other: string) => collator.compare(one, other);
  });
  return compare(a, b);
}
