import { userInfo } from 'node:os';
import { createMatcher, loadCatalog } from '@outcry/catalog';
import type { Classifier, Label } from '@outcry/classification';
import {
  chooseToLabel,
  createClassifier,
  loadModel,
  modelFileInForce,
} from '@outcry/classification';
import { createLogger, openIndex, readSettings } from '@outcry/runtime';
import { Command } from 'commander';
import type { Post } from '../labelling/candidates.ts';
import { postsOfFile, postsOfIndex } from '../labelling/candidates.ts';
import { importLabels } from '../labelling/import.ts';
import { labelsFile, learningSettings, tellBad, whole } from '../labelling/options.ts';
import { LabelSession } from '../labelling/session.ts';
import { LabelFile, readLabels } from '../labelling/store.ts';
import { describeSummary, summarise } from '../labelling/summary.ts';
import { ask } from '../labelling/terminal.ts';
import { jsonView, textView } from '../labelling/views.ts';
import { badInput } from '../pipe.ts';
import { UsageError } from '../usage-error.ts';

interface Options {
  from?: string;
  labels?: string;
  annotator?: string;
  count: string;
  random: string;
  target?: string;
  since: string;
  seed?: string;
  list?: boolean;
  json?: boolean;
  import?: boolean;
}

/** Posts that are looked through for the most telling ones. */
const mostPosts = 5_000;

export function labelCommand(): Command {
  return new Command('label')
    .description('label the most telling recent posts, so that outcry train can learn from them')
    .option(
      '--from <file>',
      'posts of a file (NDJSON as for classify, or signals; - for standard input) instead of the index',
    )
    .option('--labels <file>', 'where labels are kept; labels.ndjson in the data folder by default')
    .option('--annotator <name>', 'who labels', process.env.OUTCRY_ANNOTATOR ?? userName())
    .option('--count <n>', 'posts in this sitting', '50')
    .option(
      '--random <share>',
      'share drawn by lot; how good the model is can be told only from these',
      '0.25',
    )
    .option('--target <id>', 'only posts about this target')
    .option('--since <hours>', 'how far back to look in the index', '168')
    .option('--seed <n>', 'draws the same lot again')
    .option('--list', 'print the chosen posts as NDJSON instead of asking')
    .option('--json', 'for programs: a line of JSON for each post that is asked for, and a summary')
    .option(
      '--import',
      'take labels (NDJSON: id, text, stance, types …) from standard input instead of asking',
    )
    .addHelpText(
      'after',
      `
On a terminal a key answers; from a pipe each line answers for one post: "u", "affected playback app", "s".
A line that cannot be understood skips its post, and the exit code is 65.
Stances: affected, asking, relaying, recovered, unrelated; for the first two the error types follow, the
main one first. Every label is on the disk before the next post is shown; "b" goes back, and a new label
replaces the one before. Labels hold the text of posts: they stay in your file and go nowhere.`,
    )
    .action(async (options: Options) => {
      const config = readSettings(learningSettings, process.env);
      const file = labelsFile(config.OUTCRY_DATA_DIR, options.labels);
      const annotator = options.annotator ?? '';
      if (options.list !== true && annotator === '') {
        throw new UsageError('--annotator says who labels');
      }
      if (options.from === '-' && options.list !== true) {
        throw new UsageError(
          'posts from standard input want --list: the answers come from there too',
        );
      }
      const count = whole('--count', options.count, 1, 10_000);
      const random = share('--random', options.random);
      const seed =
        options.seed === undefined ? Date.now() : whole('--seed', options.seed, 0, 2 ** 31);
      const model = loadModel(modelFileInForce(config.OUTCRY_MODEL));
      const classifier = createClassifier({
        matcher: createMatcher(loadCatalog(config.OUTCRY_CATALOG)),
        model,
      });
      if (options.import === true) return importLabels(file, annotator, classifier);
      const { labels, bad } = readLabels(file);
      tellBad(file, bad);
      const posts = await readPosts(options, config, classifier);
      const fresh = notLabelled(posts, labels, annotator);
      const { threshold } = model.header;
      const chosen = chooseToLabel(fresh, { count, random, threshold, seed });
      if (options.list === true) {
        for (const { post, selection } of chosen)
          console.log(JSON.stringify({ ...post, selection }));
        return;
      }
      console.error(
        `${posts.length} posts looked through, ${posts.length - fresh.length} labelled before, ${chosen.length} to label`,
      );
      const out = new LabelFile(file);
      const session = new LabelSession({
        posts: chosen,
        annotator,
        now: Date.now,
        keep: (it) => out.append(it),
      });
      const write = (text: string) => process.stdout.write(text);
      try {
        await ask(
          {
            session,
            view: options.json === true ? jsonView(write) : textView(write),
            explain: ({ text, target, lang }) =>
              classifier.explain({ text, lang, ...(target === null ? {} : { target }) }).features,
            onBad(line, reason) {
              console.error(`outcry label: answer in line ${line}: ${reason}; the post is skipped`);
              process.exitCode = badInput;
            },
          },
          process.stdin,
        );
      } finally {
        out.close();
        const summary = summarise(session, threshold);
        if (options.json === true) write(`${JSON.stringify({ kind: 'summary', ...summary })}\n`);
        else console.error(describeSummary(summary));
        console.error(`${file} holds ${readLabels(file).labels.length} labels`);
        if (summary.kept > 0) console.error('outcry train learns from them');
      }
    });
}

/** What an annotator has not labelled, nor a copy of it. */
function notLabelled(posts: readonly Post[], labels: readonly Label[], annotator: string): Post[] {
  const mine = labels.filter((it) => it.annotator === annotator);
  const ids = new Set(mine.map(({ id }) => id));
  const clusters = new Set(mine.map(({ cluster }) => cluster));
  return posts.filter(({ id, cluster }) => !ids.has(id) && !clusters.has(cluster));
}

async function readPosts(
  options: Options,
  config: ReturnType<typeof readSettings<typeof learningSettings>>,
  classifier: Classifier,
): Promise<Post[]> {
  if (options.from !== undefined) {
    const posts = await postsOfFile(options.from, classifier, (line, reason) =>
      console.error(`outcry label: ${options.from} line ${line}: ${reason}`),
    );
    return options.target === undefined
      ? posts
      : posts.filter(({ target }) => target === options.target);
  }
  const index = await openIndex(
    config,
    createLogger({ service: 'label', level: 'warn', format: 'auto' }),
  );
  try {
    const hours = whole('--since', options.since, 1, 24 * 3_650);
    return await postsOfIndex(index, classifier, {
      ...(options.target === undefined ? {} : { target: options.target }),
      from: new Date(Date.now() - hours * 3_600_000).toISOString(),
      most: mostPosts,
    });
  } finally {
    await index.close();
  }
}

function share(name: string, text: string): number {
  const value = Number(text);
  if (Number.isNaN(value) || value < 0 || value > 1)
    throw new UsageError(`${name} wants a share from 0 to 1`);
  return value;
}

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return undefined;
  }
}
