/** The text of a rule pack, rule by rule: comments and everything else stay as the administration wrote them. */
export interface Block { id: string; from: number; to: number; text: string }

const ITEM = /^(\s*)-\s+id:\s*["']?([A-Za-z0-9_.-]+)["']?\s*(#.*)?$/;

/** The rules and profiles that stand in the text itself, with the lines that each takes. */
export function listBlocks(text: string): Block[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, at) => {
    const [, indent, id] = ITEM.exec(line) ?? [];
    return indent === undefined || id === undefined ? [] : [{ at, indent: indent.length, id }];
  });
  return starts.map(({ at, indent, id }) => {
    let to = at + 1;
    // A rule ends where a line begins no deeper than its dash; empty lines behind it are not its own.
    while (to < lines.length && ((lines[to] ?? '').trim() === '' || /^\s*/.exec(lines[to] ?? '')?.[0].length !== undefined && (/^\s*/.exec(lines[to] ?? '')?.[0].length ?? 0) > indent)) to += 1;
    while (to > at + 1 && (lines[to - 1] ?? '').trim() === '') to -= 1;
    return { id, from: at, to, text: lines.slice(at, to).join('\n') };
  });
}

/** The text with other lines in the place of a rule. */
export function replaceBlock(text: string, id: string, block: string): string {
  const found = listBlocks(text).find((one) => one.id === id);
  if (found === undefined) return text;
  const lines = text.split('\n');
  return [...lines.slice(0, found.from), ...block.replace(/\n+$/, '').split('\n'), ...lines.slice(found.to)].join('\n');
}

const VERSION = /^(version:\s*["']?)([^"'\s#]+)(["']?.*)$/m;
export const versionOf = (text: string): string => VERSION.exec(text)?.[2] ?? '';

/** The text with the last number of its version raised: a changed pack is another pack. */
export function raiseVersion(text: string): string {
  return text.replace(VERSION, (_, before: string, version: string, after: string) => {
    const raised = version.replace(/(\d+)(?!.*\d)/, (digits) => String(Number(digits) + 1));
    return `${before}${raised === version ? `${version}.1` : raised}${after}`;
  });
}
