import { createInterface, emitKeypressEvents } from 'node:readline';
import type { Feature } from '@outcry/classification';
import type { Post } from './candidates.ts';
import type { LabelSession } from './session.ts';
import { isBack } from './session.ts';
import type { View } from './views.ts';

export interface Terminal {
  session: LabelSession;
  view: View;
  /** The features that decided about a post. */
  explain: (post: Post) => readonly Feature[];
  /** A line of answers that could not be used, numbered from 1; its post is skipped. */
  onBad: (line: number, reason: string) => void;
}

/** Asks until the posts, the answers or the patience end: keys on a terminal, else lines. */
export async function ask(terminal: Terminal, input: NodeJS.ReadStream): Promise<void> {
  show(terminal);
  if (terminal.session.current === null) return;
  await (input.isTTY === true ? askByKeys(terminal, input) : askByLines(terminal, input));
}

function askByKeys(terminal: Terminal, input: NodeJS.ReadStream): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      input.off('keypress', onKey);
      input.setRawMode(false);
      input.pause();
    };
    const onKey = (character: string | undefined, key: { name?: string; ctrl?: boolean }) => {
      const leaves = key.ctrl === true && (key.name === 'c' || key.name === 'd');
      const typed = key.name === 'return' || key.name === 'enter' ? '' : (character ?? '');
      try {
        if (!leaves && take(terminal, typed) !== 'done') return;
      } catch (error) {
        // A label that could not be kept ends the sitting, with the terminal as it was.
        stop();
        return reject(error);
      }
      stop();
      resolve();
    };
    emitKeypressEvents(input);
    input.setRawMode(true);
    input.resume();
    input.on('keypress', onKey);
  });
}

/**
 * A line holds the answer for one post: `u`, or `affected playback app`. Where it cannot be understood
 * its post is skipped: asked again, it would take the answer that is meant for the next.
 */
async function askByLines(terminal: Terminal, input: NodeJS.ReadStream): Promise<void> {
  let number = 0;
  for await (const line of createInterface({ input })) {
    number += 1;
    const problem = takeLine(terminal, line.trim().split(/[\s,]+/));
    if (problem !== null) terminal.onBad(number, problem);
    if (terminal.session.current === null) return;
  }
}

/** @returns why the line could not be used, or not all of it */
function takeLine(terminal: Terminal, words: readonly string[]): string | null {
  const { session } = terminal;
  let shown = session.current;
  for (const word of words) {
    if (session.current !== shown) return `"${word}" comes after an answer that is complete`;
    const step = take(terminal, word);
    if (step === 'unknown') return skip(terminal, `"${word}" is no answer`);
    // Going back shows another post, and that one may be answered in the same line.
    if (isBack(word)) shown = session.current;
  }
  // The end of the line ends the types.
  if (session.pending !== null && take(terminal, '') === 'unknown') {
    return skip(terminal, 'a signal wants at least one type');
  }
  return null;
}

function skip(terminal: Terminal, reason: string): string {
  if (terminal.session.pending !== null) terminal.session.answer('back');
  take(terminal, 'skip');
  return reason;
}

function take(terminal: Terminal, typed: string): string {
  const { session, view, explain } = terminal;
  const step = session.answer(typed);
  switch (step) {
    case 'stance':
      show(terminal);
      break;
    case 'types':
      view.types(session.pending!);
      break;
    case 'explain':
      view.features(explain(session.current!.post));
      break;
    case 'unknown':
      view.unknown(typed, session.pending);
      break;
    case 'done':
      break;
  }
  return step;
}

function show({ session, view }: Terminal): void {
  const shown = session.current;
  if (shown !== null) view.post(shown, session.progress);
}
