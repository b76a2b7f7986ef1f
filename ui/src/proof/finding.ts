import type { Finding, Severity } from '../api/types';

/** A remark in the words and codes of `kervan verify`; its path is a JSON pointer into the file. */
export function remark(severity: Severity, code: string, message: string, path?: string, remedy?: string): Finding {
  return { code, severity, message, ...(path === undefined ? {} : { path }), ...(remedy === undefined ? {} : { remedy }) };
}

export const wrong = (code: string, message: string, path?: string, remedy?: string): Finding => remark('error', code, message, path, remedy);
export const doubt = (code: string, message: string, path?: string, remedy?: string): Finding => remark('warning', code, message, path, remedy);

/** Puts the path of a finding about an entry behind that of the entry in the file. */
export const inside = (finding: Finding, place: number): Finding => ({ ...finding, path: `/entries/${String(place)}${finding.path ?? ''}` });

/** The first 12 digits of an id, for people. */
export const short = (id: string): string => id.slice(0, 12);
