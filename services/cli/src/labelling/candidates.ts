import { createReadStream } from 'node:fs';
import type { Classifier, Label } from '@outcry/classification';
import type { Signal } from '@outcry/contracts';
import { signal } from '@outcry/contracts';
import type { SearchIndex } from '@outcry/search-index';
import { readLines } from '@outcry/sources/lines';
import { z } from 'zod';

/** A post that may be labelled, and what the model says of it. */
export type Post = Omit<Label, 'annotator' | 'labelledAt' | 'selection' | 'stance' | 'types'> & {
  at: string | null;
  said: { stance: string; type: string | null };
};

const pageSize = 500;
/** A post that says nothing cannot be judged. */
const leastLength = 3;

/** The newest posts of the index, one for each record, reports without words left out. */
export async function postsOfIndex(
  index: SearchIndex,
  classifier: Classifier,
  query: { target?: string; from?: string; most: number },
): Promise<Post[]> {
  const posts = new Map<string, Post>();
  let after: string | undefined;
  do {
    const page = await index.signals({
      ...(query.target === undefined ? {} : { target: query.target }),
      ...(query.from === undefined ? {} : { from: query.from }),
      ...(after === undefined ? {} : { after }),
      limit: pageSize,
    });
    for (const found of page.items) {
      if (found.recordKind === 'post' && found.text.length >= leastLength) {
        posts.set(found.recordId, ofSignal(found, classifier));
      }
    }
    after = page.next;
  } while (after !== undefined && posts.size < query.most);
  return [...posts.values()].slice(0, query.most);
}

const line = z.object({
  id: z
    .union([z.string().min(1), z.number()])
    .transform(String)
    .optional(),
  text: z.string().min(1).max(20_000),
  target: z.string().min(1).max(128).nullish(),
  lang: z.string().max(35).nullish(),
  occurredAt: z.string().nullish(),
});

/** Posts of a file, as `outcry classify` takes them, or signals; what is no post is told by number. */
export async function postsOfFile(
  file: string,
  classifier: Classifier,
  onBad: (line: number, reason: string) => void,
): Promise<Post[]> {
  const posts = new Map<string, Post>();
  const input = file === '-' ? process.stdin : createReadStream(file);
  for await (const { bytes, number } of readLines(input, 4 * 1024 * 1024)) {
    const raw = parseJson(bytes);
    const whole = signal.safeParse(raw);
    if (whole.success) {
      posts.set(whole.data.recordId, ofSignal(whole.data, classifier));
      continue;
    }
    const parsed = line.safeParse(raw);
    if (!parsed.success) {
      onBad(number, raw === undefined ? 'is no JSON' : 'has no text');
      continue;
    }
    const { text, target, lang, occurredAt } = parsed.data;
    const id = parsed.data.id ?? `line-${number}`;
    const judged = judge({ text, target, lang }, classifier);
    posts.set(id, { id, text, at: occurredAt ?? null, ...judged });
  }
  return [...posts.values()];
}

/** What a signal says of itself may be of an older model. */
function ofSignal(found: Signal, classifier: Classifier): Post {
  const { recordId: id, text, occurredAt: at, target, language: lang } = found;
  return { id, text, at, ...judge({ text, target, lang }, classifier) };
}

function judge(
  { text, target, lang }: Pick<z.infer<typeof line>, 'text' | 'target' | 'lang'>,
  classifier: Classifier,
): Omit<Post, 'id' | 'text' | 'at'> {
  const found = classifier.classify({
    text,
    ...(target == null ? {} : { target }),
    ...(lang == null ? {} : { lang }),
  });
  return {
    lang: found.language,
    target: found.targets[0] ?? null,
    cluster: found.cluster,
    confidence: found.confidence,
    model: found.model,
    said: { stance: found.stance, type: found.type },
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
