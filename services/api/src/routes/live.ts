import type { FastifyPluginAsync } from 'fastify';
import type { Live, LiveMessage } from '../live.ts';

const keepAliveMs = 15_000;

/** Server-sent events: `outage` and `source` as they happen; `Last-Event-ID` is honoured. */
export function liveRoutes(live: Live): FastifyPluginAsync {
  return async (app) => {
    app.get(
      '/v1/live',
      { schema: { summary: 'Outages and source changes as they happen (server-sent events)' } },
      (request, reply) => {
        reply.hijack();
        const { raw } = reply;
        raw.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-cache',
          'x-accel-buffering': 'no',
        });
        raw.write(':ok\n\n');
        const send = ({ event, id, data }: LiveMessage) => {
          // A reader that does not read must not make us hold what it missed: it resumes by id.
          if (!raw.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
            raw.end();
        };
        const last = request.headers['last-event-id'];
        if (typeof last === 'string') for (const message of live.since(last)) send(message);
        const unsubscribe = live.subscribe(send);
        const timer = setInterval(() => raw.write(':\n\n'), keepAliveMs);
        raw.on('close', () => {
          clearInterval(timer);
          unsubscribe();
        });
      },
    );
  };
}
