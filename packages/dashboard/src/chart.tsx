import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { OutageEvent, Overview, Target } from './api.ts';
import { clockWord, zoneWord } from './times.ts';
import { useColourScheme } from './use-colour-scheme.ts';
import { numberWord } from './words.ts';

interface Props {
  overview: Overview;
  target: Target;
  /** Their spans are shaded. */
  outages: readonly OutageEvent[];
  height?: number;
}

/** The last hours of one target against what is usual, with axes. */
export function Chart({ overview, target, outages, height = 160 }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shaded = useRef(outages);
  const scheme = useColourScheme();
  const data = seriesOf(overview, target);
  shaded.current = outages;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot is made once per colour scheme and fed below.
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = new uPlot(optionsFor(element, height, shaded), data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [scheme, height]);

  useEffect(() => plot.current?.setData(data));

  return (
    <figure className="chart">
      <div ref={host} role="img" aria-label={summary(overview, target)} style={{ height }} />
      <figcaption>
        <span>
          <i className="key now" /> people a minute with problems
        </span>
        <span>
          <i className="key usual" /> usual at this hour
        </span>
        {outages.length === 0 ? null : (
          <span>
            <i className="key span" /> outage
          </span>
        )}
        <span>times in {zoneWord(overview.at)}</span>
      </figcaption>
    </figure>
  );
}

/** Times in epoch seconds; voices and usual per minute. */
function seriesOf({ from, intervalSeconds }: Overview, target: Target): uPlot.AlignedData {
  const start = Date.parse(from) / 1_000;
  const perMinute = 60 / intervalSeconds;
  return [
    target.voices.map((_, step) => start + step * intervalSeconds),
    target.voices.map((value) => value * perMinute),
    target.usual.map((value) => (value === null ? null : value * perMinute)),
  ];
}

/** What the drawing says, in words. */
function summary(overview: Overview, target: Target): string {
  const [times, voices] = seriesOf(overview, target) as [number[], number[]];
  const most = Math.max(0, ...voices);
  const hours = Math.round((Date.parse(overview.at) - Date.parse(overview.from)) / 3_600_000);
  const start = `People a minute with problems at ${target.name} in the last ${hours} hours`;
  if (most === 0) return `${start}: none.`;
  const when = new Date((times[voices.indexOf(most)] ?? 0) * 1_000).toISOString();
  const usual = target.usual.at(-1);
  const against =
    usual == null
      ? ''
      : `; usual at this hour: ${numberWord((usual * 60) / overview.intervalSeconds)}`;
  return `${start}: at most ${numberWord(most)}, at ${clockWord(when)}${against}.`;
}

function optionsFor(
  element: HTMLElement,
  height: number,
  shaded: { current: readonly OutageEvent[] },
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  const hidden = { show: false };
  return {
    width: element.clientWidth,
    height,
    legend: hidden,
    cursor: hidden,
    scales: { y: { range: (_, __, most) => [0, Math.max(2, most * 1.1)] } },
    axes: [
      {
        ...axis,
        size: 28,
        values: (_, splits) => splits.map((at) => clockWord(new Date(at * 1_000).toISOString())),
      },
      { ...axis, size: 44 },
    ],
    series: [
      {},
      { stroke: colour('--bad'), width: 2, points: hidden },
      { stroke: colour('--soft'), width: 1.5, dash: [5, 4], points: hidden },
    ],
    hooks: {
      drawClear: [(plot) => shade(plot, shaded.current, colour('--shade'))],
    },
  };
}

/** Paints the spans of the outages behind the lines. */
function shade(plot: uPlot, outages: readonly OutageEvent[], colour: string): void {
  const { ctx, bbox } = plot;
  const clamp = (x: number) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, x));
  ctx.save();
  ctx.fillStyle = colour;
  for (const { startedAt, endedAt } of outages) {
    const left = clamp(plot.valToPos(Date.parse(startedAt) / 1_000, 'x', true));
    const right =
      endedAt === null
        ? bbox.left + bbox.width
        : clamp(plot.valToPos(Date.parse(endedAt) / 1_000, 'x', true));
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}
