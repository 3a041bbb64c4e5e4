import { append } from "../audit-db/append/append.ts";
import type { Sealing } from "../audit-db/append/append-rows.ts";
import type { Appended } from "../audit-db/append/appended.ts";
import type { EventInput } from "../audit-db/append/event-schema.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createRandom } from "./random.ts";
import { makeSession } from "./session.ts";

/** An event that was stored, for those who look things up. */
export interface Written {
  id: string;
  occurredAt: string;
  event: EventInput;
}

/** People at work just now, whose events come interleaved. */
const openSessions = 12;
const rememberedEvents = 500;
/** Beyond this size the demo adds next to nothing, however long it runs. */
const fullBytes = 6 * 1024 ** 3;
const sizeCheckMs = 5 * 60_000;

/**
 * One second of writing: a few appends, each of one to several events, all happening now.
 * `recent` holds the last events written.
 */
export function createWriter(audit: Pick<AuditDb, "use"> & Sealing) {
  const random = createRandom(Date.now() | 0, process.pid);
  const sessions: EventInput[][] = [];
  const recent: Written[] = [];
  let sizeReadAt = 0;
  let full = false;

  function nextEvent(): EventInput {
    while (sessions.length < openSessions) sessions.push(makeSession(random).map(({ event }) => event));
    const index = random.int(0, sessions.length - 1);
    const event = sessions[index]?.shift();
    if (event) return event;
    sessions.splice(index, 1);
    return nextEvent();
  }

  async function writeSome(count: number): Promise<void> {
    const events = Array.from({ length: count }, nextEvent);
    const stored = await append(audit, events);
    recent.push(...stored.map((one, index) => remember(one, events[index] as EventInput)));
    recent.splice(0, recent.length - rememberedEvents);
  }

  return {
    recent,
    async step(): Promise<number> {
      if (Date.now() - sizeReadAt > sizeCheckMs) {
        full = (await readSizeBytes(audit)) > fullBytes;
        sizeReadAt = Date.now();
      }
      if (full) {
        await writeSome(1);
        return 20_000;
      }
      const beganAt = Date.now();
      let left = eventsThisSecond(beganAt, random.next());
      while (left > 0) {
        const count = Math.min(left, random.int(1, 12));
        await writeSome(count);
        left -= count;
      }
      return Math.max(50, 1_000 - (Date.now() - beganAt));
    },
  };
}

/**
 * A gentle wave around one event in six seconds, over seven minutes, and every ten minutes a rush of up to fifteen
 * a second that lasts twelve seconds: some twenty thousand a day, the order of the history before it.
 */
export function eventsThisSecond(atMs: number, chance: number): number {
  const seconds = atMs / 1_000;
  const wave = 0.15 + 0.1 * Math.sin((2 * Math.PI * seconds) / 420);
  const inRush = seconds % 600;
  const rush = inRush < 12 ? 15 * Math.sin((Math.PI * inRush) / 12) : 0;
  return rush > 1 ? Math.round(rush * (0.7 + 0.3 * chance)) : chance < wave ? 1 : 0;
}

function remember({ id, occurredAt }: Appended, event: EventInput): Written {
  return { id, occurredAt, event };
}

async function readSizeBytes(audit: Pick<AuditDb, "use">): Promise<number> {
  const [row] = await audit.use(
    "read",
    "demo.size",
    (sql) => sql<{ sizeBytes: number }[]>`
      select pg_database_size(current_database())::float8 as "sizeBytes"`,
  );
  return row?.sizeBytes ?? 0;
}
