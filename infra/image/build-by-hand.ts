import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ignore from '@balena/dockerignore';

type Instruction = { keyword: string; text: string };
type Stage = { name: string; instructions: Instruction[] };

/**
 * Carries out a Dockerfile without a Docker engine, as far as that says something: every stage gets a
 * folder of `into`, COPY copies (from the context, minus what .dockerignore leaves out, or from an
 * earlier stage), RUN runs in the WORKDIR with this machine's tools. The last stage's RUN lines, which
 * need a container's root, are left out. Returns the last stage's folder.
 */
export function buildByHand(context: string, dockerfile: string, into: string): string {
  const stages = readStages(readFileSync(path.join(context, dockerfile), 'utf8'));
  for (const stage of stages) buildStage(stage, stage === stages.at(-1), context, into);
  return path.join(into, stages.at(-1)?.name ?? '');
}

function readStages(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, keyword = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === 'FROM') {
      const name = / AS (\w+)/i.exec(rest)?.[1] ?? `stage-${stages.length}`;
      stages.push({ name, instructions: [] });
    } else stages.at(-1)?.instructions.push({ keyword, text: rest });
  }
  return stages;
}

function buildStage(stage: Stage, last: boolean, context: string, into: string): void {
  const root = path.join(into, stage.name);
  let workdir = root;
  mkdirSync(root, { recursive: true });
  for (const { keyword, text } of stage.instructions) {
    if (keyword === 'WORKDIR') {
      workdir = path.join(root, text);
      mkdirSync(workdir, { recursive: true });
    } else if (keyword === 'COPY') copy(text, context, into, workdir, root);
    else if (keyword === 'RUN' && !last) run(text, workdir);
  }
}

function copy(text: string, context: string, into: string, workdir: string, root: string): void {
  const words = text.split(/\s+/);
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
  const [source = '', target = ''] = words;
  const base = from === undefined ? context : path.join(into, from);
  const to = target.startsWith('/') ? path.join(root, target) : path.join(workdir, target);
  const wanted = from === undefined ? notIgnored(context) : () => true;
  cpSync(path.join(base, source), to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => wanted(path.relative(base, file)),
  });
}

/** Whether a file of the context reaches the builder; a folder does when something in it does. */
function notIgnored(context: string): (file: string) => boolean {
  const rules = readFileSync(path.join(context, '.dockerignore'), 'utf8');
  const filter = ignore.default().add(rules).createFilter();
  const wanted = (file: string): boolean => {
    if (file === '' || filter(file)) return true;
    const at = path.join(context, file);
    const skipped = ['node_modules', '.git'].includes(path.basename(file));
    if (skipped || !existsSync(at) || !statSync(at).isDirectory()) return false;
    return readdirSync(at).some((name) => wanted(path.join(file, name)));
  };
  return wanted;
}

function run(command: string, cwd: string): void {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-ec', command], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`RUN ${command}\n${stdout}${stderr}`);
}
