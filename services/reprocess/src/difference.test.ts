import { buildOutageEvent } from '@outcry/testkit';
import { describe, expect, it } from 'vitest';
import { differenceOf, differs } from './difference.ts';

describe('differenceOf', () => {
  const a = buildOutageEvent({ id: 'a/1' });
  const b = buildOutageEvent({ id: 'b/1' });

  it('finds nothing between equal runs, whatever their order', () => {
    const difference = differenceOf([a, b], [b, a]);
    expect(difference).toEqual({ same: 2, changed: [], missing: [], added: [] });
    expect(differs(difference)).toBe(false);
  });

  it('tells changed, missing and added events by their ids', () => {
    const other = { ...a, reason: `${a.reason} (more)` };
    const c = buildOutageEvent({ id: 'c/1' });
    const difference = differenceOf([a, b], [other, c]);
    expect(difference).toEqual({ same: 0, changed: ['a/1'], missing: ['b/1'], added: ['c/1'] });
    expect(differs(difference)).toBe(true);
  });
});
