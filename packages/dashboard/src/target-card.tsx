import { useState } from 'react';
import type { Overview, Target } from './api.ts';
import { sendReport } from './api.ts';
import { Badge } from './outage-card.tsx';
import { Spark } from './spark.tsx';
import { peopleWord, reportTypes, sum, typeWord } from './words.ts';

/** One watched target: how it is, its last hours, and a way to say that it fails for you. */
export function TargetCard({
  target,
  overview,
  past,
}: {
  target: Target;
  overview: Overview;
  past: boolean;
}) {
  const lastHour = Math.round(3_600 / overview.intervalSeconds);
  const now = sum(target.voices.slice(-lastHour));
  const usual = target.usual.at(-1) === null ? null : sum(target.usual.slice(-lastHour));
  return (
    <li className={`target ${target.state}`}>
      <div className="head">
        <h3>{target.name}</h3>
        <Badge state={target.state} />
      </div>
      <Spark target={target} />
      <p>
        {peopleWord(now)} in the last hour
        {usual === null
          ? ''
          : `, usually ${usual < 10 ? Math.round(usual * 10) / 10 : Math.round(usual)}`}
      </p>
      {past ? null : <ReportForm target={target} />}
    </li>
  );
}

function ReportForm({ target }: { target: Target }) {
  const [state, setState] = useState<'closed' | 'open' | 'sending' | 'sent'>('closed');
  const [problem, setProblem] = useState<string | null>(null);

  const send = async (type: string) => {
    setState('sending');
    const failure = await sendReport(target.id, type);
    setProblem(failure);
    setState(failure === null ? 'sent' : 'open');
  };

  if (state === 'sent') {
    return (
      <p className="thanks" role="status">
        Thank you. It counts once.
      </p>
    );
  }
  if (state === 'closed') {
    return (
      <button type="button" className="report" onClick={() => setState('open')}>
        It fails for me<span className="visually-hidden">: {target.name}</span>
      </button>
    );
  }
  return (
    <fieldset className="report" disabled={state === 'sending'}>
      <legend>What fails?</legend>
      {reportTypes.map((type) => (
        <button key={type} type="button" onClick={() => void send(type)}>
          {typeWord(type)}
        </button>
      ))}
      {problem === null ? null : <p role="alert">{problem}</p>}
    </fieldset>
  );
}
