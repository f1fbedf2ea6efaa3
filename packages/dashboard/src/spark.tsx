import type { Target } from './api.ts';

const width = 240;
const height = 44;

/** The last hours of a target as a line, over what is usual as a grey area. The words beside it say the same. */
export function Spark({ target }: { target: Target }) {
  const top = Math.max(4, ...target.voices, ...target.usual.map((value) => value ?? 0));
  const x = (step: number) => (step / Math.max(1, target.voices.length - 1)) * width;
  const y = (value: number) => height - 2 - (value / top) * (height - 6);
  const line = target.voices
    .map((value, step) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`)
    .join(' ');
  const usual = target.usual
    .map((value, step) => `${x(step).toFixed(1)},${y(value ?? 0).toFixed(1)}`)
    .join(' ');
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polygon className="usual" points={`0,${height} ${usual} ${width},${height}`} />
      <polyline className="now" points={line} />
    </svg>
  );
}
