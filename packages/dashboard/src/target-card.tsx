import { linkTo } from './address.ts';
import type { Overview, Target } from './api.ts';
import { Badge } from './badge.tsx';
import { ReportForm } from './report-form.tsx';
import { Spark } from './spark.tsx';
import { numberWord, signsWord, sum } from './words.ts';

interface Props {
  target: Target;
  overview: Overview;
  /** The moment that is looked back to. */
  at: string | null;
}

/** One watched target: how it is, its last hours, and a way to say that it fails for you. */
export function TargetCard({ target, overview, at }: Props) {
  return (
    <li className={`target ${target.state}`}>
      <div className="head">
        <h3>
          <a href={linkTo({ target: target.id, at })}>{target.name}</a>
        </h3>
        <Badge target={target} />
      </div>
      <Spark target={target} />
      <p>{lastHourWord(target, overview)}</p>
      {at === null ? <ReportForm target={target} /> : null}
    </li>
  );
}

/**
 * `12 signs of trouble in the last hour, usually 0.4`. Not people: who complains for an hour is counted
 * in each of its intervals.
 */
export function lastHourWord(target: Target, overview: Overview): string {
  const steps = Math.round(3_600 / overview.intervalSeconds);
  const now = `${signsWord(sum(target.voices.slice(-steps)))} in the last hour`;
  const known = target.usual.slice(-steps).some((value) => value !== null);
  return known ? `${now}, usually ${numberWord(sum(target.usual.slice(-steps)))}` : now;
}
