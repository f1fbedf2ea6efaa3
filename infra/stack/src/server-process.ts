import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guard } from './guard.ts';

export type Command = {
  name: string;
  file: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Where its standard output and error go. */
  logFile: string;
  /** User and group id to run as; only root can choose. */
  id?: number;
};

/** One started server: a process group of its own that is watched by the guard until it is gone. */
export class ServerProcess {
  readonly name: string;
  readonly logFile: string;
  /** Resolves with one sentence when the process has ended, for whatever reason. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #stopping = false;

  constructor(command: Command, guard: Guard) {
    this.name = command.name;
    this.logFile = command.logFile;
    const log = openSync(command.logFile, 'a');
    try {
      this.#child = spawn(command.file, command.args, {
        cwd: command.cwd,
        env: command.env,
        detached: true,
        stdio: ['ignore', log, log],
        ...(command.id === undefined ? {} : { uid: command.id, gid: command.id }),
      });
    } finally {
      closeSync(log);
    }
    const group = this.#child.pid;
    if (group !== undefined) guard.watch(group);
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`${this.name} did not start: ${error.message}`));
      this.#child.once('exit', (code, signal) => {
        // A launcher may leave its server behind: the group goes as a whole.
        this.#signal('SIGKILL');
        if (group !== undefined) guard.forget(group);
        resolve(`${this.name} ended (${signal ?? `exit code ${code}`})`);
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return (
      this.#child.pid !== undefined &&
      this.#child.exitCode === null &&
      this.#child.signalCode === null
    );
  }

  /** True once `stop` or `kill` was called: its end is then no surprise. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Asks it to end (SIGTERM) and, after `graceMs`, ends it (SIGKILL). Resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    if (!this.running) return;
    this.#signal('SIGTERM', this.#child.pid);
    const timer = new AbortController();
    const outcome = await Promise.race([
      this.ended.then(() => 'ended'),
      sleep(graceMs, 'timeout', { signal: timer.signal }).catch(() => 'ended'),
    ]);
    timer.abort();
    if (outcome === 'timeout') await this.kill();
  }

  /** Ends it at once (SIGKILL), as a power cut would. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#stopping = true;
    if (!this.running) return;
    this.#signal('SIGKILL');
    await this.ended;
  }

  /** The last lines of its log, for an error message. */
  logTail(lines = 15): string {
    if (!existsSync(this.logFile)) return '';
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** Signals the whole group, or only the process `pid`. */
  #signal(signal: NodeJS.Signals, pid?: number): void {
    const group = this.#child.pid;
    if (group === undefined) return;
    try {
      process.kill(pid ?? -group, signal);
    } catch {
      // Already gone.
    }
  }
}
