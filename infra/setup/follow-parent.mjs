// Loaded before a program that run.mjs starts. The program has a session of its own, so it would not
// notice when run.mjs is ended the hard way; the pipe between them closes then, and the program is
// asked to end as by any other SIGTERM. Programs that this one starts in turn find no mark.
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const fd = process.env.OUTCRY_PARENT_PIPE;
if (isMainThread && fd !== undefined) {
  delete process.env.OUTCRY_PARENT_PIPE;
  const pipe = new Socket({ fd: Number(fd), readable: true, writable: false });
  pipe.on('error', () => undefined);
  pipe.on('close', () => process.kill(process.pid, 'SIGTERM'));
  pipe.resume();
  pipe.unref();
}
