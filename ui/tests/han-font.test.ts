import { expect, test } from 'vitest';
import { listCharacters } from '../build/han-font.ts';

test('the characters of the Chinese font', () => {
  const characters = new Set(listCharacters());
  const han = [...characters].filter((character) => /\p{Script=Han}/u.test(character));
  expect(han.length).toBeGreaterThan(10_200);
  for (const character of '西安恒泰泵阀有限公司（陕西省）、“臺灣貨櫃”瑨𬭎') {
    if (!'“”'.includes(character)) expect(characters.has(character), character).toBe(true);
  }
});
