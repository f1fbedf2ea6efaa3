import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadCatalog } from '@outcry/catalog';
import { decodeModel, encodeModel, loadModel, shippedModelPath } from '@outcry/classification';
import { createLogger } from '@outcry/runtime';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WatchedClassifier } from './model.ts';
import { watchClassifier } from './model.ts';

const catalog = loadCatalog();
const log = createLogger({ service: 'test', level: 'silent', format: 'json' });

let folder: string;
let file: string;
let watched: WatchedClassifier;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'outcry-model-'));
  file = path.join(folder, 'outcry.model');
  copyFileSync(shippedModelPath, file);
  watched = watchClassifier(catalog, { OUTCRY_MODEL: file }, log);
});
afterEach(() => {
  watched.close();
  rmSync(folder, { recursive: true });
});

/** Another file of the same name, as outcry train puts it there. */
function replace(bytes: Uint8Array): void {
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
}

function renamed(name: string): Uint8Array {
  const { places: _, ...model } = loadModel();
  return encodeModel({ ...model, header: { ...model.header, name } });
}

describe('the model in force', () => {
  test('is swapped when its file is replaced, without a restart', async () => {
    const before = watched.current();
    expect(before.classify({ text: 'spotify is down' }).model).toBe(loadModel().header.name);
    replace(renamed('outcry-linear-test@1'));
    await vi.waitFor(() => expect(watched.current().model).toBe('outcry-linear-test@1'), 30_000);
    expect(watched.current().classify({ text: 'spotify is down' }).model).toBe(
      'outcry-linear-test@1',
    );
    // Whoever still holds the old one classifies by it, whole.
    expect(before.classify({ text: 'spotify is down' }).model).toBe(loadModel().header.name);
  });

  test('is the shipped one until its file is there', async () => {
    const later = path.join(folder, 'later.model');
    const warn = vi.spyOn(log, 'warn');
    const waiting = watchClassifier(catalog, { OUTCRY_MODEL: later }, log);
    try {
      expect(waiting.current().model).toBe(loadModel().header.name);
      expect(warn).toHaveBeenCalledWith(expect.stringContaining('later.model is not there'));
      writeFileSync(`${later}.new`, renamed('outcry-linear-test@3'));
      renameSync(`${later}.new`, later);
      await vi.waitFor(() => expect(waiting.current().model).toBe('outcry-linear-test@3'), 30_000);
    } finally {
      waiting.close();
    }
  });

  test('stays when the new file is none, and goes on to the next good one', async () => {
    const error = vi.spyOn(log, 'error');
    replace(renamed('outcry-linear-test@1').subarray(0, 1_000));
    await vi.waitFor(() => expect(error).toHaveBeenCalled(), 30_000);
    expect(watched.current().model).toBe(loadModel().header.name);
    replace(renamed('outcry-linear-test@2'));
    await vi.waitFor(() => expect(watched.current().model).toBe('outcry-linear-test@2'), 30_000);
    expect(decodeModel(renamed('x')).header.name).toBe('x');
  });
});
