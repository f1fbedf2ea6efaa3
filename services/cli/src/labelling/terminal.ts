import { createInterface, emitKeypressEvents } from 'node:readline';
import type { Feature } from '@outcry/classification';
import type { LabelSession } from './session.ts';
import { stanceKeys, typeKeys } from './session.ts';

export interface Terminal {
  session: LabelSession;
  /** The features that decided about the post that is shown. */
  explain: (text: string) => readonly Feature[];
  write: (text: string) => void;
}

/** Asks until the posts, the answers or the patience end: keys on a terminal, else lines. */
export async function ask(terminal: Terminal, input: NodeJS.ReadStream): Promise<void> {
  show(terminal);
  if (terminal.session.current === null) return;
  await (input.isTTY === true ? askByKeys(terminal, input) : askByLines(terminal, input));
}

function askByKeys(terminal: Terminal, input: NodeJS.ReadStream): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      input.off('keypress', onKey);
      input.setRawMode(false);
      input.pause();
      resolve();
    };
    const onKey = (character: string | undefined, key: { name?: string; ctrl?: boolean }) => {
      if (key.ctrl === true && (key.name === 'c' || key.name === 'd')) return stop();
      const typed = key.name === 'return' || key.name === 'enter' ? '' : (character ?? '');
      if (take(terminal, typed) === 'done') stop();
    };
    emitKeypressEvents(input);
    input.setRawMode(true);
    input.resume();
    input.on('keypress', onKey);
  });
}

/** A line holds the answers for one post: `u`, or `affected playback app`. */
async function askByLines(terminal: Terminal, input: NodeJS.ReadStream): Promise<void> {
  for await (const line of createInterface({ input })) {
    const words = line.trim().split(/[\s,]+/);
    for (const word of words) if (take(terminal, word) === 'done') return;
    // The end of the line ends the types.
    if (terminal.session.pending !== null && take(terminal, '') === 'done') return;
  }
}

function take(terminal: Terminal, typed: string): string {
  const { session, write } = terminal;
  const step = session.answer(typed);
  switch (step) {
    case 'stance':
      show(terminal);
      break;
    case 'types':
      write(`  ${session.pending!.stance} ${session.pending!.types.join(' ')}\n${typeHelp()}`);
      break;
    case 'explain':
      explain(terminal);
      break;
    case 'unknown':
      write(session.pending === null ? `${stanceHelp()}` : `${typeHelp()}`);
      break;
    case 'done':
      break;
  }
  return step;
}

function show({ session, write }: Terminal): void {
  const shown = session.current;
  if (shown === null) return;
  const { post, selection } = shown;
  const { number, of } = session.progress;
  const about = [post.target ?? 'no target', post.lang, post.at ?? '', selection]
    .filter((it) => it !== '')
    .join(' · ');
  const says = `the model: ${post.said.stance}${post.said.type === null ? '' : ` (${post.said.type})`}, signal ${post.confidence.toFixed(2)}`;
  write(`\n[${number}/${of}] ${about}\n\n${plain(post.text)}\n\n  ${says}\n${stanceHelp()}`);
}

/** What strangers wrote must not move the cursor. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => (character === '\n' ? '\n' : ' '));
}

function explain({ session, explain: features, write }: Terminal): void {
  const shown = session.current;
  if (shown === null) return;
  for (const { feature, weight, for: what } of features(shown.post.text).slice(0, 12)) {
    write(`  ${weight >= 0 ? '+' : ''}${weight.toFixed(2)}  ${plain(feature)}  (${what})\n`);
  }
}

function stanceHelp(): string {
  return `  ${choices(stanceKeys)}   [s]kip [b]ack [?] why [q]uit\n`;
}

function typeHelp(): string {
  return `  ${choices(typeKeys)}   main type first, Enter ends, [b]ack\n`;
}

function choices(keys: Readonly<Record<string, string>>): string {
  return Object.entries(keys)
    .map(([key, name]) => `[${key}] ${name}`)
    .join('  ');
}
