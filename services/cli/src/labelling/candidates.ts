import { createReadStream } from 'node:fs';
import type { Classifier, Label } from '@outcry/classification';
import type { Signal } from '@outcry/contracts';
import { signal } from '@outcry/contracts';
import type { SearchIndex } from '@outcry/search-index';
import { readLines } from '@outcry/sources/lines';
import { z } from 'zod';

/** A post that may be labelled, and what the model says of it. */
export type Post = Omit<Label, 'annotator' | 'labelledAt' | 'selection' | 'stance' | 'types'> & {
  language: string;
  at: string | null;
  said: { stance: string; type: string | null };
};

const pageSize = 500;
/** A post that says nothing cannot be judged. */
const leastLength = 3;

/** The newest posts of the index, one for each record, reports without words left out. */
export async function postsOfIndex(
  index: SearchIndex,
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
        posts.set(found.recordId, ofSignal(found));
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
      posts.set(whole.data.recordId, ofSignal(whole.data));
      continue;
    }
    const parsed = line.safeParse(raw);
    if (!parsed.success) {
      onBad(number, raw === undefined ? 'is no JSON' : 'has no text');
      continue;
    }
    const { text, target, lang, occurredAt } = parsed.data;
    const id = parsed.data.id ?? `line-${number}`;
    const found = classifier.classify({
      text,
      ...(target == null ? {} : { target }),
      ...(lang == null ? {} : { lang }),
    });
    posts.set(id, {
      id,
      text,
      lang: found.language,
      language: found.language,
      target: found.targets[0] ?? null,
      cluster: found.cluster,
      confidence: found.confidence,
      model: found.model,
      at: occurredAt ?? null,
      said: { stance: found.stance, type: found.type },
    });
  }
  return [...posts.values()];
}

function ofSignal(found: Signal): Post {
  return {
    id: found.recordId,
    text: found.text,
    lang: found.language,
    language: found.language,
    target: found.target,
    cluster: found.cluster,
    confidence: found.confidence,
    model: found.model,
    at: found.occurredAt,
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
