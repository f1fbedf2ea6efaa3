import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OwnNetwork } from './own-network.ts';
import { Verdict } from './verdict.ts';

const rules = { failures: 3, window: 4, recoveries: 2 };
const letters = { u: 'up', f: 'failed', b: 'blocked' } as const;

test.each([
  ['uff', 'uuu', 'two failures are not down'],
  ['ufff', 'uuud', 'three are'],
  ['ufuff', 'uuuud', 'three of four are, with a success between'],
  ['ufufuf', 'uuuuuu', 'every second one is not'],
  ['fff', '..d', 'before anything is known it takes three as well'],
  ['fffu', '..dd', 'one success is not up again'],
  ['fffuu', '..ddu', 'two are'],
  ['fffufu', '..dddd', 'two with a failure between are not'],
  ['ub', 'uu', 'one refusal says nothing'],
  ['ubb', 'uub', 'two are blocked'],
  ['fffbb', '..ddb', 'who is refused no longer knows that it is down'],
  ['ubbu', 'uubu', 'one success ends a refusal'],
])('%s → %s: %s', (results, outcomes) => {
  const verdict = new Verdict(rules);
  const told = [...results].map((letter) => verdict.take(letters[letter as keyof typeof letters]));
  expect(told.map((outcome) => (outcome === 'unknown' ? '.' : outcome[0])).join('')).toBe(outcomes);
});

test('down always has three failures among the last four, the newest one included', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('up', 'failed', 'blocked'), { maxLength: 60 }), (all) => {
      const verdict = new Verdict(rules);
      let before = verdict.outcome;
      all.forEach((result, index) => {
        const now = verdict.take(result);
        if (now === 'down' && before !== 'down') {
          const last = all.slice(Math.max(0, index - 3), index + 1);
          expect(last.at(-1)).toBe('failed');
          expect(last.filter((one) => one === 'failed').length).toBeGreaterThanOrEqual(3);
        }
        before = now;
      });
    }),
  );
});

test('forgiven failures do not count', () => {
  const verdict = new Verdict(rules);
  for (const result of ['up', 'failed', 'failed'] as const) verdict.take(result);
  verdict.forgive();
  expect(verdict.take('failed')).toBe('up');
  expect(verdict.take('failed')).toBe('up');
  expect(verdict.take('failed')).toBe('down');
});

test('rules that can never be met are refused', () => {
  expect(() => new Verdict({ failures: 5, window: 4, recoveries: 1 })).toThrow(RangeError);
});

const silent = { reached: false };
const reached = { reached: true };
/** Four hosts, looked at every 100 ms. */
const fourHosts = () => new OwnNetwork(4, 100, 0);

test('hosts that are silent while others answer are their own fault', () => {
  const network = fourHosts();
  for (let at = 0; at < 1_000; at += 25) {
    network.take('abcx'[(at / 25) % 4]!, at % 100 === 75 ? reached : silent, at);
    expect(network.isBlind(at)).toBe(false);
  }
});

test('when nobody answers for more than an interval, it is our network', () => {
  const network = fourHosts();
  network.take('x', reached, 10);
  for (const [host, at] of [
    ['a', 20],
    ['b', 40],
    ['c', 60],
    ['x', 110],
  ] as const)
    network.take(host, silent, at);
  expect(network.isBlind(150)).toBe(false);
  expect(network.isBlind(165)).toBe(true);
  expect(network.lastReachedAt).toBe(10);
  network.take('a', reached, 170);
  expect(network.isBlind(300)).toBe(false);
});

test('with only two hosts nobody can tell whose fault it is', () => {
  const network = new OwnNetwork(2, 100, 0);
  network.take('a', silent, 1);
  network.take('b', silent, 2);
  expect(network.isBlind(1_000)).toBe(false);
});
