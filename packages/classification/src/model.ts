import type { HashedModel, LinearModel } from './linear.ts';
import { KeyTable } from './table.ts';
import { rulesVersion } from './version.ts';

/** A point of the calibration: at this raw score (log-odds) the measured probability is `p`. */
export interface CalibrationPoint {
  score: number;
  p: number;
}

export interface ModelHeader {
  format: 1;
  /** Name and version, written into every signal: `outcry-linear@<rules>-<digest>`. */
  name: string;
  languages: string[];
  /** Monotone map from raw score to probability, ascending; straight lines between its points. */
  calibration: CalibrationPoint[];
  /** Probability from which a text counts as a signal. */
  threshold: number;
  /** Probability from which an error type stands beside the main one. */
  typeThreshold: number;
  errorRates: { falsePositive: number; falseNegative: number };
  /** What was measured on held-back text when it was built, for people to read. */
  measured: Record<string, number>;
  texts: number;
  seed: number;
}

export interface Model {
  header: ModelHeader;
  /** Affected or asking, or neither. */
  signal: HashedModel;
  /** Columns: see `columns` in decide.ts. */
  decisions: LinearModel;
  /** One column for each of `header.languages`. */
  languages: LinearModel;
}

const magic = 'OUTCRYM1';

interface SectionList {
  signal: { slots: number; scale: number; bias: number };
  decisions: LinearShape;
  languages: LinearShape;
}
interface LinearShape {
  columns: number;
  rows: number;
  slots: number;
}

/** A model as one file: magic, length of the header, header as JSON, then the tables. */
export function encodeModel(model: Model): Uint8Array {
  const { signal } = model;
  const shapes: SectionList = {
    signal: { slots: signal.weights.length, scale: signal.scale, bias: signal.bias },
    decisions: shapeOf(model.decisions),
    languages: shapeOf(model.languages),
  };
  const header = new TextEncoder().encode(
    JSON.stringify({ ...model.header, rules: rulesVersion, shapes }),
  );
  const parts = [signal.weights, ...partsOf(model.decisions), ...partsOf(model.languages)];
  const start = aligned(magic.length + 4 + header.length);
  const length = parts.reduce((sum, part) => sum + aligned(part.byteLength), start);
  const bytes = new Uint8Array(length);
  bytes.set(new TextEncoder().encode(magic), 0);
  new DataView(bytes.buffer).setUint32(magic.length, header.length, true);
  bytes.set(header, magic.length + 4);
  let at = start;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += aligned(part.byteLength);
  }
  return bytes;
}

/**
 * Reads what `encodeModel` wrote.
 *
 * @throws Error when the bytes are no model, are cut short, or were built for other rules
 */
export function decodeModel(bytes: Uint8Array): Model {
  if (new TextDecoder().decode(bytes.subarray(0, magic.length)) !== magic) {
    throw new Error('this is no model file of Outcry');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(magic.length, true);
  const headerEnd = magic.length + 4 + headerLength;
  const { shapes, rules, ...header } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(magic.length + 4, headerEnd)),
  ) as ModelHeader & { shapes: SectionList; rules: string };
  if (rules !== rulesVersion) {
    throw new Error(
      `the model was built for rules ${rules}, these are ${rulesVersion}: rebuild it`,
    );
  }
  let at = aligned(headerEnd);
  const take = (length: number): ArrayBuffer => {
    if (at + length > bytes.byteLength) throw new Error('the model file is cut short');
    const part = bytes.slice(at, at + length).buffer;
    at += aligned(length);
    return part;
  };
  const linear = (shape: LinearShape): LinearModel => {
    const scales = new Float32Array(take(shape.columns * 4));
    const bias = new Float32Array(take(shape.columns * 4));
    const slots = new Uint16Array(take(shape.slots * 2));
    const prints = new Uint16Array(take(shape.slots * 2));
    const weights = new Int8Array(take(shape.rows * shape.columns));
    return { columns: shape.columns, table: new KeyTable(slots, prints), weights, scales, bias };
  };
  const { slots, scale, bias } = shapes.signal;
  const signal = { weights: new Int8Array(take(slots)), scale, bias };
  return {
    header,
    signal,
    decisions: linear(shapes.decisions),
    languages: linear(shapes.languages),
  };
}

function shapeOf(model: LinearModel): LinearShape {
  return {
    columns: model.columns,
    rows: model.weights.length / model.columns,
    slots: model.table.slots.length,
  };
}

function partsOf(model: LinearModel) {
  return [model.scales, model.bias, model.table.slots, model.table.prints, model.weights];
}

function aligned(length: number): number {
  return (length + 7) & ~7;
}
