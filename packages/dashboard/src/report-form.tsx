import { useEffect, useRef, useState } from 'react';
import type { Problem, Target } from './api.ts';
import { fetchProblems, sendReport } from './api.ts';
import { commonProblems, lastProblems } from './words.ts';

/** "It fails for me", and then what fails, in the words that fit the target. */
export function ReportForm({ target }: { target: Target }) {
  const [state, setState] = useState<'closed' | 'open' | 'sending' | 'sent'>('closed');
  const [problems, setProblems] = useState<readonly Problem[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const first = useRef<HTMLButtonElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  const open = async () => {
    setState('open');
    setProblems(offered((await fetchProblems()).get(target.id) ?? commonProblems));
  };
  const close = () => {
    setState('closed');
    setFailure(null);
    setTimeout(() => opener.current?.focus());
  };
  const send = async (type: string) => {
    setState('sending');
    const wrong = await sendReport(target.id, type);
    setFailure(wrong);
    setState(wrong === null ? 'sent' : 'open');
  };
  useEffect(() => {
    if (problems !== null) first.current?.focus();
  }, [problems]);

  return (
    <div className="report">
      {state === 'closed' ? (
        <button type="button" ref={opener} onClick={() => void open()}>
          It fails for me<span className="visually-hidden"> at {target.name}</span>
        </button>
      ) : null}
      {(state === 'open' || state === 'sending') && problems !== null ? (
        <fieldset
          disabled={state === 'sending'}
          onKeyDown={(event) => {
            if (event.key === 'Escape') close();
          }}
        >
          <legend>What fails at {target.name}?</legend>
          {problems.map(({ type, label }, index) => (
            <button
              key={type}
              type="button"
              ref={index === 0 ? first : null}
              onClick={() => void send(type)}
            >
              {label}
            </button>
          ))}
          <button type="button" className="quiet" onClick={close}>
            Cancel
          </button>
        </fieldset>
      ) : null}
      <p role="status">
        {state === 'sent' ? 'Thank you. Your report is taken; it counts once.' : ''}
      </p>
      {failure === null ? null : <p role="alert">{failure}</p>}
    </div>
  );
}

/** A target's own problems first, then what fits everywhere; each type once. */
function offered(own: readonly Problem[]): Problem[] {
  const last = lastProblems.filter(({ type }) => own.every((problem) => problem.type !== type));
  return [...own, ...last];
}
