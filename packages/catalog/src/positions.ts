import type { Document, LineCounter } from 'yaml';
import { isMap, isNode, isScalar } from 'yaml';
import type { z } from 'zod';

/** One thing that is wrong with a catalogue, and where. */
export interface CatalogProblem {
  file: string;
  /** From 1. */
  line: number;
  column: number;
  reason: string;
}

/** Refuses a catalogue; carries all its problems, in the order of the file. */
export class CatalogError extends Error {
  readonly problems: readonly CatalogProblem[];

  constructor(problems: CatalogProblem[]) {
    const ordered = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(
      ordered
        .map(({ file, line, column, reason }) => `${file}:${line}:${column}: ${reason}`)
        .join('\n'),
    );
    this.name = 'CatalogError';
    this.problems = ordered;
  }
}

export type Path = readonly PropertyKey[];

/** Turns paths inside a YAML document into lines and columns. */
export class Positions {
  #file: string;
  #document: Document;
  #lines: LineCounter;

  constructor(file: string, document: Document, lines: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
  }

  at(offset: number, reason: string): CatalogProblem {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col), reason };
  }

  /** The place of a path, or of the nearest thing around it that exists. */
  of(path: Path, reason: string): CatalogProblem {
    for (let length = path.length; length >= 0; length--) {
      const node = this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.at(node.range[0], reason);
    }
    return this.at(0, reason);
  }

  /** The place of a key rather than of its value. */
  ofKey(path: Path, key: string, reason: string): CatalogProblem {
    const map = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    if (isMap(map)) {
      for (const { key: found } of map.items) {
        if (isScalar(found) && found.value === key && found.range)
          return this.at(found.range[0], reason);
      }
    }
    return this.of(path, reason);
  }

  /** What a schema has against the document. */
  ofIssue(issue: z.core.$ZodIssue): CatalogProblem[] {
    const where = issue.path.length === 0 ? '' : `${describe(issue.path)}: `;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => this.ofKey(issue.path, key, `${where}unknown field "${key}"`));
    }
    const missing = issue.path.length > 0 && !this.#document.hasIn(issue.path);
    return [this.of(issue.path, `${where}${missing ? 'is missing' : issue.message}`)];
  }
}

function describe(path: Path): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}
