import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { judge, nextDelayMs, retryDelaysMs, signedHeaders } from './index.ts';

describe('signedHeaders', () => {
  it('gives the signature of the published test vector', () => {
    const body =
      '{"type":"incident.opened","timestamp":"2026-09-21T13:33:20Z","data":{"service":"spotify","severity":"major"}}';
    const headers = signedHeaders(
      { id: 'msg_0001', body },
      ['whsec_c3BvdGlmeS1kb3duLWRlbW8tc2VjcmV0LTI0YiEh'],
      1_790_000_000_000,
    );
    expect(headers['webhook-signature']).toBe('v1,6BjE7H3K0RsK1N0wYWKX8vPY9XXLGvRrRC1J4nPDGoM=');
    expect(headers['webhook-timestamp']).toBe('1790000000');
  });

  it('signs with every secret, so that either verifies while one replaces the other', () => {
    const secrets = [
      `whsec_${Buffer.alloc(24, 1).toString('base64')}`,
      `whsec_${Buffer.alloc(32, 2).toString('base64')}`,
    ];
    const headers = signedHeaders({ id: 'a/1', body: '{"ok":true}' }, secrets, Date.now());
    for (const secret of secrets) {
      expect(new Webhook(secret).verify('{"ok":true}', headers)).toEqual({ ok: true });
    }
  });
});

describe('judge', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'retry'],
    [400, 'retry'],
    [410, 'gone'],
    [429, 'retry'],
    [503, 'retry'],
  ])('reads %i as %s', (status, kind) => {
    expect(judge(status, undefined, 0).kind).toBe(kind);
  });

  it('honours Retry-After in seconds and as a date, and bounds it', () => {
    expect(judge(429, '120', 0)).toMatchObject({ notBeforeMs: 120_000 });
    expect(judge(503, 'Thu, 01 Jan 1970 00:01:00 GMT', 0)).toMatchObject({ notBeforeMs: 60_000 });
    expect(judge(503, '99999999', 0)).toMatchObject({ notBeforeMs: 86_400_000 });
    expect(judge(503, 'soon', 0)).not.toHaveProperty('notBeforeMs');
  });
});

describe('nextDelayMs', () => {
  it('grows, never undercuts what the receiver asked for, and ends', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(10 ** 8), (random, asked) => {
        const delays = retryDelaysMs.map((_, index) => nextDelayMs(index + 1, random, asked));
        for (const [index, delay] of delays.entries()) {
          expect(delay).toBeGreaterThanOrEqual(Math.max(retryDelaysMs[index] ?? 0, asked));
        }
        expect(nextDelayMs(retryDelaysMs.length + 1, random, asked)).toBeUndefined();
      }),
    );
  });
});
