import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { Label } from '@outcry/classification';
import { shippedModelPath } from '@outcry/classification';
import type { Comparison, Learnt } from '@outcry/classification/training';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Post } from './candidates.ts';
import { reasonAgainst } from './learnt.ts';
import { checkModelFile, replaceModel } from './model-file.ts';
import { LabelSession } from './session.ts';
import { LabelFile, readLabels } from './store.ts';
import { summarise } from './summary.ts';
import { ask } from './terminal.ts';
import { jsonView, textView } from './views.ts';

function postOf(id: string): Post {
  return {
    id,
    text: `text of ${id}`,
    lang: 'en',
    target: 'spotify',
    cluster: id,
    confidence: 0.41,
    model: 'm@1',
    at: null,
    said: { stance: 'affected', type: 'app' },
  };
}

function sitting(ids: readonly string[]) {
  const kept: Label[] = [];
  const session = new LabelSession({
    posts: ids.map((id) => ({ post: postOf(id), selection: 'uncertain' })),
    annotator: 'ann',
    now: () => Date.UTC(2025, 3, 16),
    keep: (label) => kept.push(label),
  });
  return { session, kept, type: (...words: string[]) => words.map((it) => session.answer(it)) };
}

describe('a sitting', () => {
  test('keeps a stance that needs no types at once', () => {
    const { session, kept, type } = sitting(['one', 'two']);
    expect(type('u')).toEqual(['stance']);
    expect(kept).toMatchObject([{ id: 'one', stance: 'unrelated', types: [], annotator: 'ann' }]);
    expect(session.current?.post.id).toBe('two');
  });

  test('asks for types of a signal, the main one first, by key or by word', () => {
    const { kept, type } = sitting(['one']);
    expect(type('affected', 'p', 'login', 'p', '')).toEqual([
      'types',
      'types',
      'types',
      'types',
      'done',
    ]);
    expect(kept).toMatchObject([{ stance: 'affected', types: ['playback', 'login'] }]);
  });

  test('does not keep a signal without a type, nor an answer that it does not know', () => {
    const { session, kept, type } = sitting(['one']);
    expect(type('a', '', 'nonsense', 'q')).toEqual(['types', 'unknown', 'unknown', 'done']);
    expect(kept).toEqual([]);
    expect(session.current).toBeNull();
  });

  test('goes back: first from half an answer, then to the post before', () => {
    const { session, kept, type } = sitting(['one', 'two']);
    type('u', 'a', 'p', 'b');
    expect(session.pending).toBeNull();
    expect(session.current?.post.id).toBe('two');
    type('b', 'r');
    expect(kept.map(({ id, stance }) => [id, stance])).toEqual([
      ['one', 'unrelated'],
      ['one', 'relaying'],
    ]);
  });

  test('counts what was skipped and kept, a post that was shown again once', () => {
    const { session, type } = sitting(['one', 'two', 'three']);
    type('s', 'u');
    expect(session.progress).toEqual({ number: 3, of: 3, kept: 1, skipped: 1 });
    type('b', 'r', 'b', 'b', 'c');
    expect(session.progress).toEqual({ number: 2, of: 3, kept: 2, skipped: 0 });
    expect(session.labels.map(({ id, stance }) => [id, stance])).toEqual([
      ['two', 'relaying'],
      ['one', 'recovered'],
    ]);
  });

  test('is summed up by stance, and by how often the model was right on those by lot', () => {
    const kept = (stance: Label['stance'], confidence: number, selection: Label['selection']) =>
      ({ stance, confidence, selection }) as Label;
    const labels = [
      kept('affected', 0.9, 'random'),
      kept('unrelated', 0.9, 'random'),
      kept('affected', 0.1, 'uncertain'),
    ];
    const progress = { number: 4, of: 4, kept: 3, skipped: 1 };
    expect(summarise({ labels, progress }, 0.4)).toEqual({
      kept: 3,
      skipped: 1,
      byStance: { affected: 2, unrelated: 1 },
      byLot: { posts: 2, right: 1 },
    });
  });
});

describe('answers from a pipe', () => {
  async function answer(ids: readonly string[], lines: readonly string[]) {
    const { session, kept } = sitting(ids);
    const bad: [number, string][] = [];
    const shown: { kind: string; id?: string }[] = [];
    const input = new PassThrough();
    input.end(lines.map((line) => `${line}\n`).join(''));
    await ask(
      {
        session,
        view: jsonView((line) => shown.push(JSON.parse(line))),
        explain: ({ id }) => [{ feature: `word of ${id}`, weight: 1, for: 'signal' }],
        onBad: (line, reason) => bad.push([line, reason]),
      },
      input as unknown as NodeJS.ReadStream,
    );
    return {
      kept: kept.map(({ id, stance, types }) => [id, stance, ...types].join(' ')),
      bad,
      shown,
    };
  }

  test('are a line for each post', async () => {
    const { kept, bad, shown } = await answer(
      ['one', 'two', 'three'],
      ['affected playback, app', '?', 's', 'u'],
    );
    expect(kept).toEqual(['one affected playback app', 'three unrelated']);
    expect(bad).toEqual([]);
    expect(shown.filter(({ kind }) => kind === 'post').map(({ id }) => id)).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(shown).toContainEqual({
      kind: 'features',
      features: [{ feature: 'word of two', weight: 1, for: 'signal' }],
    });
  });

  test('never slip to the next post when a line is not understood', async () => {
    const ids = ['one', 'two', 'three', 'four', 'five', 'six'];
    const lines = ['u', 'affected', 'affected nonsense', '', 'u r', 'a app'];
    const { kept, bad } = await answer(ids, lines);
    expect(kept).toEqual(['one unrelated', 'five unrelated', 'six affected app']);
    expect(bad.map(([line]) => line)).toEqual([2, 3, 4, 5]);
    expect(bad[1]![1]).toContain('nonsense');
  });

  test('may take back the one before in the same line', async () => {
    const { kept } = await answer(['one', 'two'], ['u', 'b r', 'c']);
    expect(kept).toEqual(['one unrelated', 'one relaying', 'two recovered']);
  });

  test('end where they end', async () => {
    expect((await answer(['one', 'two'], ['u'])).kept).toEqual(['one unrelated']);
    expect((await answer(['one', 'two'], ['q', 'u'])).kept).toEqual([]);
  });
});

describe('a post on the screen', () => {
  test('cannot move the cursor', () => {
    let written = '';
    const post = { ...postOf('one'), text: 'up\u001b[2Jand away' };
    textView((text) => {
      written += text;
    }).post({ post, selection: 'random' }, { number: 1, of: 1, kept: 0, skipped: 0 });
    expect(written).not.toContain('\u001b');
    expect(written).toContain('spotify · en · random');
  });
});

describe('a new model', () => {
  const figures = (areaUnderCurve: number) =>
    ({ before: { areaUnderCurve: 0.9 }, after: { areaUnderCurve } }) as Comparison;

  test('is refused when it is worse on labels held back, or clearly so on written text', () => {
    const held = (area: number) => ({ ...figures(area), byLot: null, areas: [] }) as Learnt['held'];
    expect(reasonAgainst({ held: held(0.91), written: figures(0.895) })).toBeNull();
    expect(reasonAgainst({ held: held(0.89), written: figures(0.9) })).toContain('held back');
    expect(reasonAgainst({ held: held(0.91), written: figures(0.88) })).toContain('written text');
    expect(reasonAgainst({ held: null, written: figures(0.9) })).toBeNull();
  });
});

describe('the file of a model', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'outcry-models-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('replaces an older model only, and keeps it beside', () => {
    const file = path.join(folder, 'deep', 'outcry.model');
    const shipped = readFileSync(shippedModelPath);
    checkModelFile(file);
    replaceModel(file, shipped);
    checkModelFile(file);
    replaceModel(file, Buffer.from('OUTCRYM1 another'));
    expect(readFileSync(file, 'utf8')).toBe('OUTCRYM1 another');
    expect(readFileSync(`${file}.before`)).toEqual(shipped);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  test('is never the one that ships, nor something else that is there', () => {
    expect(() => checkModelFile(shippedModelPath)).toThrow(/ships/);
    const labels = path.join(folder, 'labels.ndjson');
    writeFileSync(labels, '{"id":"one"}\n');
    expect(() => checkModelFile(labels)).toThrow(/no model/);
    expect(() => checkModelFile(path.join(labels, 'outcry.model'))).toThrow(/no model can be/);
    expect(readFileSync(labels, 'utf8')).toBe('{"id":"one"}\n');
  });
});

describe('the file of labels', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'outcry-labels-'));
    file = path.join(folder, 'deep', 'labels.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function keep(...ids: string[]): void {
    const out = new LabelFile(file);
    const session = new LabelSession({
      posts: ids.map((id) => ({ post: postOf(id), selection: 'random' })),
      annotator: 'ann',
      now: () => 0,
      keep: (label) => out.append(label),
    });
    for (const _ of ids) session.answer('u');
    out.close();
  }

  test('gives back what was kept, over sittings', () => {
    keep('one');
    keep('two', 'three');
    const { labels, bad } = readLabels(file);
    expect(labels.map(({ id }) => id)).toEqual(['one', 'two', 'three']);
    expect(bad).toEqual([]);
  });

  test('survives a line that a crash cut short', () => {
    keep('one');
    appendFileSync(file, '{"id":"torn","text":"cut sho');
    keep('two');
    const { labels, bad } = readLabels(file);
    expect(labels.map(({ id }) => id)).toEqual(['one', 'two']);
    expect(bad).toEqual([{ line: 2, reason: 'is no JSON' }]);
    expect(readFileSync(file, 'utf8')).toContain('cut sho\n');
  });

  test('tells lines that are no labels with their numbers', () => {
    keep('one');
    appendFileSync(file, '{"id":"x","stance":"angry"}\n');
    const { labels, bad } = readLabels(file);
    expect(labels).toHaveLength(1);
    expect(bad).toHaveLength(1);
    expect(bad[0]).toMatchObject({ line: 2, reason: expect.stringContaining('stance') });
  });

  test('that is not there holds nothing', () => {
    expect(readLabels(file)).toEqual({ labels: [], bad: [] });
  });
});
