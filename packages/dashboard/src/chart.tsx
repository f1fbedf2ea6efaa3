import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Overview, Target } from './api.ts';

/** The last hours of one target against what is usual, with axes. */
export function Chart({ overview, target }: { overview: Overview; target: Target }) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const start = Date.parse(overview.from) / 1_000;
  const perMinute = 60 / overview.intervalSeconds;
  const data: uPlot.AlignedData = [
    target.voices.map((_, step) => start + step * overview.intervalSeconds),
    target.voices.map((value) => value * perMinute),
    target.usual.map((value) => (value === null ? null : value * perMinute)),
  ];

  // biome-ignore lint/correctness/useExhaustiveDependencies: the plot is made once and fed below.
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const style = getComputedStyle(element);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--soft'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height: 160,
        legend: { show: false },
        cursor: { y: false },
        scales: { y: { range: (_, __, most) => [0, Math.max(2, most * 1.1)] } },
        axes: [axis, { ...axis, size: 44 }],
        series: [
          {},
          { label: 'people a minute', stroke: colour('--bad'), width: 2, points: { show: false } },
          {
            label: 'usual',
            stroke: colour('--soft'),
            width: 1.5,
            dash: [5, 4],
            points: { show: false },
          },
        ],
      },
      data,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: 160 }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, []);

  useEffect(() => plot.current?.setData(data));

  const peak = Math.max(0, ...(data[1] as number[]));
  return (
    <figure className="chart">
      <div
        ref={host}
        role="img"
        aria-label={`People a minute with problems at ${target.name} over the last hours; the most was ${peak.toFixed(1)}.`}
      />
      <figcaption>
        <span className="key now" /> people a minute with problems <span className="key usual" />{' '}
        usual at this hour
      </figcaption>
    </figure>
  );
}
