import { createMatcher, loadCatalog } from '@outcry/catalog';
import type { Classification, ClassifyInput, Feature } from '@outcry/classification';
import { createClassifier, loadModel, modelFileInForce } from '@outcry/classification';
import { Command } from 'commander';
import { z } from 'zod';
import { runPipe } from '../pipe.ts';

const input = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  text: z.string(),
  target: z.string().min(1).max(128).nullish(),
  lang: z.string().max(35).nullish(),
  profileLocation: z.string().max(512).nullish(),
  timeZone: z.string().max(64).nullish(),
});
type Input = z.infer<typeof input>;

interface Options {
  explain?: boolean;
  catalog?: string;
  model?: string;
}

export function classifyCommand(): Command {
  return new Command('classify')
    .description('classify posts: NDJSON in, NDJSON out, in the same order')
    .argument('[text]', 'one text instead of standard input')
    .option('--explain', 'add the features that decided')
    .option('--catalog <file>', 'catalogue of watched targets', process.env.OUTCRY_CATALOG)
    .option('--model <file>', 'classification model; OUTCRY_MODEL or the shipped one by default')
    .addHelpText(
      'after',
      `
In:  {"id":"1","text":"spotify down in Leeds?","target":"spotify","lang":"en","profileLocation":"UK","timeZone":"Europe/London"}
     only text is needed; given a target, the answer is about that target
Out: {"id","targets","stance","signal","type","types","countries":[{"code","source","confidence"}],
      "places","platforms","language","cluster","confidence","model"}`,
    )
    .action(async (text: string | undefined, options: Options) => {
      const classifier = createClassifier({
        matcher: createMatcher(loadCatalog(options.catalog)),
        model: loadModel(options.model ?? modelFileInForce(process.env.OUTCRY_MODEL)),
      });
      const answer = (it: Input) => {
        if (options.explain !== true) return toAnswer(it, classifier.classify(toClassifyInput(it)));
        const { classification, features } = classifier.explain(toClassifyInput(it));
        return toAnswer(it, classification, features);
      };
      if (text !== undefined) console.log(JSON.stringify(answer({ text }), null, 2));
      else await runPipe({ command: 'classify', schema: input, each: (it) => [answer(it)] });
    });
}

function toClassifyInput({ text, target, lang, profileLocation, timeZone }: Input): ClassifyInput {
  return {
    text,
    ...(target == null ? {} : { target }),
    ...(lang == null ? {} : { lang }),
    ...(profileLocation == null ? {} : { profileLocation }),
    ...(timeZone == null ? {} : { timeZone }),
  };
}

function toAnswer({ id }: Input, found: Classification, features?: Feature[]): object {
  return {
    ...(id === undefined ? {} : { id }),
    targets: found.targets,
    stance: found.stance,
    signal: found.signal,
    type: found.type,
    types: found.types,
    countries: countriesOf(found),
    places: found.places,
    platforms: found.platforms,
    ...(found.appVersion === undefined ? {} : { appVersion: found.appVersion }),
    language: found.language,
    cluster: found.cluster,
    confidence: found.confidence,
    model: found.model,
    ...(features === undefined ? {} : { features }),
  };
}

/** Each country once, by its best place. */
function countriesOf({
  places,
}: Classification): { code: string; source: string; confidence: number }[] {
  const best = new Map<string, { code: string; source: string; confidence: number }>();
  for (const { country, source, confidence } of places) {
    const known = best.get(country);
    if (known === undefined || known.confidence < confidence) {
      best.set(country, { code: country, source, confidence });
    }
  }
  return [...best.values()].toSorted((a, b) => b.confidence - a.confidence);
}
