import { describe, expect, it } from 'vitest';
import { foldEstimates } from '../src/pages/consignment/eta';
import type { EtaPoint } from '../src/api/types';

/** An estimate: told at so many hours, its middle so many hours from the same moment, and why. */
const at = (told: number, middle: number, because: string): EtaPoint => {
  const instant = (hours: number): string => new Date(Date.UTC(2026, 11, 1) + hours * 3_600_000).toISOString();
  return { at: instant(told), p10: instant(middle - 24), p50: instant(middle), p90: instant(middle + 24), because } as EtaPoint;
};
const days = (point: EtaPoint): string => `${point.p10.slice(0, 10)} ${point.p90.slice(0, 10)}`;
const lines = (history: EtaPoint[]): string[] => foldEstimates(history, days).map((one) => `${one.count} ${one.because}`);

describe('estimates of an arrival', () => {
  it('that tell one story are one line, with the whole move', () => {
    expect(lines([
      at(0, 480, 'first estimate, from the plan'),
      at(6, 487, 'time passed without news before `departed Shu`; expected 7h later than before'),
      at(12, 494, 'time passed without news before `departed Shu`; expected 7h later than before'),
      at(18, 508, 'time passed without news before `departed Shu`; expected 14h later than before'),
    ])).toEqual(['1 first estimate, from the plan', '3 time passed without news before `departed Shu`; expected 1d 4h later than before']);
  });

  it('of a ride say where it was seen last', () => {
    expect(lines([
      at(0, 480, 'first estimate, from the plan'),
      at(6, 478, 'seen 8 % along the leg; expected 2h earlier than before'),
      at(12, 470, 'seen 16 % along the leg; expected 8h earlier than before'),
    ])[1]).toBe('2 seen 16 % along the leg; expected 10h earlier than before');
  });

  it('that move by minutes and show the same days are no line of their own', () => {
    expect(lines([
      at(0, 480, 'first estimate, from the plan'),
      at(6, 486, 'ready Shu 6h later than planned; expected 6h later than before'),
      at(12, 486.5, 'arrived Beyneu as planned; expected 30m later than before'),
    ])).toEqual(['1 first estimate, from the plan', '2 ready Shu 6h later than planned; expected 6h 30m later than before']);
  });

  it('stay apart when the days shown are others or the move is large', () => {
    expect(lines([
      at(0, 470, 'first estimate, from the plan'), at(6, 473, 'ready Shu as planned; expected 3h later than before'), at(9, 480.2, 'arrived Shu as planned; expected 7h 12m later than before'),
    ])).toHaveLength(3);
    expect(lines([at(0, 479.8, 'first estimate, from the plan'), at(6, 480.2, 'ready Shu as planned; expected 24m later than before')])).toHaveLength(2);
  });

  it('keep the newest days, the oldest moment, and how many they are', () => {
    const told = foldEstimates([at(0, 480, 'first estimate, from the plan'), at(6, 487, 'a; expected 7h later than before'), at(12, 494, 'a; expected 7h later than before')], days);
    expect(told[1]).toMatchObject({ count: 2, since: at(6, 0, '').at, point: { p50: at(0, 494, '').p50 } });
    expect(foldEstimates([], days)).toEqual([]);
  });
});
