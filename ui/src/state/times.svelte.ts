/** Whose clock times are told by: that of the place where it happens, the reader's, or UTC. */
export type TimesOf = 'place' | 'mine' | 'utc';
export const TIMES_OF: readonly TimesOf[] = ['place', 'mine', 'utc'];
const TIMES_STORED = 'kervan.times';

function storedTimes(): TimesOf {
  try {
    const stored = localStorage.getItem(TIMES_STORED);
    return TIMES_OF.find((one) => one === stored) ?? 'place';
  } catch {
    return 'place';
  }
}

let timesOf = $state<TimesOf>(storedTimes());

export function timesShown(): TimesOf {
  return timesOf;
}

export function setTimes(value: TimesOf): void {
  timesOf = value;
  try {
    localStorage.setItem(TIMES_STORED, value);
  } catch {
    // Without storage the choice lasts for this visit.
  }
}
