import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { recordRound } from "./alerting/record-round.ts";
import { createAlertsVerbs } from "./alerts/verbs.ts";
import { reachSharedCache } from "./answers/reach-shared-cache.ts";
import { openRedisCache } from "./audit-db/cache/redis/redis-cache.ts";
import { connect } from "./audit-db/connect.ts";
import { deliverChannel, listDueChannels } from "./channels/deliver-channel.ts";
import { createReach } from "./channels/send/reach.ts";
import { senders } from "./channels/send/senders.ts";
import { tellIncidents } from "./channels/tell-incidents.ts";
import { type CheckContext, defineCheck, type LimitsFor } from "./check.ts";
import { createHistory } from "./collector/history/history.ts";
import { evaluationRound } from "./evaluation/evaluation-round.ts";
import { createLogger } from "./log/log.ts";
import { type Administration, startAdministration } from "./testing/administration.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";
import { type Receiver, startReceiver } from "./testing/messages.ts";
import { judgeParcels, type Parcel, parcelCheck, parcelTelling } from "./testing/parcel-check.ts";
import { addActor } from "./testing/people.ts";
import { startRedis, type TestRedis } from "./testing/redis.ts";

const logger = createLogger({ level: "silent", name: "test" });
const never = new AbortController().signal;
const patience = { timeout: 90_000, interval: 50 };
let administration: Administration;
let target: TestDatabase;
let receiver: Receiver;

beforeAll(async () => {
  [administration, target, receiver] = await Promise.all([
    startAdministration(),
    createDatabase({ template: "empty" }),
    startReceiver(),
  ]);
  const { sql } = administration;
  await target.sql`create table parcel (name text primary key, kg float8)`;
  await sql`
    insert into channel (id, kind, name, config, details, enabled, created_at, changed_at, changed_by_name)
    values ('01900000-0000-7000-8000-00000000cafe', 'webhook', 'ops', ${sql.json({ url: receiver.url })}, false, true,
            now(), now(), 'Ada')`;
  await sql`truncate route`;
  await sql`
    insert into route (id, position, name, matchers, severities, group_wait_seconds, group_interval_seconds,
                       repeat_seconds, go_on, changed_at, changed_by_name)
    values ('default', 1, 'Everything', '[]', '["warning", "critical"]', 0, 0, 3600, false, now(), 'Ada')`;
});
afterAll(() => Promise.all([administration?.close(), target?.drop(), receiver?.close()]));
beforeEach(async () => {
  await administration.sql`
    truncate check_state, check_evaluation, alert, alert_span, incident, incident_event, delivery
    restart identity cascade`;
  await target.sql`truncate parcel`;
  receiver.received.length = 0;
});

const weigh = (name: string, kg: number) => target.sql`insert into parcel values (${name}, ${kg})`;
const tell = () => tellIncidents({ console: administration.console, ...parcelTelling });
const incidents = async () =>
  (await administration.sql`select condition, firing from incident order by number`).map((row) =>
    Object.values(row),
  );
async function deliver(): Promise<void> {
  const given = {
    ...{ console: administration.console, masterKeys: undefined, senders, logger },
    ...{ reach: createReach(["127.0.0.1"]), mail: { url: undefined, from: undefined }, timeoutMs: 5_000 },
  };
  for (const id of await listDueChannels(given)) await deliverChannel(id, given, never);
}

test.each([
  ["stopped", (redis: TestRedis): Promise<void> => redis.kill()],
  ["frozen", async (redis: TestRedis): Promise<void> => void process.kill(redis.pid(), "SIGSTOP")],
] as const)(
  "Redis %s: what fires is seen, told, acknowledged and seen to end as ever",
  async (_, harm) => {
    const { sql } = administration;
    const redis = await startRedis();
    const shared = openRedisCache(redis.url);
    const sharing = connect({ target: "audit", urls: { watch: target.url }, logger, sharedCache: shared });
    // As most checks look: through the cache.
    const check = defineCheck({
      ...parcelCheck,
      async evaluate({ audit }: CheckContext, limitsFor: LimitsFor) {
        const { data } = await audit.read({
          ...{ name: "test.parcels", ttlMs: 20, source: "parcel" },
          run: (sql) => sql<Parcel[]>`select * from public.parcel order by name`,
        });
        return judgeParcels(data, limitsFor);
      },
    });
    const history = createHistory(sql);
    const round = evaluationRound({
      ...{ sql, audit: sharing, checks: [check], history, logger, record: recordRound },
      ...{ instances: async () => [], upkeep: async () => [] },
    });
    const look = async () => {
      await round(never);
      expect(await sql`select from check_evaluation where error is not null`).toEqual([]);
    };
    try {
      await weigh("a", 6);
      await reachSharedCache(shared);
      // What it did not answer within its soft timeout is not kept.
      await vi.waitFor(async () => {
        await look();
        expect(shared.stats()).toMatchObject({ state: "up" });
        expect(shared.stats().writes).toBeGreaterThan(0);
      }, patience);
      expect([await tell(), await incidents()]).toEqual([1, [["firing", 1]]]);
      await deliver();
      await harm(redis);
      await weigh("b", 6);
      await look();
      expect([await tell(), await incidents()]).toEqual([1, [["firing", 2]]]);
      await deliver();
      await vi.waitFor(() => expect(shared.stats().state).toBe("down"), patience);
      const [incident] = await sql<{ id: string }[]>`select id from incident`;
      const { acknowledgeIncident } = createAlertsVerbs([check]);
      const ada = await addActor(administration.console, "operator");
      const acknowledged = await administration.succeed(acknowledgeIncident, ada, {
        ...{ target: "audit", incident: incident?.id ?? "" },
      });
      expect(acknowledged).toMatchObject({ changed: [{ state: "acknowledged" }], refused: [] });
      await target.sql`truncate parcel`;
      await look();
      expect([await tell(), await incidents()]).toEqual([1, [["normal", 0]]]);
      await deliver();
      expect(receiver.received.map(({ body }) => JSON.parse(body).type)).toEqual([
        "incident.fired",
        "incident.changed",
        "incident.resolved",
      ]);
    } finally {
      await sharing.close();
      await shared.close();
      await redis.stop();
    }
  },
  60_000,
);
