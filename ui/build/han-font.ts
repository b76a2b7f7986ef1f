// The Chinese font of printed forms: cut to the characters in use, put beside the page, from where the binary takes it.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

type Subset = (font: Uint8Array, text: string, options: { targetFormat: 'truetype' | 'woff2'; noLayoutClosure: boolean }) => Promise<Uint8Array>;

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

const SCREEN = 'fonts/han-screen.woff2';

/** What the node says in Chinese: names and reasons, findings, and the rules of its packs. */
export const SAID = ['names/places.csv', 'names/sentences.csv', 'findings/zh.csv', 'rules/zh.words.yaml', 'goods/headings.csv'];

/** The characters of the screen's own Chinese words, of what the node says, and of the names of countries. */
export function listScreenCharacters(): string {
  const folder = new URL('../src/i18n/messages/', import.meta.url);
  const words = readdirSync(folder).filter((name) => /(^|\.)zh\.json$/.test(name)).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const said = SAID.map((name) => readFileSync(new URL(`../../data/${name}`, import.meta.url), 'utf8'));
  const names = new Intl.DisplayNames('zh-Hans', { type: 'region', fallback: 'none' });
  const letters = range(0x41, 0x5a).map((code) => String.fromCharCode(code));
  const countries = letters.flatMap((one) => letters.map((other) => names.of(one + other) ?? ''));
  return [...new Set([...words, ...said, ...countries, '\u3001\u3002\uff08\uff09\uff0c\uff1a\uff1b\u7b80\u4f53\u4e2d\u6587\u5e74\u6708\u65e5\u5468\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u5206\u949f\u5c0f\u65f6\u5929\u516c\u91cc\u65a4\u5343\u514b\u81f3'].join(''))].filter((sign) => sign > '\u2e7f').join('');
}

const screenFont = (): Promise<Uint8Array> => subset(readFileSync(require.resolve(FONT)), listScreenCharacters(), { targetFormat: 'woff2', noLayoutClosure: true });

/** Puts `fonts/han.ttf` and its licence among the built files, and the few characters that the screen itself needs. */
export function hanFont(): Plugin {
  return {
    name: 'han-font',
    configureServer(server) {
      server.middlewares.use(`/${SCREEN}`, (_request, response) => {
        void screenFont().then((font) => response.setHeader('content-type', 'font/woff2').end(font));
      });
    },
    async generateBundle() {
      const whole = readFileSync(require.resolve(FONT));
      const source = await subset(whole, listCharacters(), { targetFormat: 'truetype', noLayoutClosure: true });
      this.emitFile({ type: 'asset', fileName: 'fonts/han.ttf', source });
      this.emitFile({ type: 'asset', fileName: SCREEN, source: await screenFont() });
      this.emitFile({ type: 'asset', fileName: 'fonts/han-licence.txt', source: readFileSync(require.resolve(LICENCE)) });
    },
  };
}
