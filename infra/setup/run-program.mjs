import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const POSIX = process.platform !== 'win32';
const ECHO_MS = 300;
const PARENT_CHECK_MS = 250;

/**
 * Runs a program to its end as if it stood in this process's place. Every signal reaches it once:
 * it has a session of its own, so what a terminal or `timeout` sends to the whole process group
 * comes through here alone, and the copy that npm forwards of the same signal is left out.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{status: number, stderr: string, interrupted: boolean}>} the exit code (128 +
 *   number for a signal), what it said on standard error if that is a pipe, and whether it was sent a
 *   signal
 */
export function runProgram(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, detached: POSIX });
    const forwarding = POSIX ? forwardSignals(child) : ignoreSignals();
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', (error) => {
      forwarding.end();
      reject(new Error(`${command} could not be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      forwarding.end();
      const status = signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 1);
      resolve({ status, stderr, interrupted: forwarding.interrupted() });
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function forwardSignals(child) {
  /** @type {Map<NodeJS.Signals, number>} */
  const last = new Map();
  /** @type {[NodeJS.Signals, () => void][]} */
  const handlers = [
    ...['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'].map((signal) => [
      signal,
      () => {
        const now = performance.now();
        if (now - (last.get(signal) ?? -Infinity) > ECHO_MS) child.kill(signal);
        last.set(signal, now);
      },
    ]),
    ['SIGWINCH', () => child.kill('SIGWINCH')],
    // Ctrl-Z stops both, and going on goes on with both.
    [
      'SIGTSTP',
      () => {
        child.kill('SIGSTOP');
        process.kill(process.pid, 'SIGSTOP');
      },
    ],
    ['SIGCONT', () => child.kill('SIGCONT')],
  ];
  for (const [signal, handler] of handlers) process.on(signal, handler);
  const watch = watchParent(() => {
    if (last.size === 0) child.kill('SIGTERM');
  });
  const end = () => {
    clearInterval(watch);
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
  return { end, interrupted: () => last.size > 0 };
}

/**
 * A SIGTERM for npm alone ends npm and its shell, but the shell passes nothing on: that the parent is
 * gone is then the only sign. Outside npm a parent may well go before its child (nohup).
 * @param {() => void} onGone
 */
function watchParent(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_MS);
  return timer;
}

/** On Windows the console tells the program itself; this process only waits for its end. */
function ignoreSignals() {
  const handler = () => undefined;
  process.on('SIGINT', handler);
  return { end: () => process.off('SIGINT', handler), interrupted: () => false };
}
