import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Label } from '@outcry/classification';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Post } from './candidates.ts';
import { LabelSession } from './session.ts';
import { LabelFile, readLabels } from './store.ts';

function postOf(id: string): Post {
  return {
    id,
    text: `text of ${id}`,
    lang: 'en',
    language: 'en',
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

  test('counts what was skipped and kept', () => {
    const { session, type } = sitting(['one', 'two', 'three']);
    type('s', 'u');
    expect(session.progress).toEqual({ number: 3, of: 3, kept: 1, skipped: 1 });
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
