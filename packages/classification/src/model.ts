import type { CueTables } from './cues/tables.ts';
import type { HashedModel, LinearModel } from './linear.ts';
import { pack, unpack } from './pack.ts';
import type { StanceShifts } from './stance-shifts.ts';
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
  /** Log-odds by which the calibration expects real posts to score lower than written text. */
  domainShift: number;
  /** What was added to the scores of rare stances; it is in the weights already. */
  stanceShifts: StanceShifts;
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
  /** What it is when it is no signal: see `quietStances`. */
  quiet: HashedModel;
  /** Of a signal: asking or affected, and the error types: see `columns` in decide.ts. */
  kinds: LinearModel;
  /** One column for each of `header.languages`. */
  languages: LinearModel;
  /** The phrases whose weights it holds. */
  cues: CueTables;
}

const magic = 'OUTCRYM1';

/** Tables of cues in the order in which they are written. */
const cueTables = [
  'slots',
  'first',
  'entryLanguage',
  'entryCue',
  'words',
  'prefixes',
  'suffixes',
  'edges',
] as const satisfies (keyof CueTables)[];

interface Shapes {
  signal: HashedShape;
  quiet: HashedShape;
  kinds: LinearShape;
  languages: LinearShape;
  /** Bytes of each table of cues. */
  cues: Record<keyof CueTables, number>;
}
interface HashedShape {
  columns: number;
  rows: number;
}
interface LinearShape extends HashedShape {
  slots: number;
}

/** A model as one file. */
export function encodeModel(model: Model): Uint8Array {
  const { signal, quiet, kinds, languages, cues } = model;
  const shapes: Shapes = {
    signal: shapeOf(signal),
    quiet: shapeOf(quiet),
    kinds: { ...shapeOf(kinds), slots: kinds.table.slots.length },
    languages: { ...shapeOf(languages), slots: languages.table.slots.length },
    cues: Object.fromEntries(
      cueTables.map((name) => [name, cues[name].byteLength]),
    ) as Shapes['cues'],
  };
  return pack(magic, { ...model.header, rules: rulesVersion, shapes }, [
    ...[signal, quiet].flatMap(({ scales, bias, weights }) => [scales, bias, weights]),
    ...[kinds, languages].flatMap(({ scales, bias, weights, table }) => [
      scales,
      bias,
      weights,
      table.slots,
      table.prints,
    ]),
    ...cueTables.map((name) => cues[name]),
  ]);
}

/** Whether bytes begin as a model does, of these rules or of others. */
export function isModel(bytes: Uint8Array): boolean {
  return [...magic].every((character, i) => bytes[i] === character.charCodeAt(0));
}

/**
 * Reads what `encodeModel` wrote.
 *
 * @throws Error when the bytes are no model, are cut short, or were built for other rules
 */
export function decodeModel(bytes: Uint8Array): Model {
  const { header: stored, take } = unpack(magic, bytes);
  const { shapes, rules, ...header } = stored as ModelHeader & { shapes: Shapes; rules: string };
  if (rules !== rulesVersion) {
    throw new Error(
      `the model was built for rules ${rules}, these are ${rulesVersion}: rebuild it`,
    );
  }
  const hashed = ({ columns, rows }: HashedShape): HashedModel => {
    const scales = new Float32Array(take(columns * 4));
    const bias = new Float32Array(take(columns * 4));
    return { columns, weights: new Int8Array(take(rows * columns)), scales, bias };
  };
  const signal = hashed(shapes.signal);
  const quiet = hashed(shapes.quiet);
  const linear = (shape: LinearShape): LinearModel => {
    const rows = hashed(shape);
    const slots = new Uint16Array(take(shape.slots * 2));
    return { ...rows, table: new KeyTable(slots, new Uint16Array(take(shape.slots * 2))) };
  };
  const kinds = linear(shapes.kinds);
  const languages = linear(shapes.languages);
  const words = (name: keyof CueTables) => new Int32Array(take(shapes.cues[name]));
  const cues: CueTables = {
    slots: words('slots'),
    first: words('first'),
    entryLanguage: words('entryLanguage'),
    entryCue: new Uint8Array(take(shapes.cues.entryCue)),
    words: words('words'),
    prefixes: words('prefixes'),
    suffixes: words('suffixes'),
    edges: words('edges'),
  };
  return { header, signal, quiet, kinds, languages, cues };
}

function shapeOf(model: HashedModel): HashedShape {
  return { columns: model.columns, rows: model.weights.length / model.columns };
}
