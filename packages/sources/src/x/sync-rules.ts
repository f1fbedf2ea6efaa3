import { z } from 'zod';
import { diffRules } from './rules.ts';
import type { XReader } from './source.ts';

const refusals = z.object({
  errors: z.array(z.object({ title: z.string().optional(), detail: z.string().optional() })),
});

/**
 * Makes our rules those of the catalog. Adds what is missing before it removes what is too much, so
 * no target is unwatched in between. False when it could not be done; the wait is over then.
 */
export async function syncRules(reader: XReader, signal: AbortSignal): Promise<boolean> {
  const { api, context } = reader;
  const existing = await api.rules(signal);
  if (!existing.ok) return reader.refused(existing, signal);
  const { add, remove } = diffRules(reader.rules, existing.rules ?? []);
  for (const rules of chunksOf(add, 25)) {
    const answer = await api.addRules(rules, signal);
    if (!answer.ok) return reader.refused(answer, signal);
    for (const { title, detail } of refusals.safeParse(answer.value).data?.errors ?? [])
      context.log.warn({ source: 'x' }, `a rule was refused: ${detail ?? title}`);
  }
  if (remove.length > 0) {
    const answer = await api.removeRules(remove, signal);
    if (!answer.ok) return reader.refused(answer, signal);
  }
  context.log.info(
    { source: 'x', added: add.length, removed: remove.length },
    'the rules of the stream are in',
  );
  return true;
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size)
    chunks.push(items.slice(start, start + size));
  return chunks;
}
