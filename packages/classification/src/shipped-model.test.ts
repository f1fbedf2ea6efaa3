import { describe, expect, it } from 'vitest';
import { readTrainingTexts } from '../tools/texts.ts';
import { compileCues } from './cues/compile.ts';
import { loadModel } from './load.ts';

// Building it takes too long for a test; these tell when that was forgotten.
describe('the model that ships', () => {
  const model = loadModel();

  it('holds the cue phrases as they are now (tools/build-model.ts)', () => {
    const now = compileCues();
    for (const name of Object.keys(now) as (keyof typeof now)[]) {
      expect(bytesOf(model.cues[name]).equals(bytesOf(now[name])), name).toBe(true);
    }
  });

  it('has read as many texts as there are (tools/build-model.ts)', () => {
    expect(model.header.texts).toBe(readTrainingTexts().length);
  });
});

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
