import { z } from 'zod';
import { topicSchemas } from './topics.ts';

/** JSON Schema (draft 2020-12) of every public topic, by topic name, for those who consume them. */
export function topicJsonSchemas(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(topicSchemas).map(([topic, schema]) => [
      topic,
      {
        $id: `outcry:${topic}`,
        title: topic,
        ...z.toJSONSchema(schema, { unrepresentable: 'any' }),
      },
    ]),
  );
}
