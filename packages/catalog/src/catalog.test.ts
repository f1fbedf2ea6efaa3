import { describe, expect, test } from 'vitest';
import { parseCatalog } from './catalog.ts';
import { loadCatalog } from './load.ts';
import { CatalogError } from './positions.ts';

const head = `hashtagForms: { fault: [down, outage], filler: [is] }
faultWords: [down]
kinds:
${[
  'music',
  'video',
  'social',
  'messaging',
  'games',
  'telecom',
  'bank',
  'payments',
  'shop',
  'delivery',
  'travel',
  'cloud',
  'developer',
  'work',
  'device',
  'other',
]
  .map((kind) => `  ${kind}: { label: ${kind}, problems: [{ type: app, label: App }] }`)
  .join('\n')}
targets:
`;
const headLines = head.split('\n').length - 1;

/** The problems of a catalogue with these targets, as `line:column reason` within the targets. */
function problemsOf(targets: string): string[] {
  try {
    parseCatalog(head + targets, 'some.yaml');
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return error.problems.map(
      ({ line, column, reason }) => `${line - headLines}:${column} ${reason}`,
    );
  }
  return [];
}

describe('a catalogue', () => {
  test('gives each target what its kind has and its entry leaves out', () => {
    const catalog = parseCatalog(`${head}  - { id: a, name: Alpha, kind: music }`, 'some.yaml');
    expect(catalog.byId.get('a')).toMatchObject({
      problems: [{ type: 'app', label: 'App' }],
      status: null,
      countries: null,
      dependsOn: [],
    });
  });

  test('has a version that follows its contents, not its comments or order of fields', () => {
    const version = (text: string) => parseCatalog(head + text, 'x').version;
    const first = version('  - { id: a, name: Alpha, kind: music }');
    expect(version('  # a comment\n  - { name: Alpha, kind: music, id: a }')).toBe(first);
    expect(version('  - { id: a, name: Alpha, kind: video }')).not.toBe(first);
  });

  test('makes hashtags by rule, the most telling first, the bare name last', () => {
    const catalog = parseCatalog(
      `${head}  - { id: a, name: Alpha+, kind: music, hashtags: [AlphaGone] }
  - { id: b, name: Teams, kind: work, ambiguous: [{ names: [Teams] }] }`,
      'some.yaml',
    );
    expect(catalog.hashtagsOf('a')).toEqual([
      'alphagone',
      'alphaplusdown',
      'alphaplusoutage',
      'alphaplus',
    ]);
    expect(catalog.hashtagsOf('b')).toEqual(['teamsdown', 'teamsoutage']);
    expect(catalog.hashtagsOf('nobody')).toEqual([]);
  });
});

describe('a bad catalogue is refused', () => {
  test('with file, line, column and reason of everything at once', () => {
    expect(
      problemsOf(`  - id: Big Letters
    name: Alpha
    kind: music
    colour: red
  - id: b
    name: Beta
    kind: radio
    dependsOn: [nobody]
    probes: [{ url: "ftp://b.example" }]
  - id: c
    name: Gamma
    status: { kind: statuspage }
`),
    ).toEqual([
      '1:9 targets[0].id: wants lower case, digits, hyphens',
      '4:5 targets[0]: unknown field "colour"',
      expect.stringMatching(/^7:11 targets\[1\]\.kind: Invalid option: expected one of "music"/),
      '8:17 unknown dependency "nobody"',
      '9:21 targets[1].probes[0].url: wants an http or https address',
      '10:5 targets[2].kind: is missing',
      '12:13 targets[2].status.url: is missing',
    ]);
  });

  test('in one message of lines that an editor can jump to', () => {
    expect(() => parseCatalog(`${head}  - { id: a, name: A }`, 'dir/some.yaml')).toThrow(
      /^dir\/some\.yaml:\d+:5: targets\[0\]\.kind: /,
    );
  });

  test('when it is no YAML, at the place of the slip', () => {
    expect(problemsOf('  - id: [a')[0]).toMatch(/^1:\d+ |^2:1 /);
    expect(() => parseCatalog('', 'empty.yaml')).toThrow(/^empty\.yaml:1:1: /);
    expect(() => parseCatalog('just text', 'text.yaml')).toThrow(/^text\.yaml:1:1: /);
    expect(() => parseCatalog('targets: &a [*a]', 'loop.yaml')).toThrow(CatalogError);
  });

  test('when a key stands twice', () => {
    expect(problemsOf('  - { id: a, id: b, name: A, kind: music }')).toEqual([
      '1:14 Map keys must be unique',
    ]);
  });

  test('when an id, a name, a hashtag or a handle has two owners', () => {
    expect(
      problemsOf(`  - { id: a, name: Alpha, kind: music, hashtags: [gone], handles: [Help] }
  - { id: a, name: ÁLPHA, kind: music, hashtags: [Gone], handles: [help] }
  - { id: c, name: Gamma, kind: music, aliases: [alpha, gamma] }
`),
    ).toEqual([
      '2:11 duplicate id "a": this target has it already',
      '2:20 duplicate name "ÁLPHA": this target has it already',
      '2:51 duplicate hashtag "Gone": this target has it already',
      '2:68 duplicate handle "help": this target has it already',
      '3:50 duplicate name "alpha": a has it already',
      '3:57 duplicate name "gamma": this target has it already',
    ]);
  });

  test('when dependencies go in a circle', () => {
    expect(
      problemsOf(`  - { id: a, name: Alpha, kind: music, dependsOn: [b] }
  - { id: b, name: Beta, kind: music, dependsOn: [c] }
  - { id: c, name: Gamma, kind: music, dependsOn: [a] }
  - { id: d, name: Delta, kind: music, dependsOn: [a, d] }
`),
    ).toEqual([
      '3:52 dependencies in a circle: a → b → c → a',
      '4:55 dependencies in a circle: d → d',
    ]);
  });

  test('when a rule is for no name of the target, or its evidence is the name itself', () => {
    expect(
      problemsOf(`  - id: x
    name: X
    kind: social
    ambiguous: [{ names: [X, Y], with: [elon], without: ["x =", "!"] }]
`),
    ).toEqual([
      '4:30 "Y" is neither the name nor an alias of this target',
      '4:58 "x =" says no more than the name',
      '4:65 "!" says no more than the name',
    ]);
  });

  test('when a problem type stands twice', () => {
    expect(
      problemsOf(`  - id: a
    name: Alpha
    kind: music
    problems: [{ type: app, label: One }, { type: app, label: Two }]
`),
    ).toEqual(['4:51 problem type "app" stands twice']);
  });
});

describe('the shipped catalogue', () => {
  const catalog = loadCatalog();

  test('begins with Spotify and has a name for everything it refers to', () => {
    expect(catalog.targets[0]?.id).toBe('spotify');
    expect(catalog.targets.length).toBeGreaterThanOrEqual(60);
    expect(catalog.byId.size).toBe(catalog.targets.length);
  });

  test('offers a report form and something to watch for every target', () => {
    for (const target of catalog.targets) {
      expect(target.problems.length, target.id).toBeGreaterThan(0);
      expect(target.probes.length, target.id).toBeGreaterThan(0);
    }
  });

  test('gives each official status page to one target', () => {
    const read = catalog.targets.flatMap(({ status }) =>
      status === null || status.kind === 'none' ? [] : [status.url],
    );
    expect(new Set(read).size).toBe(read.length);
    expect(read.length).toBeGreaterThan(20);
  });
});
