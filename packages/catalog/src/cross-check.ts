import { foldString } from './fold.ts';
import { joinTag } from './hashtags.ts';
import type { Path } from './positions.ts';

/** What the checks look at; anything may be missing or wrong, since shapes are told elsewhere. */
export interface CrossCheck {
  targets?: unknown;
}

interface Finding {
  path: Path;
  reason: string;
}

/** Problems between entries: the same name twice, unknown references, dependencies in a circle. */
export function crossCheck(file: CrossCheck | null): Finding[] {
  const targets = list(file?.targets).map(record);
  return [
    ...duplicates(targets),
    ...unknownDependencies(targets),
    ...cycles(targets),
    ...strayRules(targets),
    ...emptyEvidence(targets),
    ...repeatedProblems(targets),
  ];
}

type Entry = Readonly<Record<string, unknown>>;

function duplicates(targets: readonly Entry[]): Finding[] {
  const findings: Finding[] = [];
  const seen = {
    id: new Map<string, string>(),
    name: new Map<string, string>(),
    hashtag: new Map<string, string>(),
    handle: new Map<string, string>(),
  };
  const claim = (what: keyof typeof seen, key: string, owner: string, text: string, path: Path) => {
    const first = seen[what].get(key);
    if (first === undefined) seen[what].set(key, owner);
    else {
      const holder = first === owner ? 'this target' : first;
      findings.push({ path, reason: `duplicate ${what} "${text}": ${holder} has it already` });
    }
  };
  targets.forEach((target, index) => {
    const owner = text(target.id) ?? `target ${index}`;
    const id = text(target.id);
    if (id !== undefined) claim('id', id, owner, id, ['targets', index, 'id']);
    const name = text(target.name);
    if (name !== undefined)
      claim('name', foldString(name), owner, name, ['targets', index, 'name']);
    for (const [field, what, fold] of [
      ['aliases', 'name', foldString],
      ['hashtags', 'hashtag', joinTag],
      ['handles', 'handle', foldString],
    ] as const) {
      list(target[field]).forEach((value, at) => {
        const written = text(value);
        if (written !== undefined)
          claim(what, fold(written), owner, written, ['targets', index, field, at]);
      });
    }
  });
  return findings;
}

function unknownDependencies(targets: readonly Entry[]): Finding[] {
  const known = new Set(targets.map((target) => text(target.id)));
  return targets.flatMap((target, index) =>
    list(target.dependsOn).flatMap((dependency, at) =>
      known.has(text(dependency))
        ? []
        : [
            {
              path: ['targets', index, 'dependsOn', at],
              reason: `unknown dependency "${String(dependency)}"`,
            },
          ],
    ),
  );
}

/**
 * A circle of dependencies is refused: whose failure explains whose would have no answer. Each
 * circle is told once, where it closes.
 */
function cycles(targets: readonly Entry[]): Finding[] {
  const indexOf = new Map(targets.map((target, index) => [text(target.id), index]));
  const done = new Set<number>();
  const findings: Finding[] = [];
  const visit = (index: number, trail: number[]): void => {
    if (done.has(index)) return;
    const here = [...trail, index];
    list(targets[index]!.dependsOn).forEach((dependency, at) => {
      const next = indexOf.get(text(dependency));
      if (next === undefined || text(dependency) === undefined) return;
      const from = here.indexOf(next);
      if (from < 0) {
        visit(next, here);
        return;
      }
      const circle = [...here.slice(from), next].map((step) => text(targets[step]!.id));
      findings.push({
        path: ['targets', index, 'dependsOn', at],
        reason: `dependencies in a circle: ${circle.join(' → ')}`,
      });
    });
    done.add(index);
  };
  targets.forEach((_, index) => {
    visit(index, []);
  });
  return findings;
}

/** A rule for a name that the target does not have does nothing, so it is a mistake. */
function strayRules(targets: readonly Entry[]): Finding[] {
  return targets.flatMap((target, index) => {
    const names = [target.name, ...list(target.aliases)].flatMap((name) => text(name) ?? []);
    const known = new Set(names.map(foldString));
    return list(target.ambiguous).flatMap((rule, ruleAt) =>
      list(record(rule).names).flatMap((name, at) => {
        const written = text(name);
        if (written === undefined || known.has(foldString(written))) return [];
        return [
          {
            path: ['targets', index, 'ambiguous', ruleAt, 'names', at],
            reason: `"${written}" is neither the name nor an alias of this target`,
          },
        ];
      }),
    );
  });
}

/** A phrase that is the ambiguous name itself would decide every text alike. */
function emptyEvidence(targets: readonly Entry[]): Finding[] {
  return targets.flatMap((target, index) =>
    list(target.ambiguous).flatMap((rule, ruleAt) => {
      const names = new Set(list(record(rule).names).map((name) => joinTag(String(name))));
      return (['with', 'without'] as const).flatMap((field) =>
        list(record(rule)[field]).flatMap((phrase, at) =>
          typeof phrase === 'string' && (names.has(joinTag(phrase)) || joinTag(phrase) === '')
            ? [
                {
                  path: ['targets', index, 'ambiguous', ruleAt, field, at],
                  reason: `"${phrase}" says no more than the name`,
                },
              ]
            : [],
        ),
      );
    }),
  );
}

function repeatedProblems(targets: readonly Entry[]): Finding[] {
  return targets.flatMap((target, index) => {
    const seen = new Set<string>();
    return list(target.problems).flatMap((problem, at) => {
      const type = text(record(problem).type);
      if (type === undefined || !seen.has(type)) {
        if (type !== undefined) seen.add(type);
        return [];
      }
      return [
        {
          path: ['targets', index, 'problems', at, 'type'],
          reason: `problem type "${type}" stands twice`,
        },
      ];
    });
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function record(value: unknown): Entry {
  return value !== null && typeof value === 'object' ? (value as Entry) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
