import type { HashedModel, LinearModel } from './linear.ts';
import { pack, unpack } from './pack.ts';
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

/** A model as one file. */
export function encodeModel(model: Model): Uint8Array {
  const { signal } = model;
  const shapes: SectionList = {
    signal: { slots: signal.weights.length, scale: signal.scale, bias: signal.bias },
    decisions: shapeOf(model.decisions),
    languages: shapeOf(model.languages),
  };
  return pack(magic, { ...model.header, rules: rulesVersion, shapes }, [
    signal.weights,
    ...partsOf(model.decisions),
    ...partsOf(model.languages),
  ]);
}

/**
 * Reads what `encodeModel` wrote.
 *
 * @throws Error when the bytes are no model, are cut short, or were built for other rules
 */
export function decodeModel(bytes: Uint8Array): Model {
  const { header: stored, take } = unpack(magic, bytes);
  const { shapes, rules, ...header } = stored as ModelHeader & {
    shapes: SectionList;
    rules: string;
  };
  if (rules !== rulesVersion) {
    throw new Error(
      `the model was built for rules ${rules}, these are ${rulesVersion}: rebuild it`,
    );
  }
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
