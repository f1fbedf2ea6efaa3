import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { root, run, startProcess, until } from '../support/processes.ts';

const cli = 'services/cli/src/main.ts';
const folder = mkdtempSync(path.join(tmpdir(), 'outcry-learning-'));
beforeAll(() => copyTexts(600));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { OUTCRY_DATA_DIR: path.join(folder, 'data') };
const labels = path.join(folder, 'data', 'labels.ndjson');
const posts = path.join(folder, 'posts.ndjson');
const texts = path.join(folder, 'texts');

const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Words around, so that no two posts are copies of each other. */
const fillers =
  'garden kettle river amber seven pocket violin summer granite lantern cousin marble winter turtle almond harbour candle pepper saddle meadow copper'.split(
    ' ',
  );
const around = (i: number) =>
  [3, 8, 13, 18, 23]
    .map((shift) => fillers[(Math.imul(i + 1, 2_654_435_761) >>> shift) % fillers.length])
    .join(' ');

/** Words that no written text holds, so what is learnt of them is learnt from labels alone. */
const failing = (i: number) => `${around(i)} the frobnicator zorps ${around(i + 1000)}`;
const calm = (i: number) => `${around(i)} the frobnicator glimmers ${around(i + 2000)}`;

/** A post of the last hour. */
function streamLine(i: number): string {
  const at = new Date(Date.now() - 3_600_000 + i * 1_000).toISOString();
  const text = i % 2 === 0 ? failing(i) : calm(i);
  return JSON.stringify({
    kind: 'post',
    id: `test:${i}`,
    source: 'test',
    text,
    occurredAt: at,
    observedAt: at,
    voice: `voice-${i}`,
  });
}

describe("learning from one's own stream", () => {
  it('labels survive a kill, a model of them says what the shipped one could not', async () => {
    writeFileSync(
      posts,
      Array.from({ length: 120 }, (_, i) =>
        JSON.stringify({ id: `p${i}`, text: i % 2 === 0 ? failing(i) : calm(i) }),
      ).join('\n'),
    );
    const listed = await run([cli, 'label', '--from', posts, '--list', '--count', '120'], env);
    const chosen = lines(listed.stdout) as { id: string; text: string; selection: string }[];
    expect(chosen.length).toBeGreaterThan(60);
    expect(new Set(chosen.map(({ selection }) => selection))).toEqual(
      new Set(['uncertain', 'random']),
    );
    expect(existsSync(labels)).toBe(false);

    await labelTwoAndDie();
    expect(lines(readFileSync(labels, 'utf8'))).toMatchObject([
      { stance: 'unrelated', types: [], annotator: 'ann' },
      { stance: 'affected', types: ['app', 'login'], annotator: 'ann' },
    ]);

    const answers = chosen.map(({ id, text }) =>
      JSON.stringify(
        text.includes('zorps')
          ? { id, text, lang: 'en', stance: 'affected', types: ['device'] }
          : { id, text, lang: 'en', stance: 'unrelated' },
      ),
    );
    const imported = await run(
      [cli, 'label', '--import', '--annotator', 'bob'],
      env,
      [...answers, '{"id":"bad","text":"x","stance":"angry"}'].join('\n'),
    );
    expect(imported.stderr).toMatch(/stance/);
    expect(imported.code).toBe(65);

    const train = [cli, 'train', '--texts', texts, '--json', '--force'];
    const trained = await run(train, env);
    expect(trained.code, trained.stderr).toBe(0);
    const report = JSON.parse(trained.stdout);
    expect(report.labels).toBeGreaterThan(60);
    expect(report.held.after.areaUnderCurve).toBeGreaterThan(report.held.before.areaUnderCurve);
    expect(report.out).toBe(path.join(folder, 'data', 'outcry.model'));

    const before = await classify(failing(999));
    const after = await classify(failing(999), report.out);
    expect(before.signal).toBe(false);
    expect(after).toMatchObject({ signal: true, type: 'device', model: report.model });
    expect((await classify(calm(999), report.out)).signal).toBe(false);
    expect(after.model).not.toBe(before.model);

    const again = await run([...train, '--out', path.join(folder, 'again.model')], env);
    expect(again.code).toBe(0);
    expect(readFileSync(path.join(folder, 'again.model'))).toEqual(readFileSync(report.out));
  });

  it('reaches a running pipeline without a restart', async () => {
    const data = path.join(folder, 'running');
    const model = path.join(data, 'outcry.model');
    const setting = { OUTCRY_DATA_DIR: data, OUTCRY_MODEL: model };
    const input = path.join(folder, 'stream.ndjson');
    writeFileSync(input, Array.from({ length: 60 }, (_, i) => streamLine(i)).join('\n'));
    const standalone = startProcess('standalone', {
      ...setting,
      OUTCRY_LIVE: 'false',
      OUTCRY_INPUT: input,
      OUTCRY_KEEP: 'all',
    });
    try {
      const address = await standalone.address;
      const signals = async () =>
        (await (await fetch(`${address}/v1/signals?limit=200`)).json()) as {
          total: number;
          items: { recordKind: string; text: string; model: string }[];
        };
      const before = await until('all posts to be found', async () => {
        const found = await signals();
        return found.total >= 60 ? found : undefined;
      });
      const shipped = before.items[0]!.model;

      const options = ['--annotator', 'ann', '--count', '60'];
      const listed = await run([cli, 'label', '--list', '--seed', '3', ...options], setting);
      const chosen = lines(listed.stdout) as { text: string }[];
      expect(chosen.length).toBeGreaterThan(40);
      // The same seed asks for the same posts in the same order.
      const answers = chosen.map(({ text }) =>
        text.includes('zorps') ? 'affected device' : 'unrelated',
      );
      const labelled = await run(
        [cli, 'label', '--json', '--seed', '3', ...options],
        setting,
        answers.join('\n'),
      );
      expect(labelled.code, labelled.stderr).toBe(0);
      const told = lines(labelled.stdout) as { kind: string; kept?: number }[];
      expect(told.at(-1)).toMatchObject({ kind: 'summary', kept: answers.length, skipped: 0 });
      const none = await run([cli, 'label', '--list', ...options], setting);
      expect(none.stdout).toBe('');

      const trained = await run(
        [cli, 'train', '--texts', texts, '--weight', '8', '--json', '--force'],
        setting,
      );
      expect(trained.code, trained.stderr).toBe(0);
      const report = JSON.parse(trained.stdout) as { model: string; out: string };
      expect(report.out).toBe(model);
      await until('the swap', () =>
        standalone.log().includes('the model was swapped') ? true : undefined,
      );
      const text = failing(4_321);
      await fetch(`${address}/v1/reports`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ target: 'spotify', type: 'device', text }),
      });
      const after = await until('a signal of the new model', async () =>
        (await signals()).items.find((it) => it.recordKind === 'report'),
      );
      expect(after).toMatchObject({ text, model: report.model });
      expect(report.model).not.toBe(shipped);
      // What was read before keeps the version that read it.
      const posts = (await signals()).items.filter(({ recordKind }) => recordKind === 'post');
      expect(new Set(posts.map((it) => it.model))).toEqual(new Set([shipped]));
      for (const it of chosen) expect(standalone.log()).not.toContain(it.text);
    } finally {
      expect(await standalone.stop()).toBe(0);
    }
  });

  it('writes no model over anything else, and says so before it trains', async () => {
    const { code, stderr } = await run([cli, 'train', '--labels', labels, '--out', posts], env);
    expect(code).toBe(64);
    expect(stderr).toMatch(/is no model/);
    expect(readFileSync(posts, 'utf8')).toContain('zorps');
  });

  it('says what is missing when there are no labels', async () => {
    const { code, stderr } = await run([cli, 'train', '--labels', path.join(folder, 'none')], env);
    expect(code).toBe(64);
    expect(stderr).toMatch(/holds no labels/);
  });
});

/** A sitting that is killed once two labels are there, in the middle of the third answer. */
async function labelTwoAndDie(): Promise<void> {
  const child = spawn(
    process.execPath,
    [cli, 'label', '--from', posts, '--annotator', 'ann', '--seed', '1'],
    {
      cwd: root,
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  child.stdin.write('u\naffected app login\na\n');
  await vi.waitFor(() => expect(readFileSync(labels, 'utf8').split('\n')).toHaveLength(3), {
    timeout: 60_000,
    interval: 50,
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** A few of the written texts: enough to train on, and quick. */
function copyTexts(count: number): void {
  mkdirSync(texts);
  const source = path.join(root, 'packages', 'classification', 'training', 'trial.jsonl');
  const some = readFileSync(source, 'utf8').split('\n').slice(0, count);
  writeFileSync(path.join(texts, 'trial.jsonl'), some.join('\n'));
}

async function classify(text: string, model?: string) {
  const { stdout } = await run(
    [cli, 'classify', ...(model === undefined ? [] : ['--model', model])],
    env,
    JSON.stringify({ text }),
  );
  return JSON.parse(stdout);
}
