import type { Feature } from '@outcry/classification';
import type { LabelSession } from './session.ts';
import { stanceKeys, typeKeys } from './session.ts';

type Shown = NonNullable<LabelSession['current']>;
type Pending = NonNullable<LabelSession['pending']>;
type Progress = LabelSession['progress'];

/** How a sitting is shown. */
export interface View {
  post(shown: Shown, progress: Progress): void;
  /** A stance was told, and waits for its types. */
  types(pending: Pending): void;
  features(features: readonly Feature[]): void;
  /** An answer that was not understood. */
  unknown(typed: string, pending: Pending | null): void;
}

const mostFeatures = 12;

/** For people. */
export function textView(write: (text: string) => void): View {
  return {
    post({ post, selection }, { number, of, kept, skipped }) {
      const about = [post.target ?? 'no target', post.lang, post.at ?? '', selection]
        .filter((it) => it !== '')
        .map(plain)
        .join(' · ');
      const says = `the model: ${post.said.stance}${post.said.type === null ? '' : ` (${post.said.type})`}, signal ${post.confidence.toFixed(2)}`;
      write(
        `\n[${number}/${of}, ${kept} kept, ${skipped} skipped] ${about}\n\n${plain(post.text)}\n\n  ${says}\n${stanceHelp()}`,
      );
    },
    types({ stance, types }) {
      write(`  ${[stance, ...types].join(' ')}\n${typeHelp()}`);
    },
    features(features) {
      for (const { feature, weight, for: what } of features.slice(0, mostFeatures)) {
        write(`  ${weight >= 0 ? '+' : ''}${weight.toFixed(2)}  ${plain(feature)}  (${what})\n`);
      }
    },
    unknown(_, pending) {
      write(pending === null ? stanceHelp() : typeHelp());
    },
  };
}

/** For programs: a line of JSON for whatever happens, told apart by `kind`. */
export function jsonView(write: (text: string) => void): View {
  const line = (value: object) => write(`${JSON.stringify(value)}\n`);
  return {
    post: ({ post, selection }, progress) =>
      line({ kind: 'post', ...progress, ...post, selection }),
    types: (pending) => line({ kind: 'types', ...pending }),
    features: (features) => line({ kind: 'features', features: features.slice(0, mostFeatures) }),
    unknown: (typed, pending) =>
      line({ kind: 'unknown', typed, wanted: pending === null ? 'stance' : 'type' }),
  };
}

/** What strangers wrote must not move the cursor. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => (character === '\n' ? '\n' : ' '));
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
