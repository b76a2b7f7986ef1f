import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseLanguage } from '../src/i18n/languages';
import { alphabetical, tableDate, tableNumber, type LocaleTable } from '../src/i18n/table';

const folder = new URL('../src/i18n/locales/', import.meta.url).pathname;
const tables = new Map(readdirSync(folder).map((name) => [name.slice(0, -5), JSON.parse(readFileSync(`${folder}${name}`, 'utf8')) as LocaleTable]));
const table = (code: string): LocaleTable => {
  const found = tables.get(code);
  if (found === undefined) throw new Error(code);
  return found;
};

describe.each([...tables.keys()])('table %s', (code) => {
  it('is whole', () => {
    const { months, weekdays, units, regions } = table(code);
    expect([new Set(months).size, weekdays.length]).toEqual([12, 7]);
    for (const unit of ['minute.narrow', 'hour.narrow', 'hour.short', 'day.short', 'kilometer.short', 'kilogram.short']) expect(units[unit], unit).toContain('{n}');
    for (const region of ['CN', 'KZ', 'AZ', 'GE', 'TR', 'UZ', 'TM', 'RU', 'DE', 'UA']) expect(regions[region], region).toBeTruthy();
  });

  it('writes what CLDR writes', () => {
    if (code === 'tg' || Intl.NumberFormat.supportedLocalesOf([code]).length === 0) return;
    for (const value of [0, 0.25, 7, 999, 1234, 12345.6, 9876543.21]) {
      const options = { maximumFractionDigits: 1 };
      expect(tableNumber(table(code), options).format(value)).toBe(new Intl.NumberFormat(code, options).format(value));
    }
  });
});

const at = (text: string): Date => new Date(text);
const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
const whole: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false };

describe('dates', () => {
  it.each([
    ['kk', day, '2026-05-07T15:05:00Z', '7 мам.'],
    ['kk', whole, '2026-05-07T15:05:00Z', '2026 ж. 7 мам., 15:05'],
    ['uz', day, '2026-05-07T15:05:00Z', '7-may'],
    ['ka', whole, '2026-12-31T23:59:00Z', '31 დეკ. 2026, 23:59'],
    ['az', { ...whole, timeZone: 'Asia/Almaty' }, '2026-12-31T23:59:00Z', '1 yan 2027, 04:59'],
    ['ky', { weekday: 'short' } as const, '2026-05-07T15:05:00Z', 'бейш.'],
  ])('%s %o', (code, options, instant, expected) => {
    expect(tableDate(table(code), options).format(at(instant)).replaceAll('\u00a0', ' ')).toBe(expected);
  });

  it.each([
    ['kk', '2026-05-07T00:00:00Z', '2026-05-16T00:00:00Z', '7–16 мам.'],
    ['kk', '2026-04-28T00:00:00Z', '2026-05-03T00:00:00Z', '28 сәу. – 3 мам.'],
    ['az', '2026-05-07T00:00:00Z', '2026-05-07T05:00:00Z', '7 may'],
  ])('%s from %s to %s', (code, from, to, expected) => {
    expect(tableDate(table(code), day).formatRange(at(from), at(to))).toBe(expected);
  });
});

describe('numbers', () => {
  it.each([
    ['az', { style: 'unit', unit: 'kilometer', maximumFractionDigits: 0 }, 4267.4, '4.267 km'],
    ['ka', { maximumFractionDigits: 0 }, 4267, '4267'],
    ['uz', { style: 'currency', currency: 'USD', currencyDisplay: 'code', maximumFractionDigits: 0 }, 12345, '12 345 USD'],
    ['kk', { style: 'percent', maximumFractionDigits: 0 }, 0.42, '42%'],
    ['tg', { style: 'unit', unit: 'day', unitDisplay: 'short', maximumFractionDigits: 1 }, -2.5, '−2,5 рӯз'],
  ] as const)('%s %o', (code, options, value, expected) => {
    expect(tableNumber(table(code), options).format(value).replaceAll(/[\u00a0\u202f]/g, ' ')).toBe(expected);
  });
});

describe('the order of letters', () => {
  it.each([
    ['az', ['Xızı', 'Həsən', 'Qəbələ', 'Cəlil', 'Çin', 'Gəncə', 'Ələt', 'İran', 'Elçin'], ['Cəlil', 'Çin', 'Elçin', 'Ələt', 'Gəncə', 'Həsən', 'Xızı', 'İran', 'Qəbələ']],
    ['kk', ['Қостанай', 'Құрық', 'Кентау', 'Әйтеке', 'Ақтау', 'Ңа', 'Нұр'], ['Ақтау', 'Әйтеке', 'Кентау', 'Қостанай', 'Құрық', 'Нұр', 'Ңа']],
    ['uz', ['Shahrisabz', 'Chirchiq', 'Samarqand', 'Oʻsh', 'Olot', 'Zomin'], ['Olot', 'Samarqand', 'Zomin', 'Oʻsh', 'Shahrisabz', 'Chirchiq']],
    ['ka', ['ფოთი', 'ბათუმი', 'თბილისი', 'გარდაბანი', 'Xi’an'], ['ბათუმი', 'გარდაბანი', 'თბილისი', 'ფოთი', 'Xi’an']],
  ])('%s', (code, given, expected) => {
    const order = alphabetical(table(code).alphabet, (text) => text.toLocaleLowerCase(code));
    expect([...given].sort(order)).toEqual(expected);
  });
});

describe('the first language', () => {
  it.each([
    [['', 'kk-KZ', 'ru'], 'kk'], [['ru', 'kk'], 'ru'], [['zh-Hans-CN'], 'zh'], [['uz-Cyrl-UZ'], 'uz'], [['ja', 'de'], undefined], [['fr', 'en-US'], 'en'], [['TG'], 'tg'],
  ])('of %o is %s', (wished, expected) => {
    expect(chooseLanguage(wished)).toBe(expected);
  });
});
