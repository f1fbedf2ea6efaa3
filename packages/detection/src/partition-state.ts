import { z } from 'zod';
import { seriesState } from './series-state.ts';
import type { DetectionSettings } from './settings.ts';
import { CorruptStateError, readState, requireRules } from './state.ts';
import { seriesPrefix, TargetDetector, targetPrefix, targetState, voicesPrefix } from './target.ts';
import type { VoiceChunk } from './voice-window.ts';
import { voiceChunk } from './voice-window.ts';
import { watermarkState } from './watermark.ts';

export const metaKey = 'meta';

/** What a partition knows beside its targets. */
const metaState = z.strictObject({
  rules: z.string(),
  closed: z.number().nullable(),
  began: z.number().nullable(),
  counters: z.strictObject({ late: z.number(), afterClose: z.number() }),
  /** The classifier's, as its heartbeats tell it. */
  falsePositiveRate: z.number(),
  watermarks: watermarkState,
});
export type MetaState = z.infer<typeof metaState>;

export function readMeta(state: ReadonlyMap<string, unknown>): MetaState {
  const meta = readState(metaState, metaKey, state.get(metaKey));
  requireRules(metaKey, meta.rules);
  return meta;
}

/**
 * Puts the targets of a state back, with their series and voices.
 *
 * @throws CorruptStateError when a part cannot be read or its target is missing
 */
export function readTargets(
  state: ReadonlyMap<string, unknown>,
  settings: DetectionSettings,
): Map<string, TargetDetector> {
  const chunks = readVoices(state);
  const targets = new Map<string, TargetDetector>();
  for (const [key, value] of state) {
    if (!key.startsWith(targetPrefix)) continue;
    const name = key.slice(targetPrefix.length);
    const held = readState(targetState, key, value);
    targets.set(name, TargetDetector.restore(name, held, chunks.get(name) ?? [], settings));
    chunks.delete(name);
  }
  for (const name of chunks.keys()) {
    throw new CorruptStateError(`${voicesPrefix}${name}`, 'its target is not in the state');
  }
  for (const [key, value] of state) {
    if (!key.startsWith(seriesPrefix)) continue;
    const [name, series] = split(key, seriesPrefix);
    const target = targets.get(name);
    if (target === undefined) throw new CorruptStateError(key, 'its target is not in the state');
    target.restoreSeries(series, readState(seriesState, key, value));
  }
  return targets;
}

/** Whether a key belongs to a target. */
export function isOfTarget(key: string): boolean {
  return [targetPrefix, seriesPrefix, voicesPrefix].some((prefix) => key.startsWith(prefix));
}

function readVoices(state: ReadonlyMap<string, unknown>): Map<string, [number, VoiceChunk][]> {
  const chunks = new Map<string, [number, VoiceChunk][]>();
  for (const [key, value] of state) {
    if (!key.startsWith(voicesPrefix)) continue;
    const [name, minute] = split(key, voicesPrefix);
    const list = chunks.get(name) ?? [];
    list.push([Number(minute), readState(voiceChunk, key, value)]);
    chunks.set(name, list);
  }
  return chunks;
}

function split(key: string, prefix: string): [string, string] {
  const rest = key.slice(prefix.length);
  const slash = rest.indexOf('/');
  if (slash < 0) throw new CorruptStateError(key, 'names no part of a target');
  return [rest.slice(0, slash), rest.slice(slash + 1)];
}
