import { useState } from 'react';
import { linkTo } from './address.ts';
import type { OutageEvent, Overview, Target } from './api.ts';
import { OutageCard } from './outage-card.tsx';
import { mixKinds } from './search.ts';
import { TargetCard } from './target-card.tsx';
import { Time } from './time.tsx';
import { spanWord } from './times.ts';
import { whereWord } from './words.ts';

/** So many calm targets are shown before anybody asks for more; they stand in one column on a phone. */
const calmShown = window.matchMedia('(width < 40rem)').matches ? 12 : 24;

interface Props {
  overview: Overview;
  /** What the search found, or all. */
  found: readonly Target[];
  searching: boolean;
  at: string | null;
}

/** What fails, then how the others are, then what is over. */
export function AllTargets({ overview, found, searching, at }: Props) {
  const byId = new Map(overview.targets.map((target) => [target.id, target]));
  const nameOf = (id: string) => byId.get(id)?.name ?? id;
  const open = overview.open.filter(({ target }) => found.some(({ id }) => id === target));
  const calm = found.filter(({ outageId }) => outageId === null);
  const order = searching ? calm : mixKinds(calm);
  return (
    <>
      {open.length === 0 ? null : (
        <section aria-labelledby="open">
          <h2 id="open">{at === null ? 'Failing now' : 'Failing at that time'}</h2>
          <div className="outages">
            {open.map((outage) => (
              <OutageCard
                key={outage.outageId}
                outage={outage}
                overview={overview}
                target={byId.get(outage.target)}
                nameOf={nameOf}
                at={at}
              />
            ))}
          </div>
        </section>
      )}
      {calm.length === 0 ? null : (
        <Calm targets={order} searching={searching} overview={overview} at={at} />
      )}
      {overview.ended.length === 0 || searching ? null : (
        <Ended overview={overview} nameOf={nameOf} at={at} />
      )}
    </>
  );
}

/** The most talked-about first. */
function Calm({
  targets,
  searching,
  overview,
  at,
}: Omit<Props, 'found'> & { targets: readonly Target[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? targets : targets.slice(0, calmShown);
  const title = searching
    ? 'Found'
    : overview.open.length > 0
      ? 'Everything else'
      : 'What we watch';
  return (
    <section aria-labelledby="targets">
      <h2 id="targets">{title}</h2>
      <ul className="targets">
        {shown.map((target) => (
          <TargetCard key={target.id} target={target} overview={overview} at={at} />
        ))}
      </ul>
      {shown.length === targets.length ? null : (
        <button type="button" className="more" onClick={() => setAll(true)}>
          Show all {targets.length}
        </button>
      )}
    </section>
  );
}

function Ended({
  overview,
  nameOf,
  at,
}: {
  overview: Overview;
  nameOf(target: string): string;
  at: string | null;
}) {
  return (
    <section aria-labelledby="ended">
      <h2 id="ended">Over, in the last day</h2>
      <ul className="ended">
        {overview.ended.map((outage) => (
          <li key={outage.outageId}>
            <a href={linkTo({ target: outage.target, at })}>{nameOf(outage.target)}</a>{' '}
            {outage.state === 'retracted' ? 'was taken back' : 'is over'}:{' '}
            <Span outage={outage} reference={overview.at} />, {whereWord(outage)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** `14:18 to 17:47 (3 h 29 min)`. */
export function Span({ outage, reference }: { outage: OutageEvent; reference: string }) {
  const { startedAt, endedAt } = outage;
  return (
    <>
      <Time at={startedAt} reference={reference} />
      {endedAt === null ? ', not over yet' : ' to '}
      {endedAt === null ? null : <Time at={endedAt} reference={startedAt} />} (
      {spanWord(startedAt, endedAt ?? reference)})
    </>
  );
}
