import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readNames, sayGoodsBy, sayNameBy } from '../src/i18n/names.svelte';

const voice = {
  span: (hours: number): string => `${String(Math.round(hours * 10) / 10)} ч`, moment: (instant: string): string => `<${instant}>`,
  country: (code: string): string => ({ GE: 'Грузия', TR: 'Турция' })[code] ?? code,
  finding: (text: string): string | undefined => (text === 'item 1 has 6 digits; the declaration takes 10' ? 'в позиции 1 шесть цифр' : undefined),
};
const names = readNames([
  { english: "Xi'an", told: 'Сиань' }, { english: 'Khorgos (China)', told: 'Хоргос (Китай)' }, { english: 'Nur Zholy / Khorgos road crossing', told: 'Нур Жолы / автопереход Хоргос' },
  { english: '{1} - {2} container train', told: '{1} – {2}, контейнерный поезд' }, { english: '{1} - {2}', told: '{1} – {2}' },
  { english: 'departed {1}', told: 'отправлен: {1}' }, { english: 'held at {1}: {2}', told: 'задержан, {1}: {2}' }, { english: '{1} customs', told: 'Таможня {1}' },
  { english: 'expected {1} later than before', told: 'ожидается на {1} позже' }, { english: 'time passed without news before `{1}`', told: 'ждём: {1}' },
  { english: '{1} {2:span} later than planned', told: '{1}: на {2} позже плана' }, { english: '{1} closed until about {2}: {3}', told: '{1} закрыт до {2}: {3}' },
  { english: '{1} are crossed under one regime ({2})', told: '{1}: один режим ({2})' }, { english: '{1}; rule {2}: {3}', told: '{1}: {3}' }, { english: 'release ({1})', told: 'выпуск ({1})' },
]);

describe('names and sentences of the server', () => {
  it.each([
    ["Xi'an", 'Сиань'],
    // The short of a name, as services and offices have it.
    ['Khorgos', 'Хоргос'],
    ["Xi'an - Khorgos container train", 'Сиань – Хоргос, контейнерный поезд'],
    ["Xi'an customs (CN:XIAN)", 'Таможня Сиань (CN:XIAN)'],
    ["time passed without news before `departed Xi'an`; expected 1d 2h later than before", 'ждём: отправлен: Сиань; ожидается на 26 ч позже'],
    ['departed Nur Zholy / Khorgos road crossing 3h 30m later than planned', 'отправлен: Нур Жолы / автопереход Хоргос: на 3.5 ч позже плана'],
    // A reason to hold is a finding, with a semicolon of its own.
    ["held at Xi'an: item 1 has 6 digits; the declaration takes 10", 'задержан, Сиань: в позиции 1 шесть цифр'],
    ['GE, TR are crossed under one regime (a law)', 'Грузия, Турция: один режим (a law)'],
    ["Xi'an closed until about 2026-05-04 12:00Z: storm", 'Сиань закрыт до <2026-05-04T12:00:00Z>: storm'],
    ['release (CC029C); rule released: goods are released', 'выпуск (CC029C): goods are released'],
  ])('%s', (english, told) => expect(sayNameBy(english, names, voice)).toBe(told));

  it('leaves what nobody has translated', () => {
    expect(sayNameBy('Qinling Home Appliances Co., Ltd.', names, voice)).toBeUndefined();
    expect(sayNameBy('', names, voice)).toBeUndefined();
  });

  it('leaves the words of a declarant as they are, and tells that there is more', () => {
    const rows = readNames([{ english: '{1} and {2} more', told: '{1} и ещё {2}' }, { english: 'Poti', told: 'Поти' }, { english: '{1} - {2} ferry', told: '{1} – {2}, паром' }]);
    const tell = (text: string): string => sayNameBy(text, rows, voice) ?? text;
    // All of these would be names, or sentences of ours, anywhere else.
    for (const goods of ['Poti', 'Poti, Poti', 'Models - of a ferry', 'Washing machines']) expect(sayGoodsBy(goods, tell)).toBe(goods);
    expect(sayGoodsBy('Poti and 3 more', tell)).toBe('Poti и ещё 3');
    expect(sayGoodsBy('$& <b> and 12 more', tell)).toBe('$& <b> и ещё 12');
  });

  it('takes what stands in a hole as text', () => {
    expect(sayNameBy('departed $& {1} <b>', names, voice)).toBe('отправлен: $& {1} <b>');
  });

  it('does not lose itself in a long text', () => {
    const long = 'departed '.repeat(200) + 'nowhere - '.repeat(200);
    expect(sayNameBy(long, names, voice)).toBeDefined();
  });
});

describe('the tables of names', () => {
  const places = readFileSync(new URL('../../data/names/places.csv', import.meta.url), 'utf8').trim().split('\n');
  const head = places[0]?.split(',') ?? [];

  it('writes Cyrillic, Georgian and Chinese names in their own letters', () => {
    const scripts = { ru: /\p{Script=Cyrillic}/u, kk: /\p{Script=Cyrillic}/u, ka: /\p{Script=Georgian}/u, zh: /\p{Script=Han}/u };
    for (const [language, script] of Object.entries(scripts)) {
      const column = head.indexOf(language);
      for (const row of places.slice(1)) expect(row.match(/("[^"]*"|[^,]*)(,|$)/g)?.[column] ?? '', row).toMatch(script);
    }
  });
});
