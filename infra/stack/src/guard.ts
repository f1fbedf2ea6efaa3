import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

// The servers lead process groups of their own, so that Ctrl-C reaches only us and we stop them in
// order. This shell script is what ends them when we cannot: its input closes when our process is
// gone, however it went, kill -9 included.
const SCRIPT = `
trap '' INT TERM HUP QUIT
groups= folder=
while read -r word value; do
  case $word in
    watch) groups="$groups $value" ;;
    forget)
      kept=
      for group in $groups; do [ "$group" = "$value" ] || kept="$kept $group"; done
      groups=$kept ;;
    remove) folder=$value ;;
    done) exit 0 ;;
  esac
done
for group in $groups; do kill -s TERM -- "-$group"; done
waits=0
while [ $waits -lt 50 ]; do
  alive=
  for group in $groups; do kill -s 0 -- "-$group" && alive=yes; done
  [ -n "$alive" ] || break
  sleep 0.2
  waits=$((waits + 1))
done
for group in $groups; do kill -s KILL -- "-$group"; done
[ -z "$folder" ] || rm -rf -- "$folder"
`;

/** Sees to it that no process group that it watches, and no folder of ours, outlives this process. */
export class Guard {
  readonly #shell: ChildProcess;

  constructor() {
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#shell.on('error', () => undefined);
    this.#shell.stdin?.on('error', () => undefined);
    // Neither the shell nor the pipe to it keeps this process from ending.
    this.#shell.unref();
    (this.#shell.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  }

  watch(group: number): void {
    this.#tell(`watch ${group}`);
  }

  forget(group: number): void {
    this.#tell(`forget ${group}`);
  }

  /** Names the folder to remove if this process ends without having done so itself. */
  removeAtEnd(folder: string): void {
    this.#tell(`remove ${folder}`);
  }

  /** Ends the guard after an orderly stop: whatever it watched is left alone. */
  async release(): Promise<void> {
    if (this.#shell.exitCode !== null || this.#shell.pid === undefined) return;
    this.#shell.ref();
    const gone = once(this.#shell, 'exit');
    this.#shell.stdin?.end('done\n');
    await gone;
  }

  #tell(line: string): void {
    this.#shell.stdin?.write(`${line}\n`);
  }
}
