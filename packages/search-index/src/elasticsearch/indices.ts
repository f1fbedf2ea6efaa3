import type { Client, estypes } from '@elastic/elasticsearch';
import type { Collection } from '../port.ts';
import { collections } from '../port.ts';
import { badQuery } from '../query.ts';
import { statusOf } from './errors.ts';
import type { Names } from './names.ts';
import { firstGeneration, readTemplates } from './names.ts';

/** What a generation is made of. Signals are not decided by rules, so all generations share them. */
export const generationCollections = ['outages', 'outage-events'] as const;

/** How often a change of aliases is tried anew when another process changes them meanwhile. */
const swapAttempts = 3;

/** Puts the templates in place and makes the indices that no alias names yet. */
export async function prepareIndices(client: Client, names: Names): Promise<void> {
  const { component, indices } = readTemplates(names.prefix);
  await client.cluster.putComponentTemplate({
    ...(component.body as unknown as estypes.ClusterComponentTemplateNode & {
      template: estypes.IndicesIndexState;
    }),
    name: component.name,
  });
  for (const template of indices)
    await client.indices.putIndexTemplate({
      ...(template.body as Omit<estypes.IndicesPutIndexTemplateRequest, 'name'>),
      name: template.name,
    });
  for (const collection of collections) {
    const alias = names.alias(collection);
    if (await client.indices.existsAlias({ name: alias })) {
      await addNewFields(client, alias, templateOf(indices, collection, names));
    } else {
      await createIndex(client, names.index(collection, firstGeneration), alias);
    }
  }
}

/** An index made by an older release takes the fields that came since. */
async function addNewFields(
  client: Client,
  alias: string,
  mappings: estypes.MappingTypeMapping,
): Promise<void> {
  const { properties } = mappings;
  if (properties !== undefined) await client.indices.putMapping({ index: alias, properties });
}

function templateOf(
  templates: ReturnType<typeof readTemplates>['indices'],
  collection: Collection,
  names: Names,
): estypes.MappingTypeMapping {
  const pattern = names.index(collection, '*');
  const template = templates.find(({ body }) =>
    (body.index_patterns as string[]).includes(pattern),
  );
  return (template!.body.template as { mappings: estypes.MappingTypeMapping }).mappings;
}

/** Makes an index with its alias. One that another process made a moment before will do. */
async function createIndex(client: Client, index: string, alias: string): Promise<void> {
  try {
    await client.indices.create({ index, aliases: { [alias]: {} } });
  } catch (error) {
    if (!isType(error, 'resource_already_exists_exception')) throw error;
    if (!(await client.indices.existsAlias({ name: alias, index }))) throw error;
  }
}

/** Makes the empty indices of a generation. */
export async function beginGeneration(client: Client, names: Names, name: string): Promise<void> {
  await refuseInUse(client, names, name, 'choose another name');
  await removeGeneration(client, names, name);
  for (const collection of generationCollections)
    await client.indices.create({
      index: names.index(collection, name),
      aliases: { [names.buildAlias(collection, name)]: {} },
    });
}

/** Puts a generation in use and removes what it replaces, in one step. */
export async function promoteGeneration(client: Client, names: Names, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    if (await isInUse(client, names, name)) return;
    const actions: estypes.IndicesUpdateAliasesAction[] = [];
    for (const collection of generationCollections) {
      const alias = names.alias(collection);
      for (const index of await indicesBehind(client, alias))
        actions.push({ remove_index: { index } });
      actions.push({ add: { index: names.index(collection, name), alias } });
    }
    try {
      // What was written is found from the first moment.
      await client.indices.refresh({
        index: generationCollections.map((collection) => names.index(collection, name)),
      });
      await client.indices.updateAliases({ actions });
      return;
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      const exists = await client.indices.exists({ index: names.index('outages', name) });
      if (!exists) throw badQuery(`generation ${name} is no more: it was dropped or superseded`);
      // Another process promoted one meanwhile, so what was to be removed is gone.
      if (attempt >= swapAttempts) throw error;
    }
  }
}

/** Removes a generation that is not in use. */
export async function dropGeneration(client: Client, names: Names, name: string): Promise<void> {
  await refuseInUse(client, names, name, 'it cannot be dropped');
  await removeGeneration(client, names, name);
}

async function removeGeneration(client: Client, names: Names, name: string): Promise<void> {
  const index = generationCollections.map((collection) => names.index(collection, name));
  await client.indices.delete({ index, ignore_unavailable: true });
}

async function refuseInUse(client: Client, names: Names, name: string, advice: string) {
  if (await isInUse(client, names, name)) throw badQuery(`generation ${name} is in use: ${advice}`);
}

async function isInUse(client: Client, names: Names, name: string): Promise<boolean> {
  const behind = await indicesBehind(client, names.alias('outages'));
  return behind.includes(names.index('outages', name));
}

async function indicesBehind(client: Client, alias: string): Promise<string[]> {
  const found = await client.indices.getAlias({ name: alias }, { ignore: [404] });
  // For an alias that does not exist the answer has `error` and `status` instead.
  return 'error' in found ? [] : Object.keys(found);
}

function isType(error: unknown, type: string): boolean {
  const body = (error as { body?: { error?: { type?: string } } }).body;
  return body?.error?.type === type;
}
