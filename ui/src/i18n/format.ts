import type { Instant, Money, Spread } from '../api/types';
import { locale, t } from './i18n.svelte';

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function number(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n${locale()}${JSON.stringify(options)}`;
  let format = formats.get(key) as Intl.NumberFormat | undefined;
  if (format === undefined) {
    format = new Intl.NumberFormat(locale(), options);
    formats.set(key, format);
  }
  return format;
}

function date(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d${locale()}${JSON.stringify(options)}`;
  let format = formats.get(key) as Intl.DateTimeFormat | undefined;
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', ...options });
    formats.set(key, format);
  }
  return format;
}

export const integer = (value: number): string => number({ maximumFractionDigits: 0 }).format(value);
export const decimal = (value: number): string => number({ maximumFractionDigits: 1 }).format(value);
export const percent = (share: number): string => number({ style: 'percent', maximumFractionDigits: 0 }).format(share);
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

export const day = (instant: Instant): string => date({ day: 'numeric', month: 'short' }).format(stamp(instant));
export const dayYear = (instant: Instant): string => date({ day: 'numeric', month: 'short', year: 'numeric' }).format(stamp(instant));
export const weekday = (instant: Instant): string => date({ weekday: 'short' }).format(stamp(instant));
export const clockTime = (instant: Instant): string => date({ hour: '2-digit', minute: '2-digit', hour12: false }).format(stamp(instant));
export const moment = (instant: Instant): string =>
  date({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false }).format(stamp(instant));
export const exactMoment = (instant: Instant): string =>
  `${date({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false }).format(stamp(instant))} UTC`;
export const dayRange = (from: Instant, to: Instant): string => date({ day: 'numeric', month: 'short' }).formatRange(stamp(from), stamp(to));

export const hoursBetween = (from: Instant, to: Instant): number => (Date.parse(to) - Date.parse(from)) / 3_600_000;

let regions: { locale: string; names: Intl.DisplayNames } | undefined;

/** The name of a country, from its ISO 3166 code in letters or digits, in the language shown. */
export function country(code: string): string {
  if (regions?.locale !== locale()) regions = { locale: locale(), names: new Intl.DisplayNames(locale(), { type: 'region', fallback: 'code' }) };
  try {
    return regions.names.of(new Intl.Locale(`und-${code}`).region ?? code) ?? code;
  } catch {
    return code;
  }
}
