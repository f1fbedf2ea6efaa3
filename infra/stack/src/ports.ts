import { createServer } from 'node:net';

// Below the ranges from which systems take the near end of outgoing connections, so that a port
// that is free now is not taken by somebody's client before the server has bound it.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** `count` distinct ports of 127.0.0.1 on which nothing listens now. Throws when none can be found. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries += 1) {
    if (tries > 1000) throw new Error(`no free port between ${LOWEST} and ${HIGHEST}`);
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}

/** Whether a server could listen on the port of 127.0.0.1 now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
