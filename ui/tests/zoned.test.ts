import { describe, expect, it } from 'vitest';
import { meantBy, wallOf } from '../src/i18n/zoned';

describe('a time on the wall of a place', () => {
  const once: readonly (readonly [string, string, string])[] = [
    ['2026-05-04T08:00', 'Asia/Aqtau', '2026-05-04T03:00:00Z'],
    ['2026-05-04T08:00', 'UTC', '2026-05-04T08:00:00Z'],
    ['2026-07-01T08:00', 'Europe/Sofia', '2026-07-01T05:00:00Z'],
    ['2026-12-01T08:00', 'Europe/Sofia', '2026-12-01T06:00:00Z'],
    // Half an hour, and a zone that did away with its summer time.
    ['2026-12-01T00:15', 'Asia/Tehran', '2026-11-30T20:45:00Z'],
    ['2027-01-01T00:00', 'Asia/Shanghai', '2026-12-31T16:00:00Z'],
    // The last minute before, and the first after, the clocks are put forward.
    ['2026-03-29T02:59', 'Europe/Bucharest', '2026-03-29T00:59:00Z'],
    ['2026-03-29T04:00', 'Europe/Bucharest', '2026-03-29T01:00:00Z'],
  ];
  it.each(once)('%s in %s is %s', (wall, zone, instant) => {
    expect(meantBy(wall, zone)).toEqual({ kind: 'once', instant });
    expect(wallOf(instant, zone)).toBe(wall);
  });

  it('is not there when the clocks are put forward: it runs on', () => {
    expect(meantBy('2026-03-29T03:30', 'Europe/Bucharest')).toEqual({ kind: 'gap', instant: '2026-03-29T01:30:00Z', wall: '2026-03-29T04:30' });
    expect(meantBy('2026-03-29T02:00', 'Europe/Berlin')).toEqual({ kind: 'gap', instant: '2026-03-29T01:00:00Z', wall: '2026-03-29T03:00' });
  });

  it('is there twice when they are put back: both are told, the earlier first', () => {
    expect(meantBy('2026-10-25T03:30', 'Europe/Kyiv')).toEqual({ kind: 'twice', instant: '2026-10-25T00:30:00Z', later: '2026-10-25T01:30:00Z' });
    // Not only summer time: on 1 March 2024 the east of Kazakhstan went over to UTC+5 at midnight.
    expect(meantBy('2024-02-29T23:30', 'Asia/Almaty')).toEqual({ kind: 'twice', instant: '2024-02-29T17:30:00Z', later: '2024-02-29T18:30:00Z' });
    expect(meantBy('2024-03-01T00:00', 'Asia/Almaty')).toEqual({ kind: 'once', instant: '2024-02-29T19:00:00Z' });
  });

  it('agrees with the clock for every hour and a half of a year of changes', () => {
    for (const zone of ['Europe/Budapest', 'Asia/Tbilisi', 'Asia/Almaty', 'Asia/Tehran']) {
      for (let at = Date.parse('2024-01-01T00:00:00Z'); at < Date.parse('2024-12-31T00:00:00Z'); at += 5_400_000) {
        const instant = `${new Date(at).toISOString().slice(0, 16)}:00Z`;
        const meant = meantBy(wallOf(instant, zone), zone);
        const told = meant?.kind === 'twice' ? [meant.instant, meant.later] : [meant?.instant];
        if (!told.includes(instant)) expect.fail(`${zone}: ${instant} became ${told.join(' or ')}`);
      }
    }
  });

  it('is nothing when the text is none, and UTC when the zone is not known', () => {
    expect(meantBy('', 'Asia/Baku')).toBeUndefined();
    expect(meantBy('tomorrow', 'Asia/Baku')).toBeUndefined();
    expect(meantBy('2026-13-40T08:00', 'Asia/Baku')).toBeUndefined();
    expect(wallOf('tomorrow', 'Asia/Baku')).toBe('');
    expect(wallOf('2026-05-04T08:00', 'Asia/Baku')).toBe('2026-05-04T12:00');
    expect(wallOf('2026-05-04T08:00+05:00', 'Asia/Baku')).toBe('2026-05-04T07:00');
    expect(meantBy('2026-05-04T08:00', 'Asia/Nowhere')).toEqual({ kind: 'once', instant: '2026-05-04T08:00:00Z' });
  });
});
