// The sending side of flood.ts: a fake Jetstream in a process of its own.
import { startFakeJetstream } from '@outcry/sources/fakes';

export type FloodOrder = { kind: 'flood'; rate: number; seconds: number };
export type FloodAnswer =
  | { kind: 'listening'; url: string }
  | { kind: 'done'; sent: number; matching: number };

const texts = [
  'spotify is down again, nothing plays since this morning',
  'what a lovely day at the sea, the water is warm and the children are happy',
  'Is anybody else having trouble with Netflix on the TV? It just shows a black screen',
  'reading a very good book about the history of lighthouses and the people who kept them',
];
const fake = await startFakeJetstream({ mostUnreadBytes: 64 * 1024 * 1024 });
tell({ kind: 'listening', url: fake.url });

process.on('message', async (order: FloodOrder) => {
  const total = order.rate * order.seconds;
  const began = performance.now();
  let sent = 0;
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * order.rate));
    for (; sent < due; sent += 1) fake.publish(event(sent));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  tell({ kind: 'done', sent, matching: Math.ceil(total / 2) });
});

function event(index: number) {
  const now = Date.now();
  return {
    did: `did:plc:author${index % 50_000}`,
    time_us: now * 1000 + (index % 1000),
    kind: 'commit',
    commit: {
      rev: '3mptbypluud2a',
      operation: 'create',
      collection: 'app.bsky.feed.post',
      rkey: `r${index}`,
      record: {
        $type: 'app.bsky.feed.post',
        createdAt: new Date(now).toISOString(),
        langs: ['en'],
        text: `${texts[index % texts.length]} ${index}`,
      },
      cid: 'bafyreiguce4jh7kcbmof3pmcvasifqtw24b6isakj5ve5ga2b4z4alpc4i',
    },
  };
}

function tell(answer: FloodAnswer): void {
  process.send?.(answer);
}
