import type { OutageEvent, Signal } from '@outcry/contracts';
import { buildOutageEvent, buildSignal } from '@outcry/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Operation, SearchIndex } from './port.ts';

/** An empty index that a test may fill. */
export interface IndexUnderTest {
  /** A handle to it; a second one is what another process has. */
  open(): SearchIndex;
  /** Removes the index; the handles are closed by then. */
  dispose(): Promise<void>;
}

const create = (document: Signal): Operation => ({
  op: 'create',
  collection: 'signals',
  document,
});
const upsert = (document: OutageEvent): Operation => ({
  op: 'upsert',
  collection: 'outages',
  document,
});
const createEvent = (document: OutageEvent): Operation => ({
  op: 'create',
  collection: 'outage-events',
  document,
});
const done = { status: 'done' };

/** What every adapter of the search port must do, as tests. */
export function searchIndexContract(
  name: string,
  makeIndex: () => Promise<IndexUnderTest> | IndexUnderTest,
): void {
  describe(`search index: ${name}`, () => {
    let made: IndexUnderTest;
    let index: SearchIndex;
    let handles: SearchIndex[];

    const open = (): SearchIndex => {
      const handle = made.open();
      handles.push(handle);
      return handle;
    };
    const write = async (...operations: Operation[]) => {
      const outcomes = await index.bulk(operations);
      await index.refresh();
      return outcomes;
    };
    const found = async (query: Parameters<SearchIndex['signals']>[0]) =>
      (await index.signals(query)).items.map((signal) => signal.id).sort();

    beforeEach(async () => {
      made = await makeIndex();
      handles = [];
      index = open();
      await index.prepare();
    });

    afterEach(async () => {
      for (const handle of handles) await handle.close();
      await made.dispose();
    });

    describe('signals', () => {
      it('gives a signal back whole', async () => {
        const rich = richSignal();
        const plain = buildSignal({ target: null, stance: 'unrelated', type: null, types: [] });
        expect(await write(create(rich), create(plain))).toEqual([done, done]);
        const { total, items } = await index.signals({});
        expect(total).toBe(2);
        expect(items.find((signal) => signal.id === rich.id)).toStrictEqual(rich);
        expect(items.find((signal) => signal.id === plain.id)).toStrictEqual(plain);
      });

      it('counts a signal that is there already as done and keeps the first', async () => {
        const signal = buildSignal({ text: 'first words' });
        await write(create(signal));
        expect(await write(create({ ...signal, text: 'second words' }))).toEqual([done]);
        expect((await index.signals({})).items).toEqual([signal]);
        expect(await index.count('signals')).toBe(1);
      });

      it('takes the same signal twice in one bulk', async () => {
        const signal = buildSignal();
        expect(await write(create(signal), create(signal))).toEqual([done, done]);
        expect(await index.count('signals')).toBe(1);
      });

      it('refuses a document that is no signal, with a reason, and takes its neighbours', async () => {
        const [before, after] = [buildSignal(), buildSignal()];
        const broken = { ...buildSignal(), occurredAt: 'yesterday' };
        const shapeless = { kind: 'signal' } as Signal;
        const outcomes = await write(
          create(before),
          create(broken),
          create(shapeless),
          create(after),
        );
        expect(outcomes).toEqual([
          done,
          { status: 'refused', reason: 'schema', detail: expect.stringContaining('occurredAt') },
          { status: 'refused', reason: 'schema', detail: expect.stringContaining('text') },
          done,
        ]);
        expect(await found({})).toEqual([before.id, after.id].sort());
      });

      it('answers one outcome per operation in their order, however many there are', async () => {
        const signals = Array.from({ length: 1_500 }, (_, n) => buildSignal({ text: `word${n}` }));
        const operations = signals.map(create);
        operations.splice(700, 0, create({ ...buildSignal(), voice: '' }));
        const outcomes = await write(...operations);
        expect(outcomes).toHaveLength(1_501);
        expect(outcomes[700]).toMatchObject({ status: 'refused' });
        expect(outcomes.filter((outcome) => outcome.status === 'done')).toHaveLength(1_500);
        expect(await index.count('signals')).toBe(1_500);
        expect(await found({ text: 'word1234' })).toEqual([signals[1_234]!.id]);
      });

      it('takes an empty bulk', async () => {
        expect(await index.bulk([])).toEqual([]);
      });

      it('holds a text of the greatest length and an id of the greatest length', async () => {
        const signal = buildSignal({
          id: `${'ö'.repeat(512)}@${'x'.repeat(64)}`,
          text: `${'lång text '.repeat(1_999)}needle`,
        });
        expect(
          await write(create(signal), create({ ...buildSignal(), text: 'x'.repeat(20_000) })),
        ).toEqual([done, done]);
        expect((await index.signals({ text: 'needle' })).items).toEqual([signal]);
        expect(await write(create(signal))).toEqual([done]);
        expect(await index.count('signals')).toBe(2);
      });
    });

    describe('deletion', () => {
      it('removes every signal of a post and no other', async () => {
        const post = 'bluesky:at://did:plc:x/post/1';
        const kept = buildSignal({ recordId: `${post}0` });
        await write(
          create(buildSignal({ recordId: post, target: 'spotify', text: 'gone words' })),
          create(buildSignal({ recordId: post, target: 'netflix' })),
          create(kept),
        );
        expect(await write({ op: 'delete', collection: 'signals', postId: post })).toEqual([done]);
        expect(await found({})).toEqual([kept.id]);
        expect(await found({ text: 'gone' })).toEqual([]);
      });

      it('removes everything of a voice', async () => {
        const kept = buildSignal();
        await write(
          create(buildSignal({ voice: 'v1' })),
          create(buildSignal({ voice: 'v1', target: null })),
          create(kept),
        );
        expect(await write({ op: 'delete', collection: 'signals', voice: 'v1' })).toEqual([done]);
        expect(await found({})).toEqual([kept.id]);
      });

      it('counts a deletion of what is not there as done', async () => {
        expect(await write({ op: 'delete', collection: 'signals', postId: 'x:1' })).toEqual([done]);
      });

      it('deletes in the order of the operations within one bulk', async () => {
        const early = buildSignal({ recordId: 'x:early', voice: 'v-early' });
        const late = buildSignal({ recordId: 'x:late', voice: 'v-late' });
        const again = buildSignal({ recordId: 'x:again', text: 'before' });
        await write(
          { op: 'delete', collection: 'signals', postId: 'x:late' },
          create(early),
          create(late),
          create(again),
          { op: 'delete', collection: 'signals', postId: 'x:early' },
          { op: 'delete', collection: 'signals', postId: 'x:again' },
          create({ ...again, text: 'after' }),
        );
        expect(await found({})).toEqual([again.id, late.id].sort());
        expect((await index.signals({ recordId: 'x:again' })).items[0]!.text).toBe('after');
        await write({ op: 'delete', collection: 'signals', voice: 'v-late' }, create(early), {
          op: 'delete',
          collection: 'signals',
          voice: 'v-early',
        });
        expect(await found({})).toEqual([again.id]);
      });

      it('finds what was written a moment before, in another bulk', async () => {
        await index.bulk([create(buildSignal({ recordId: 'x:1' }))]);
        await index.bulk([{ op: 'delete', collection: 'signals', postId: 'x:1' }]);
        await index.refresh();
        expect(await index.count('signals')).toBe(0);
      });
    });

    describe('questions', () => {
      it('finds texts with all the words in any order, whatever case or accents', async () => {
        const texts = {
          'x:1': 'Spotify is DOWN in São Paulo again',
          'x:2': 'Spotify läuft nicht, Wiedergabe hängt. Köln, Straße',
          'x:3': "can't log in to Spotify",
          'x:4': 'spotifyのアプリが落ちた。再生できない',
          'x:5': '스포티파이가 안 돼요 로그인 오류',
          'x:6': 'Не работает Спотифай, ещё и вход не идёт',
          'x:7': 'سبوتيفاي لا يعمل الآن مُشكلة',
          'x:8': 'Spotify ล่ม เปิดเพลงไม่ได้เลย',
          'x:9': '网易云音乐崩了 无法登录',
          'x:10': 'Το Spotify δεν παίζει μουσική σήμερα',
          'x:11': 'स्पॉटिफाई काम नहीं कर रहा',
          'x:12': 'Spotify søk virker ikke på Øya, Łódź też nie',
          'x:13': 'không đăng nhập được Spotify',
          'x:14': '#SpotifyDown http://example.org/status?x=1 v8.9.2',
        };
        await write(
          ...Object.entries(texts).map(([recordId, text]) =>
            create(buildSignal({ recordId, text })),
          ),
        );
        const ids = async (text: string) =>
          (await found({ text })).map((id) => id.slice(0, id.lastIndexOf('@'))).join(' ');
        const answers: Record<string, string> = {
          'spotify down': 'x:1',
          'again SPOTIFY': 'x:1',
          'sao paulo': 'x:1',
          SÃO: 'x:1',
          'wiedergabe LAUFT': 'x:2',
          'koln strasse': 'x:2',
          "can't": 'x:3',
          'LOG in': 'x:3',
          落ちた: 'x:4',
          'アプリ 再生': 'x:4',
          スポ: '',
          落: 'x:4',
          스포티파이: 'x:5',
          '로그인 스포티파이': 'x:5',
          'спотифаи еще': 'x:6',
          'ВХОД идет': 'x:6',
          مشكلة: 'x:7',
          'الان سبوتيفاي': 'x:7',
          ล่ม: 'x:8',
          'เปิดเพลง spotify': 'x:8',
          崩了: 'x:9',
          '登录 云音乐': 'x:9',
          登音: '',
          'μουσικη ΣΗΜΕΡΑ': 'x:10',
          'काम नहीं': 'x:11',
          'sok oya': 'x:12',
          'lodz tez': 'x:12',
          'dang nhap': 'x:13',
          spotifydown: 'x:14',
          'status example': 'x:14',
          'v8 9 2': 'x:14',
          'spotify netflix': '',
          spot: '',
        };
        for (const [text, expected] of Object.entries(answers))
          expect(`${text}: ${await ids(text)}`).toBe(`${text}: ${expected}`);
      });

      it('takes what people type for words, never for syntax', async () => {
        const signal = buildSignal({ text: 'login OR playback AND NOT fine NEAR me' });
        await write(create(signal), create(buildSignal({ text: 'something else' })));
        const asked = [
          'login OR playback',
          '"login playback"',
          'login*',
          'NOT fine',
          '(login',
          'text:login',
          'login AND',
          '^login -',
          'login" OR "1"="1',
          'NEAR(me login)',
          "login'; DROP TABLE search_signals; --",
          '\\login\\ {"match_all":{}}',
        ];
        for (const text of asked) {
          const ids = await found({ text });
          expect([text, ids.every((id) => id === signal.id)]).toEqual([text, true]);
        }
        expect(await found({ text: '"login playback"' })).toEqual([signal.id]);
        expect(await found({ text: 'login OR' })).toEqual([signal.id]);
        expect(await found({ text: 'login OR nothing' })).toEqual([]);
      });

      it('finds nothing for a text without a word, and anything for blank text', async () => {
        await write(create(buildSignal()));
        expect(await found({ text: '!?!' })).toEqual([]);
        expect(await found({ text: '  ' })).toHaveLength(1);
      });

      it('narrows by target, record, stance, type, country and time', async () => {
        const at = (minute: number) => `2025-04-16T12:${minute}:00.000Z`;
        const a = buildSignal({
          target: 'spotify',
          occurredAt: at(10),
          type: 'login',
          types: ['login', 'payment'],
          places: [
            { country: 'SE', source: 'text', confidence: 0.9 },
            { country: 'US', subdivision: 'US-CA', source: 'profile', confidence: 0.4 },
          ],
        });
        const b = buildSignal({ target: 'netflix', occurredAt: at(11), stance: 'asking' });
        const c = buildSignal({ target: 'spotify', occurredAt: at(12), stance: 'relaying' });
        const d = buildSignal({ target: null, occurredAt: at(13), stance: 'unrelated' });
        await write(...[a, b, c, d].map(create));
        const cases: [Parameters<SearchIndex['signals']>[0], Signal[]][] = [
          [{ target: 'spotify' }, [a, c]],
          [{ recordId: b.recordId }, [b]],
          [{ stance: 'relaying' }, [c]],
          [{ signalsOnly: true }, [a, b]],
          [{ signalsOnly: false }, [a, b, c, d]],
          [{ type: 'payment' }, [a]],
          [{ type: 'playback' }, [b]],
          [{ country: 'US' }, [a]],
          [{ country: 'DE' }, []],
          [{ from: at(11) }, [b, c, d]],
          [{ to: at(11) }, [a]],
          [{ from: at(11), to: at(13) }, [b, c]],
          [{ target: 'spotify', signalsOnly: true, country: 'SE', text: 'playing' }, []],
          [{ target: 'spotify', signalsOnly: true, country: 'SE', text: 'play songs' }, [a]],
        ];
        for (const [query, expected] of cases) {
          const page = await index.signals(query);
          expect([query, page.items.map((item) => item.id)]).toEqual([
            query,
            expected.map((item) => item.id).reverse(),
          ]);
          expect(page.total).toBe(expected.length);
        }
      });

      it('pages newest first without gap or repeat, also where times are equal', async () => {
        const signals = Array.from({ length: 25 }, (_, n) =>
          buildSignal({ occurredAt: `2025-04-16T12:00:0${Math.floor(n / 5)}.000Z` }),
        );
        await write(...signals.map(create));
        const seen: Signal[] = [];
        let after: string | undefined;
        let pages = 0;
        do {
          const page = await index.signals({ limit: 7, ...(after && { after }) });
          expect(page.total).toBe(25);
          seen.push(...page.items);
          after = page.next;
          pages++;
        } while (after !== undefined);
        expect(pages).toBe(4);
        expect(new Set(seen.map((signal) => signal.id)).size).toBe(25);
        const times = seen.map((signal) => signal.occurredAt);
        expect(times).toEqual([...times].sort().reverse());
        expect((await index.signals({})).items).toHaveLength(20);
        expect((await index.signals({ limit: 25 })).next).toBeUndefined();
      });

      it('refuses a question that makes no sense and says that a retry is in vain', async () => {
        const code = { code: 'bad-query', retriable: false };
        await expect(index.signals({ limit: 0 })).rejects.toMatchObject(code);
        await expect(index.signals({ limit: Number.NaN })).rejects.toMatchObject(code);
        await expect(index.signals({ after: 'nonsense' })).rejects.toMatchObject(code);
        await expect(index.outages({ from: 'yesterday' })).rejects.toMatchObject(code);
        const range = { from: '2025-04-16T12:00:00.000Z', to: '2025-04-16T13:00:00.000Z' };
        for (const intervalSeconds of [0, 9, 10.5])
          await expect(index.histogram({ ...range, intervalSeconds })).rejects.toMatchObject(code);
      });

      it('counts distinct voices in trouble per target and interval', async () => {
        const at = (time: string) => `2025-04-16T${time}.000Z`;
        await write(
          ...[
            { voice: 'a', occurredAt: at('12:00:00') },
            { voice: 'a', occurredAt: at('12:04:59') },
            { voice: 'b', occurredAt: at('12:01:00'), stance: 'asking' as const },
            { voice: 'c', occurredAt: at('12:02:00'), stance: 'recovered' as const },
            { voice: 'a', occurredAt: at('12:05:00') },
            { voice: 'd', occurredAt: at('12:03:00'), target: 'netflix' },
            { voice: 'e', occurredAt: at('12:03:00'), target: null },
            { voice: 'f', occurredAt: at('11:59:59') },
            { voice: 'g', occurredAt: at('12:10:00') },
          ].map((overrides) => create(buildSignal(overrides))),
        );
        const range = { from: at('12:00:00'), to: at('12:10:00'), intervalSeconds: 300 };
        expect(await index.histogram(range)).toEqual([
          { target: 'netflix', at: at('12:00:00'), voices: 1 },
          { target: 'spotify', at: at('12:00:00'), voices: 2 },
          { target: 'spotify', at: at('12:05:00'), voices: 1 },
        ]);
        expect(await index.histogram({ ...range, target: 'netflix' })).toEqual([
          { target: 'netflix', at: at('12:00:00'), voices: 1 },
        ]);
        expect(await index.histogram({ ...range, target: 'github' })).toEqual([]);
      });

      it('counts the voices of a day of ten-second intervals', async () => {
        await write(
          create(buildSignal({ occurredAt: '2025-04-16T00:00:03.000Z' })),
          create(buildSignal({ occurredAt: '2025-04-16T23:59:59.999Z' })),
        );
        const buckets = await index.histogram({
          from: '2025-04-16T00:00:00.000Z',
          to: '2025-04-17T00:00:00.000Z',
          intervalSeconds: 10,
        });
        expect(buckets.map((bucket) => bucket.at)).toEqual([
          '2025-04-16T00:00:00.000Z',
          '2025-04-16T23:59:50.000Z',
        ]);
      });
    });

    describe('outages', () => {
      const life = (outageId: string, target = 'spotify'): OutageEvent[] => {
        const common = { outageId, target, startedAt: '2025-04-16T12:20:00.000Z' };
        return [
          event({ ...common, sequence: 1, type: 'outage.opened', state: 'suspected' }),
          event({ ...common, sequence: 2, type: 'outage.updated', state: 'confirmed' }),
          event({
            ...common,
            sequence: 3,
            type: 'outage.resolved',
            state: 'resolved',
            endedAt: '2025-04-16T15:00:00.000Z',
          }),
        ];
      };

      it('gives an outage and its events back whole', async () => {
        const rich = richOutageEvent();
        const plain = event({ outageId: 'plain', sequence: 1 });
        expect(
          await write(upsert(rich), createEvent(rich), upsert(plain), createEvent(plain)),
        ).toEqual([done, done, done, done]);
        const { items } = await index.outages({});
        expect(items.find((item) => item.outageId === rich.outageId)).toStrictEqual(rich);
        expect(items.find((item) => item.outageId === 'plain')).toStrictEqual(plain);
        expect((await index.history(rich.outageId))[0]).toStrictEqual(rich);
      });

      it('keeps the newest state of an outage, whatever order it comes in', async () => {
        const [opened, updated, resolved] = life('o1') as [OutageEvent, OutageEvent, OutageEvent];
        expect(await write(upsert(opened))).toEqual([done]);
        expect(await write(upsert(resolved))).toEqual([done]);
        expect(await write(upsert(updated), upsert(opened), upsert(resolved))).toEqual([
          done,
          done,
          done,
        ]);
        expect((await index.outages({})).items).toEqual([resolved]);
        expect(await index.count('outages')).toBe(1);
      });

      it('lists the history of one outage in sequence, each event once', async () => {
        const events = life('o1');
        await write(
          ...[...events].reverse().map(createEvent),
          createEvent(event({ outageId: 'o2', sequence: 1 })),
        );
        await write(...events.map(createEvent));
        expect(await index.history('o1')).toEqual(events);
        expect(await index.history('unknown')).toEqual([]);
        expect(await index.count('outage-events')).toBe(4);
      });

      it('lists sequences beyond ten in the order of numbers', async () => {
        const events = Array.from({ length: 25 }, (_, n) =>
          event({ outageId: 'long', sequence: n + 1 }),
        );
        await write(...events.map(createEvent));
        expect((await index.history('long')).map((item) => item.sequence)).toEqual(
          events.map((item) => item.sequence),
        );
      });

      it('narrows by target, state, time and words', async () => {
        const at = (hour: number) => `2025-04-16T${String(hour).padStart(2, '0')}:00:00.000Z`;
        const open = event({
          outageId: 'open',
          target: 'google-cloud',
          startedAt: at(10),
          state: 'confirmed',
          reason: 'Wiedergabe hängt in Köln',
        });
        const ended = event({
          outageId: 'ended',
          target: 'spotify',
          startedAt: at(12),
          endedAt: at(14),
          state: 'resolved',
          type: 'outage.resolved',
          reason: 'songs would not play',
        });
        await write(upsert(open), upsert(ended));
        const cases: [Parameters<SearchIndex['outages']>[0], string[]][] = [
          [{}, ['ended', 'open']],
          [{ target: 'spotify' }, ['ended']],
          [{ states: ['suspected', 'confirmed', 'recovering'] }, ['open']],
          [{ states: [] }, []],
          [{ to: at(12) }, ['open']],
          [{ to: at(13) }, ['ended', 'open']],
          [{ from: at(14) }, ['open']],
          [{ from: at(13) }, ['ended', 'open']],
          [{ from: at(8), to: at(10) }, []],
          [{ text: 'koln wiedergabe' }, ['open']],
          [{ text: 'Google koln' }, ['open']],
          [{ text: 'spotify play' }, ['ended']],
          [{ text: 'spotify koln' }, []],
        ];
        for (const [query, expected] of cases) {
          const page = await index.outages(query);
          expect([query, page.items.map((item) => item.outageId)]).toEqual([query, expected]);
          expect(page.total).toBe(expected.length);
        }
      });

      it('pages outages, the latest onset first', async () => {
        await write(
          ...Array.from({ length: 5 }, (_, n) =>
            upsert(event({ outageId: `o${n}`, startedAt: `2025-04-16T12:0${n >> 1}:00.000Z` })),
          ),
        );
        const first = await index.outages({ limit: 3 });
        expect(first.items.map((item) => item.outageId)).toEqual(['o4', 'o3', 'o2']);
        const second = await index.outages({ limit: 3, after: first.next! });
        expect(second.items.map((item) => item.outageId)).toEqual(['o1', 'o0']);
        expect(second.next).toBeUndefined();
      });
    });

    describe('generations', () => {
      const old = event({ outageId: 'old', sequence: 1 });
      const rebuilt = event({ outageId: 'rebuilt', sequence: 1 });

      it('builds beside the one in use and is read alone', async () => {
        await write(upsert(old), createEvent(old));
        const next = await index.generation('rerun-1');
        expect(await next.bulk([upsert(rebuilt), createEvent(rebuilt)])).toEqual([done, done]);
        await next.refresh();
        expect(next.name).toBe('rerun-1');
        expect((await next.outages({})).items).toEqual([rebuilt]);
        expect(await next.history('rebuilt')).toEqual([rebuilt]);
        expect(await next.history('old')).toEqual([]);
        expect((await index.outages({})).items).toEqual([old]);
        expect(await index.history('rebuilt')).toEqual([]);
        expect(await index.count('outages')).toBe(1);
      });

      it('takes the place of the one in use, and the live writer goes on in it', async () => {
        const elsewhere = open();
        await elsewhere.prepare();
        await write(upsert(old), createEvent(old), create(buildSignal()));
        const next = await index.generation('rerun-2');
        await next.bulk([upsert(rebuilt), createEvent(rebuilt)]);
        await next.promote();
        expect((await elsewhere.outages({})).items).toEqual([rebuilt]);
        expect(await elsewhere.history('old')).toEqual([]);
        const live = event({ outageId: 'rebuilt', sequence: 2, type: 'outage.updated' });
        expect(await elsewhere.bulk([upsert(live), createEvent(live)])).toEqual([done, done]);
        await elsewhere.refresh();
        expect((await index.outages({})).items).toEqual([live]);
        expect(await index.history('rebuilt')).toEqual([rebuilt, live]);
        expect(await next.history('rebuilt')).toEqual([rebuilt, live]);
        expect(await index.count('signals')).toBe(1);
        await index.prepare();
        expect(await index.count('outages')).toBe(1);
      });

      it('is refused removal once in use, and may be promoted again in vain', async () => {
        const next = await index.generation('rerun-3');
        await next.promote();
        await next.promote();
        await expect(next.drop()).rejects.toMatchObject({ code: 'bad-query', retriable: false });
        await expect(index.generation('rerun-3')).rejects.toMatchObject({ code: 'bad-query' });
        expect((await index.outages({})).total).toBe(0);
      });

      it('is gone after drop and begins empty when named again', async () => {
        await write(upsert(old));
        const next = await index.generation('rerun-4');
        await next.bulk([upsert(rebuilt)]);
        const abandoned = await index.generation('rerun-4');
        await abandoned.refresh();
        expect((await abandoned.outages({})).items).toEqual([]);
        await abandoned.drop();
        await expect(abandoned.promote()).rejects.toMatchObject({ code: 'bad-query' });
        await expect(abandoned.bulk([upsert(rebuilt)])).rejects.toMatchObject({
          code: 'bad-query',
        });
        expect((await index.outages({})).items).toEqual([old]);
      });

      it('refuses signals, which all generations share', async () => {
        const next = await index.generation('rerun-5');
        expect(await next.bulk([create(buildSignal()), upsert(rebuilt)])).toEqual([
          { status: 'refused', reason: 'not-in-generation', detail: expect.any(String) },
          done,
        ]);
      });

      it('refuses names that no index could bear', async () => {
        for (const name of ['', 'A', 'a_b', 'a/b', '*', 'x'.repeat(65)])
          await expect(index.generation(name)).rejects.toMatchObject({ code: 'bad-query' });
      });
    });

    describe('life', () => {
      it('is made ready by every process at once, and again later', async () => {
        const others = Array.from({ length: 4 }, open);
        await Promise.all(others.map((other) => other.prepare()));
        await write(create(buildSignal()));
        await others[0]!.prepare();
        expect(await others[1]!.count('signals')).toBe(1);
        await expect(index.ping()).resolves.toBeUndefined();
      });

      it('says closed after close, and that a retry is in vain', async () => {
        const other = open();
        await other.prepare();
        await other.close();
        await other.close();
        const closed = { code: 'closed', retriable: false };
        await expect(other.ping()).rejects.toMatchObject(closed);
        await expect(other.bulk([create(buildSignal())])).rejects.toMatchObject(closed);
        await expect(other.signals({})).rejects.toMatchObject(closed);
      });
    });
  });
}

/** An outage event whose id follows from outage and sequence, as the contract says. */
function event(overrides: Partial<OutageEvent>): OutageEvent {
  const made = buildOutageEvent(overrides);
  return { ...made, id: `${made.outageId}/${made.sequence}` };
}

/** A signal with every field that the contract knows. */
function richSignal(): Signal {
  return buildSignal({
    recordKind: 'report',
    target: 'spotify',
    text: 'Línea 1\nline 2 "quoted" \\ emoji 🎧 \u0000 ﷽',
    occurredAt: '2025-04-16T12:20:00.123Z',
    observedAt: '2025-04-16T12:20:05.456Z',
    confidence: 0.8765432109876543,
    weight: 0.5,
    type: 'login',
    types: ['login', 'general'],
    places: [
      {
        country: 'US',
        subdivision: 'US-CA',
        city: 'Los Angeles',
        latitude: 34.052234,
        longitude: -118.243685,
        source: 'text',
        confidence: 0.9,
        evidence: 'LA',
      },
      { country: 'US', source: 'profile', confidence: 0.2 },
      { country: 'SE', city: 'Malmö', source: 'tag', confidence: 1 },
    ],
    platforms: ['ios', 'car'],
    appVersion: '8.9.2.1',
    language: 'es',
    bot: false,
    replyTo: 'bluesky:at://did:plc:x/post/0',
    url: 'https://example.org/post/1',
  });
}

/** An outage event with every field that the contract knows. */
function richOutageEvent(): OutageEvent {
  return event({
    outageId: 'spotify-2025-04-16T12:20',
    sequence: 7,
    type: 'outage.resolved',
    state: 'resolved',
    severity: 'critical',
    endedAt: '2025-04-16T15:00:00.000Z',
    countries: ['US', 'SE'],
    subdivisions: ['US-CA'],
    scope: 'Europe',
    types: ['playback', 'login'],
    platforms: ['ios', 'web'],
    cause: { class: 'dependency', evidence: ['google-cloud was down'] },
    echoOf: { outageId: 'gc-1', target: 'google-cloud', evidence: ['rose 40 s before'] },
    beside: ['spotify-2025-04-16T11:20'],
    mergedInto: { outageId: 'spotify-2025-04-16T11:20', evidence: ['all places failed'] },
    leadSeconds: -12.5,
    confidence: 0.1 + 0.2,
  });
}
