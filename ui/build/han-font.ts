// The Chinese font of printed forms: cut to the characters in use, put beside the page, from where the binary takes it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

type Subset = (font: Uint8Array, text: string, options: { targetFormat: 'truetype'; noLayoutClosure: boolean }) => Promise<Uint8Array>;

const require = createRequire(import.meta.url);
// A module in the old style, without types.
const subset = require('subset-font') as Subset;

const FONT = '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf';
const LICENCE = '@expo-google-fonts/noto-sans-sc/LICENSE_FONT';

/** Code units from one to another, both included. */
function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** The characters of a plane of a two-byte character set; cells without a character are left out. */
export function listPlane(encoding: string, leads: number[], trails: number[]): string[] {
  const decoder = new TextDecoder(encoding);
  const cells = leads.flatMap((lead) => trails.map((trail) => decoder.decode(new Uint8Array([lead, trail]))));
  return cells.filter((text) => [...text].length === 1 && text !== '\ufffd');
}

/** GB 2312, the frequently used plane of Big5, the Table of General Standard Chinese Characters, their punctuation and full-width forms. */
export function listCharacters(): string {
  const file = (name: string) => [...readFileSync(new URL(`../../data/fonts/${name}`, import.meta.url), 'utf8').replace(/\s/g, '')];
  const signs = [...range(0x2460, 0x2473), ...range(0x3000, 0x303f), 0x3231, ...range(0xff01, 0xffee)];
  const all = [
    ...listPlane('gb18030', range(0xb0, 0xf7), range(0xa1, 0xfe)),
    ...listPlane('big5', range(0xa4, 0xc6), [...range(0x40, 0x7e), ...range(0xa1, 0xfe)]),
    ...file('common-characters.txt'),
    ...file('further-characters.txt'),
    ...signs.map((sign) => String.fromCodePoint(sign)),
  ];
  return [...new Set(all)].join('');
}

/** Puts `fonts/han.ttf` and its licence among the built files. */
export function hanFont(): Plugin {
  return {
    name: 'han-font',
    apply: 'build',
    async generateBundle() {
      const whole = readFileSync(require.resolve(FONT));
      const source = await subset(whole, listCharacters(), { targetFormat: 'truetype', noLayoutClosure: true });
      this.emitFile({ type: 'asset', fileName: 'fonts/han.ttf', source });
      this.emitFile({ type: 'asset', fileName: 'fonts/han-licence.txt', source: readFileSync(require.resolve(LICENCE)) });
    },
  };
}
