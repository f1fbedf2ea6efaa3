import { Socket } from 'node:net';

// Two requests of Kafka's wire protocol (https://kafka.apache.org/protocol), written out by hand so
// that starting a broker needs no driver: 4 bytes of length, then api key, api version, correlation
// id, client id and the body. Integers are big-endian; a string has 2 bytes of length, an array 4.

const METADATA = 3;
const METADATA_VERSION = 1;
const FIND_COORDINATOR = 10;
const FIND_COORDINATOR_VERSION = 1;
const TIMEOUT_MS = 2_000;

/**
 * True when the broker on this port of 127.0.0.1 serves requests: it knows at least `count` brokers,
 * and consumer groups and transactions have coordinators (whose topics are made on the first asking).
 */
export async function knowsBrokers(port: number, count: number): Promise<boolean> {
  const noTopics = Buffer.from([0, 0, 0, 0]);
  const metadata = await ask(port, METADATA, METADATA_VERSION, noTopics);
  if (metadata.readInt32BE(4) < count) return false;
  for (const kind of [0, 1]) {
    const key = Buffer.from('readiness');
    const body = Buffer.concat([Buffer.from([0, key.length]), key, Buffer.from([kind])]);
    const answer = await ask(port, FIND_COORDINATOR, FIND_COORDINATOR_VERSION, body);
    if (answer.readInt16BE(8) !== 0) return false;
  }
  return true;
}

/** Sends one request and resolves with its response from the correlation id on. */
function ask(port: number, key: number, version: number, body: Buffer): Promise<Buffer> {
  const head = Buffer.alloc(14);
  head.writeInt32BE(10 + body.length, 0);
  head.writeInt16BE(key, 4);
  head.writeInt16BE(version, 6);
  head.writeInt32BE(1, 8);
  head.writeInt16BE(-1, 12);
  const socket = new Socket();
  return new Promise<Buffer>((resolve, reject) => {
    let got = Buffer.alloc(0);
    socket.setTimeout(TIMEOUT_MS, () => reject(new Error('no answer')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (got.length >= 4 && got.length >= 4 + got.readInt32BE(0)) resolve(got.subarray(4));
    });
    socket.connect(port, '127.0.0.1', () => socket.write(Buffer.concat([head, body])));
  }).finally(() => socket.destroy());
}
