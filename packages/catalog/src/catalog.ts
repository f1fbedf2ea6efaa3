import { createHash } from 'node:crypto';
import { LineCounter, parseDocument } from 'yaml';
import type { CrossCheck } from './cross-check.ts';
import { crossCheck } from './cross-check.ts';
import type { HashtagForms } from './hashtags.ts';
import { suitsAmbiguous, tagOf } from './hashtags.ts';
import { CatalogError, Positions } from './positions.ts';
import type {
  AmbiguityRule,
  CatalogFile,
  Kind,
  OfficialStatus,
  Probe,
  Problem,
  TargetEntry,
} from './schema.ts';
import { catalogFile } from './schema.ts';

/** A watched service. */
export interface Target {
  id: string;
  name: string;
  kind: Kind;
  /** Other names and spellings, also in other scripts. */
  aliases: readonly string[];
  /** Hashtags beyond those that the rule makes, without the number sign. */
  hashtags: readonly string[];
  /** Accounts that people address, without the @ sign. */
  handles: readonly string[];
  subreddits: readonly string[];
  ambiguous: readonly AmbiguityRule[];
  /** What people meet there, most usual first; one entry per error type. */
  problems: readonly Problem[];
  status: OfficialStatus | null;
  probes: readonly Probe[];
  /** Targets whose failure makes this one fail. */
  dependsOn: readonly string[];
  /** ISO 3166-1 alpha-2; null where it works worldwide. */
  countries: readonly string[] | null;
}

export interface Catalog {
  /** Hash of the contents: comments and order of fields do not change it. */
  version: string;
  targets: readonly Target[];
  byId: ReadonlyMap<string, Target>;
  kinds: Readonly<Record<Kind, { label: string; problems: readonly Problem[] }>>;
  faultWords: readonly string[];
  plainWords: readonly string[];
  hashtagForms: HashtagForms;
  /**
   * Hashtags to listen to for a target, without the sign and in lower case, the most telling first:
   * those of the entry, then the name with each word of failure, at last the bare name if it is no
   * ordinary word. A source that can follow few takes the first few.
   */
  hashtagsOf(id: string): string[];
}

/**
 * Reads a catalogue.
 *
 * @param fileName what problems are told with
 * @throws CatalogError with every problem at once, each with file, line, column and reason
 */
export function parseCatalog(yamlText: string, fileName: string): Catalog {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines });
  const positions = new Positions(fileName, document, lines);
  if (document.errors.length > 0) {
    // One slip of the pen makes many errors behind it: the first few tell where to look.
    throw new CatalogError(
      document.errors
        .slice(0, 5)
        .map((error) => positions.at(error.pos[0], firstLine(error.message))),
    );
  }
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 1_000 });
  } catch (error) {
    throw new CatalogError([
      positions.at(0, error instanceof Error ? error.message : 'unreadable'),
    ]);
  }
  const shape = catalogFile.safeParse(raw);
  // References are checked as far as the shapes allow, so that one reading tells everything.
  const problems = shape.success
    ? []
    : shape.error.issues.flatMap((issue) => positions.ofIssue(issue));
  const checkable: CrossCheck = shape.success ? shape.data : (raw as CrossCheck);
  problems.push(...crossCheck(checkable).map(({ path, reason }) => positions.of(path, reason)));
  if (problems.length > 0 || !shape.success) throw new CatalogError(problems);
  return assemble(shape.data);
}

function assemble(file: CatalogFile): Catalog {
  const targets = file.targets.map((entry) => toTarget(entry, file));
  const byId = new Map(targets.map((target) => [target.id, target]));
  return {
    version: createHash('sha256').update(canonical(file)).digest('hex').slice(0, 16),
    targets,
    byId,
    kinds: file.kinds,
    faultWords: file.faultWords,
    plainWords: file.plainWords,
    hashtagForms: file.hashtagForms,
    hashtagsOf(id) {
      const target = byId.get(id);
      return target === undefined ? [] : hashtagsOf(target, file.hashtagForms);
    },
  };
}

function toTarget(entry: TargetEntry, file: CatalogFile): Target {
  return {
    id: entry.id,
    name: entry.name,
    kind: entry.kind,
    aliases: entry.aliases,
    hashtags: entry.hashtags,
    handles: entry.handles,
    subreddits: entry.subreddits,
    ambiguous: entry.ambiguous,
    problems: entry.problems ?? file.kinds[entry.kind].problems,
    status: entry.status ?? null,
    probes: entry.probes,
    dependsOn: entry.dependsOn,
    countries: entry.countries ?? null,
  };
}

function hashtagsOf(target: Target, forms: HashtagForms): string[] {
  const name = tagOf(target.name);
  const ambiguous = target.ambiguous.some((rule) =>
    rule.names.some((word) => tagOf(word) === name),
  );
  const usable = forms.fault.filter((form) => !ambiguous || suitsAmbiguous(form));
  return [
    ...new Set([
      ...target.hashtags.map((tag) => tag.toLowerCase()),
      ...usable.map((form) => `${name}${form.toLowerCase()}`),
      ...(ambiguous ? [] : [name]),
    ]),
  ];
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function firstLine(text: string): string {
  return text.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
}
