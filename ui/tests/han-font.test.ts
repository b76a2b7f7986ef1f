import { expect, test } from 'vitest';
import { listCharacters, listScreenCharacters } from '../build/han-font.ts';

test('the characters of the Chinese font', () => {
  const characters = new Set(listCharacters());
  const han = [...characters].filter((character) => /\p{Script=Han}/u.test(character));
  expect(han.length).toBeGreaterThan(10_200);
  for (const character of '西安恒泰泵阀有限公司（陕西省）、“臺灣貨櫃”瑨𬭎') {
    if (!'“”'.includes(character)) expect(characters.has(character), character).toBe(true);
  }
});

test('the characters of the screen: its words, and what the node names and says', () => {
  const characters = new Set(listScreenCharacters());
  for (const character of '霍尔果斯康斯坦察鹿特丹货物在启运地海关') expect(characters.has(character), character).toBe(true);
  // The font comes to everybody who reads Chinese on a machine without a face of its own: it stays small.
  expect(characters.size).toBeLessThan(2_200);
});
