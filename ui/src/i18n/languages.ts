/** The languages the screen speaks. A new one is a row here, a file in `messages/`, and a table if browsers carry no data for it. */
export const LANGUAGES = [
  { code: 'en', name: 'English', tag: 'en', complete: true },
  { code: 'ru', name: 'Русский', tag: 'ru', complete: true },
  { code: 'tr', name: 'Türkçe', tag: 'tr', complete: true },
  { code: 'az', name: 'Azərbaycanca', tag: 'az', complete: true },
  { code: 'kk', name: 'Қазақша', tag: 'kk', complete: true },
  { code: 'uz', name: 'Oʻzbekcha', tag: 'uz-Latn', complete: true },
  { code: 'ka', name: 'ქართული', tag: 'ka', complete: true },
  { code: 'zh', name: '简体中文', tag: 'zh-Hans', complete: true },
  { code: 'ky', name: 'Кыргызча', tag: 'ky', complete: false },
  { code: 'tg', name: 'Тоҷикӣ', tag: 'tg', complete: false },
  { code: 'tk', name: 'Türkmençe', tag: 'tk', complete: false },
] as const;
export type Language = (typeof LANGUAGES)[number]['code'];

export function isLanguage(code: string): code is Language {
  return LANGUAGES.some((known) => known.code === code);
}

/** The language of a browser's tag, by its first part: `zh-CN` is Chinese, `uz-Cyrl` Uzbek. */
export const languageOf = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

/** The first of the wished tags that the screen speaks. */
export function chooseLanguage(wished: readonly string[]): Language | undefined {
  return wished.map(languageOf).find(isLanguage);
}
