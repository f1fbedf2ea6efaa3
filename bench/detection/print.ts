import { duration, number, percent, table } from './figures.ts';
import type { ReplayResult } from './replay.ts';
import type { Calibration, Row, Summary } from './summary.ts';
import type { TimelineResult } from './timeline.ts';

const head = [
  '',
  'outages',
  'clairvoyant',
  'share of its',
  'detected',
  'median',
  'its median',
  'ratio',
  'p95',
  'its p95',
  'ratio',
  'scope right',
];

function cells(row: Row): string[] {
  return [
    row.label,
    String(row.outages),
    percent(row.clairvoyant),
    percent(row.share),
    percent(row.detected),
    duration(row.medianDelay),
    duration(row.clairvoyantMedian),
    number(row.medianRatio),
    duration(row.p95Delay),
    duration(row.clairvoyantP95),
    number(row.p95Ratio),
    percent(row.scopeRight),
  ];
}

/** A bar of the project, with what was measured against it. */
export interface Bar {
  what: string;
  bar: string;
  got: string;
  met: boolean;
}

export function barsOf(summary: Summary): Bar[] {
  const { all, strong, steep, falses, echoes, ends } = summary;
  const marked = echoes.raised === 0 ? 1 : echoes.marked / echoes.raised;
  return [
    {
      what: 'false outages per target-week, background',
      bar: '≤ 0.01',
      got: number(falses.background + falses.after, 4),
      met: falses.background + falses.after <= 0.01,
    },
    {
      what: 'false outages per target-week, confounders (3 a week)',
      bar: '≤ 0.05',
      got: number(falses.confounders, 4),
      met: falses.confounders <= 0.05,
    },
    {
      what: "of the clairvoyant's detections",
      bar: '≥ 95%',
      got: percent(all.share),
      met: all.share >= 0.95,
    },
    {
      what: 'median delay over its own',
      bar: '≤ 1.35',
      got: number(all.medianRatio),
      met: all.medianRatio <= 1.35,
    },
    {
      what: '≥ ×5 at ≥ 1/min: detected',
      bar: '≥ 99%',
      got: percent(strong.detected),
      met: strong.detected >= 0.99,
    },
    {
      what: '≥ ×5 at ≥ 1/min: median over the clairvoyant',
      bar: '≤ 60 s',
      got: duration(strong.medianDelay - strong.clairvoyantMedian),
      met: strong.medianDelay - strong.clairvoyantMedian <= 60,
    },
    {
      what: '≥ ×5 at ≥ 1/min: p95 over its own',
      bar: '≤ 1.35',
      got: number(strong.p95Ratio),
      met: strong.p95Ratio <= 1.35,
    },
    {
      what: 'steps ≥ ×10 at ≥ 5/min: opened, median',
      bar: '≤ 60 s',
      got: duration(steep.medianDelay),
      met: steep.medianDelay <= 60,
    },
    {
      what: 'scope right',
      bar: '≥ 95%',
      got: percent(all.scopeRight),
      met: all.scopeRight >= 0.95,
    },
    { what: 'echoes that opened, marked', bar: '≥ 90%', got: percent(marked), met: marked >= 0.9 },
    {
      what: 'opened and never ended',
      bar: '0',
      got: String(ends.unended),
      met: ends.unended === 0,
    },
    {
      what: 'events out of sequence',
      bar: '0',
      got: String(ends.brokenSequences),
      met: ends.brokenSequences === 0,
    },
  ];
}

export function printSummary(summary: Summary): string {
  const { falses, echoes, ends, cost } = summary;
  const parts = [
    `${number(summary.targetWeeks, 0)} simulated target-weeks (and ${number(summary.coldWeeks, 0)} of learning), ${summary.outages} outages, ${(summary.records / 1e6).toFixed(1)} million records.`,
    'The clairvoyant is a CUSUM that knows the true rates, the place, the size, the shape and the onset.',
    'Delays compare those outages that both detect. Shares and delays are weighted to services spread evenly in the logarithm of their rate.',
    '',
    table(head, [
      cells(summary.all),
      cells(summary.strong),
      cells(summary.steep),
      cells(summary.unweighted),
      cells(summary.overlapping),
      cells(summary.young.row),
    ]),
    '',
    'By normal rate of the service',
    table(head, summary.bySize.map(cells)),
    ...summary.groups.flatMap((group) => [
      '',
      `By ${group.title}`,
      table(head, group.rows.map(cells)),
    ]),
    '',
    'False outages per target-week',
    table(
      ['cause', 'chances', 'opened', 'per target-week'],
      [
        [
          'background',
          '',
          String(Math.round(falses.background * summary.targetWeeks)),
          number(falses.background, 4),
        ],
        [
          'confounders, all',
          '',
          String(Math.round(falses.confounders * summary.targetWeeks)),
          number(falses.confounders, 4),
        ],
        ...falses.byKind.map((row) => [
          `  ${row.cause}`,
          String(row.chances),
          String(row.opened),
          number(row.perTargetWeek, 4),
        ]),
        [
          'within three hours after an outage',
          '',
          String(Math.round(falses.after * summary.targetWeeks)),
          number(falses.after, 4),
        ],
        [
          'week of learning, nothing injected',
          '',
          String(Math.round(falses.cold * summary.coldWeeks)),
          number(falses.cold, 4),
        ],
        ['first week with outages: background', '', '', number(summary.young.background, 4)],
        ['first week with outages: confounders', '', '', number(summary.young.confounders, 4)],
      ],
    ),
    '',
    `Echoes: ${echoes.injected} injected, ${echoes.raised} opened an outage, ${echoes.marked} of these marked; ${echoes.wronglyMarked} true outages marked as an echo.`,
    `Ends: ${ends.unended} never ended, ${ends.brokenSequences} events out of sequence; told end minus true end, median ${duration(ends.medianEndDelay)}; ${number(ends.extraOpenings, 3)} further openings per detected outage.`,
    `Leading type among the first two told: ${percent(summary.typeRight)}.`,
    '',
    'Confidence when opened',
    printCalibration(summary.calibration),
    '',
    'Confidence as last told',
    printCalibration(summary.finalCalibration),
    '',
    `Cost here: ${number(cost.productNsPerRecord, 0)} ns of detection per record, ${number(cost.productSeconds, 0)} s in all; ${number(cost.simulatorSeconds, 0)} s of simulation.`,
    '',
    printBars(barsOf(summary)),
  ];
  return parts.join('\n');
}

function printCalibration(calibration: Calibration): string {
  const rows = calibration.bins
    .filter((bin) => bin.count > 0)
    .map((bin) => [
      `${number(bin.from)}–${number(bin.to)}`,
      String(bin.count),
      percent(bin.said),
      percent(bin.real),
    ]);
  return `${table(['said', 'outages', 'mean said', 'real'], rows)}\nBrier ${number(calibration.brier, 4)} (the base rate alone: ${number(calibration.brierOfBaseRate, 4)})`;
}

export function printBars(bars: readonly Bar[]): string {
  return table(
    ['bar', 'wanted', 'got', ''],
    bars.map(({ what, bar, got, met }) => [what, bar, got, met ? 'met' : 'NOT MET']),
  );
}

export function printTimeline(results: readonly TimelineResult[]): string {
  const mark = (met: boolean): string => (met ? 'met' : 'NOT MET');
  return [
    '16 April 2025 in simulation (opened by 12:25 UTC, one outage, Asia-Pacific excluded, closed by 15:55)',
    table(
      [
        'seed',
        'opened',
        'by 12:25',
        'one',
        'Asia-Pacific out',
        'closed',
        'by 15:55',
        'scope',
        'lead',
      ],
      results.map((one) => [
        String(one.seed),
        one.opened.join(' '),
        mark(one.passed.openedBy1225),
        mark(one.passed.one),
        mark(one.passed.asiaPacificExcluded),
        one.closed ?? 'never',
        mark(one.passed.closedBy1555),
        one.scope,
        one.leadSeconds === null ? '–' : duration(one.leadSeconds),
      ]),
    ),
    ...results
      .filter((one) => one.wronglyIncluded.length > 0 || one.missed.length > 0)
      .map(
        (one) =>
          `seed ${one.seed}: wrongly included ${one.wronglyIncluded.join(' ') || 'none'}; left out ${one.missed.join(' ') || 'none'}`,
      ),
  ].join('\n');
}

export function printReplay(results: readonly ReplayResult[]): string {
  const ways = results[0]?.ways.map((one) => one.way) ?? [];
  return [
    'Replay equals live, byte for byte',
    table(
      ['seed', 'records', 'events', ...ways],
      results.map((one) => [
        String(one.seed),
        String(one.records),
        String(one.events),
        ...one.ways.map(({ hash, equal }) => (equal ? hash.slice(0, 8) : 'DIFFERS')),
      ]),
    ),
    ...results.flatMap((one) =>
      one.firstDifference === null
        ? []
        : [`seed ${one.seed}, first difference: ${one.firstDifference}`],
    ),
  ].join('\n');
}
