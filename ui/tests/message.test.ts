import { describe, expect, it } from 'vitest';
import { describeMessage, formatMessage, intlVoice, parseMessage, type Arguments } from '../src/i18n/message';

const cases: [locale: string, source: string, values: Arguments, expected: string][] = [
  ['en', 'plain', {}, 'plain'],
  ['en', 'to {place}', { place: 'Aktau' }, 'to Aktau'],
  ['en', "a '{'brace'}' and it's fine", {}, "a {brace} and it's fine"],
  ['en', '{n, plural, one {# leg} other {# legs}}', { n: 1 }, '1 leg'],
  ['en', '{n, plural, one {# leg} other {# legs}}', { n: 1200 }, '1,200 legs'],
  ['en', '{n, plural, =0 {none} one {one} other {many}}', { n: 0 }, 'none'],
  ['ru', '{n, plural, one {# день} few {# дня} many {# дней} other {# дня}}', { n: 3 }, '3 дня'],
  ['ru', '{n, plural, one {# день} few {# дня} many {# дней} other {# дня}}', { n: 11 }, '11 дней'],
  ['ru', '{n, plural, one {# день} few {# дня} many {# дней} other {# дня}}', { n: 21 }, '21 день'],
  ['en', '{who, select, carrier {the carrier} other {someone}} {n, number}', { who: 'carrier', n: 2500 }, 'the carrier 2,500'],
  ['en', '{n, plural, other {{who, select, a {A has #} other {B has #}}}}', { n: 2, who: 'a' }, 'A has 2'],
  ['en', '<b>{name}</b>', { name: '<script>' }, '<b><script></b>'],
];

describe('messages', () => {
  it.each(cases)('%s %s', (locale, source, values, expected) => {
    expect(formatMessage(parseMessage(source), values, intlVoice(locale))).toBe(expected);
  });

  it.each(['{', '{a', 'a}', '{n, plural, one {x}}', '{n, date}', '{n, select, a x}'])('refuses %s', (source) => {
    expect(() => parseMessage(source)).toThrow(SyntaxError);
  });

  it('tells names and plural cases', () => {
    const found = describeMessage(parseMessage('{a} {n, plural, one {{b}} other {#}}'));
    expect([...found.names].sort()).toEqual(['a', 'b', 'n plural']);
    expect(found.plurals.map((cases) => [...cases])).toEqual([['one', 'other']]);
  });
});
