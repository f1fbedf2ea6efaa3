import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OutageEvent } from '@outcry/contracts';
import { outageEvent } from '@outcry/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../support/processes.ts';

const cli = 'services/cli/src/main.ts';
const folder = mkdtempSync(path.join(tmpdir(), 'outcry-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('outcry classify', () => {
  it('answers each good line in order, names each bad one, and ends with 65', async () => {
    const input = [
      '{"id":"1","text":"Spotify stopped working on my iPhone in Leeds, songs will not play"}',
      'not json',
      '{"id":"2","text":"love this song","target":"someservice"}',
      '{"id":3,"text":7}',
      '{"id":4,"text":""}',
    ].join('\n');
    const { code, stdout, stderr } = await run([cli, 'classify'], {}, input);
    const answers = lines(stdout);
    expect(answers.map(({ id }) => id)).toEqual(['1', '2', 4]);
    expect(answers[0]).toMatchObject({
      targets: ['spotify'],
      stance: 'affected',
      signal: true,
      platforms: ['ios'],
    });
    expect(answers[0].countries).toContainEqual(
      expect.objectContaining({ code: 'GB', source: 'text' }),
    );
    expect(Object.keys(answers[0])).toEqual(
      expect.arrayContaining([
        'type',
        'types',
        'places',
        'language',
        'cluster',
        'confidence',
        'model',
      ]),
    );
    expect(answers[1]).toMatchObject({ targets: ['someservice'], signal: false });
    expect(stderr).toMatch(/line 2: not-json/);
    expect(stderr).toMatch(/line 4: schema: text/);
    expect(code).toBe(65);
  });

  it('explains one text', async () => {
    const { code, stdout } = await run([cli, 'classify', '--explain', 'netflix keeps buffering']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).features.length).toBeGreaterThan(0);
  });
});

describe('outcry simulate and detect', () => {
  it('gives the same stream for the same seed, and finds the large outages that were injected into it', async () => {
    const truth = path.join(folder, 'truth.ndjson');
    const options = [
      '--seed',
      '8',
      '--days',
      '3',
      '--targets',
      '3',
      '--min-rate',
      '1',
      '--max-rate',
      '3',
    ];
    const args = [cli, 'simulate', ...options, '--truth', truth];
    const [first, second] = [await run(args), await run(args)];
    expect(first.code).toBe(0);
    expect(first.stdout).toBe(second.stdout);

    const { code, stdout } = await run([cli, 'detect'], {}, first.stdout);
    expect(code).toBe(0);
    const events = lines(stdout);
    for (const event of events) expect(outageEvent.safeParse(event).error).toBeUndefined();
    const opened = events.filter(({ type }) => type === 'outage.opened');
    const injected = lines(readFileSync(truth, 'utf8')).filter(({ kind }) => kind === 'outage');
    const large = injected.filter(({ multiplier }) => multiplier >= 10);
    expect(large.length).toBeGreaterThan(1);
    for (const outage of large) {
      expect(opened).toContainEqual(
        expect.objectContaining({
          target: outage.target,
          decidedAt: expect.toSatisfy((at: string) => at > outage.startedAt && at < outage.endedAt),
        }),
      );
    }
    // Nothing is opened where nothing was injected.
    for (const { target, decidedAt } of opened) {
      expect(
        injected.some(
          (it) => it.target === target && decidedAt > it.startedAt && decidedAt < it.endedAt,
        ),
      ).toBe(true);
    }
  });

  it('needs no more than target, voice and time, in any common form, and ends what it opens', async () => {
    const start = Date.UTC(2025, 3, 16);
    const quiet = Array.from({ length: 240 }, (_, n) => ({
      target: 'a-shop',
      voice: `q${n}`,
      occurredAt: start + n * 60_000,
    }));
    const burst = Array.from({ length: 600 }, (_, n) => ({
      target: 'a-shop',
      voice: `b${n}`,
      occurredAt: new Date(start + 4 * 3_600_000 + n * 1_000)
        .toISOString()
        .replace('.000Z', '+00:00'),
      countries: [{ code: 'SE', source: 'text', confidence: 0.9 }],
    }));
    const input = [...quiet, ...burst].map((signal) => JSON.stringify(signal)).join('\n');
    const { code, stdout, stderr } = await run([cli, 'detect'], {}, input);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const events = lines(stdout);
    expect(events[0]).toMatchObject({ type: 'outage.opened', target: 'a-shop', sequence: 1 });
    expect(events[0].decidedAt < '2025-04-16T04:03').toBe(true);
    expect(events.at(-1).type).toMatch(/outage\.(resolved|retracted)/);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, place) => place + 1));
  });

  it('tells bad lines by number and reason, and goes on', async () => {
    const { code, stderr } = await run(
      [cli, 'detect'],
      {},
      '{"target":"x"}\n{"kind":"heartbeat"}\n',
    );
    expect(code).toBe(65);
    expect(stderr).toMatch(/line 1: schema/);
    expect(stderr).toMatch(/line 2: schema/);
  });
});

describe('outcry receivers', () => {
  it('adds, lists without the secret, and removes', async () => {
    const env = { OUTCRY_DATA_DIR: folder };
    const added = await run(
      [cli, 'receivers', 'add', 'https://example.org/hook', '--target', 'spotify', '--json'],
      env,
    );
    const { id, secret } = JSON.parse(added.stdout);
    expect(secret).toMatch(/^whsec_/);
    const listed = await run([cli, 'receivers', 'list', '--json'], env);
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { id, url: 'https://example.org/hook', targets: ['spotify'] },
    ]);
    expect(listed.stdout).not.toContain(secret);
    expect((await run([cli, 'receivers', 'remove', id], env)).code).toBe(0);
    expect((await run([cli, 'receivers', 'remove', id], env)).code).toBe(64);
    expect((await run([cli, 'receivers', 'add', 'ftp://example.org'], env)).code).toBe(64);
  });
});

describe('outcry validate', () => {
  it('tells every problem of settings, catalogue and receivers at once', async () => {
    const catalog = path.join(folder, 'catalog.yaml');
    writeFileSync(catalog, 'targets:\n  - id: Not Good\n');
    writeFileSync(path.join(folder, 'receivers.yaml'), '- id: hook\n');
    const env = { OUTCRY_DATA_DIR: folder, OUTCRY_PARTITIONS: 'many', OUTCRY_HTTP_PORT: '99999' };
    const { code, stdout } = await run([cli, 'validate', '--json', '--catalog', catalog], env);
    const { valid, problems } = JSON.parse(stdout) as { valid: boolean; problems: string[] };
    expect(valid).toBe(false);
    expect(code).toBe(78);
    const all = problems.join('\n');
    expect(all).toMatch(/OUTCRY_PARTITIONS/);
    expect(all).toMatch(/OUTCRY_HTTP_PORT/);
    expect(all).toMatch(/catalog\.yaml:2:\d+: /);
    expect(all).toMatch(/receivers\.yaml/);
  });

  it('is content with the defaults', async () => {
    expect(await run([cli, 'validate'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('the command line itself', () => {
  it('helps everywhere, and refuses what it does not know with 64', async () => {
    for (const command of [
      'start',
      'demo',
      'classify',
      'detect',
      'simulate',
      'reprocess',
      'receivers',
      'stack',
      'validate',
    ]) {
      const { code, stdout } = await run([cli, command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(command);
    }
    expect((await run([cli, 'no-such-command'])).code).toBe(64);
    expect((await run([cli, 'simulate', '--days', 'many'])).code).toBe(64);
  });
});

describe('outcry demo', () => {
  it('ends with the Spotify outage, opened early and resolved, and says that all of it is simulated', async () => {
    const dataDir = path.join(folder, 'demo');
    const { code, stdout, stderr } = await run([cli, 'demo', '--json', '--data-dir', dataDir]);
    expect(code).toBe(0);
    expect(stderr).toContain('Simulated');
    const { simulated, outages } = JSON.parse(stdout) as {
      simulated: boolean;
      outages: OutageEvent[];
    };
    expect(simulated).toBe(true);
    const spotify = outages.filter(({ target }) => target === 'spotify');
    const [opened] = spotify;
    const ended = spotify.at(-1);
    expect(opened?.type).toBe('outage.opened');
    expect(opened?.decidedAt.slice(11, 16) ?? '').toMatch(/^12:(18|19|2[0-5])$/);
    expect(ended?.type).toBe('outage.resolved');
    expect(new Set(spotify.map(({ outageId }) => outageId)).size).toBe(1);
    expect(ended?.leadSeconds).toBeGreaterThan(15 * 60);
  }, 300_000);
});
