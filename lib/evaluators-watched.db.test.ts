import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { AuditDb } from "./audit-db/types.ts";
import { expectedDuties } from "./duties/expected-duties.ts";
import { beat } from "./duties/heartbeat.ts";
import { createLeadership, type Leadership } from "./duties/leadership.ts";
import { listDuties } from "./duties/list-duties.ts";
import { readLooks } from "./evaluation/read-looks.ts";
import { blindChecks } from "./targets/check-blind.ts";
import { missedEvaluations } from "./targets/check-missed.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";
import { evaluateFound, foundCheck } from "./testing/evaluate.ts";
import { judge, stateOf } from "./testing/judge.ts";
import { stoppedDuty } from "./work/check-duties.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
/** What these checks judge stands in the console's database: the target is not asked. */
const engine = { target: "audit", dropAnswers: async () => {} } as unknown as AuditDb;
const audit: AuditDb = { ...engine, engine };
let console: TestDatabase;

beforeAll(async () => {
  console = await createDatabase({ template: "console" });
});
afterAll(() => console?.drop());

const until = (seen: () => Promise<unknown>, wanted: unknown) =>
  vi.waitFor(async () => expect(await seen()).toEqual(wanted), { timeout: 20_000, interval: 100 });

test("a check that answered before and fails three times in a row", async () => {
  const check = foundCheck("sample.blind");
  const looks = () => readLooks(console.sql, "audit");
  const found = (second: number, failed?: string) =>
    evaluateFound(console.sql, "audit", [
      { check, at: new Date(Date.now() - 600_000 + second * 1_000), ...(failed && { failed }) },
    ]);
  const blind = async () => stateOf(await judge(blindChecks, audit, { looks }), "sample.blind")?.state;
  await found(0);
  for (const second of [30, 60]) await found(second, "The statement was cancelled.");
  expect(await blind()).toBe("ok");
  await found(90, "The statement was cancelled.");
  expect(await blind()).toBe("warning");
  const { objects } = await judge(blindChecks, audit, { looks });
  expect(objects[0]?.words.title).toMatch(
    /^The check sample\.blind has had no answer for 10 min, in 3 looks: The statement was cancelled\.$/,
  );
  await found(120);
  expect(await blind()).toBe(undefined);
  expect(stateOf(await judge(missedEvaluations, audit, { looks }), "target")?.state).toBe("warning");
  await found(600);
  expect(stateOf(await judge(missedEvaluations, audit, { looks }), "target")?.state).toBe("ok");
});

test("a duty that no worker does", async () => {
  const targets = [{ name: "audit" }, { name: "other" }] as never;
  const expected = expectedDuties({
    targets,
    CHECKS_EVERY_SECONDS: 30,
    MASTER_KEY_FILE: undefined,
  } as never);
  const duties = () => listDuties(console.sql, expected);
  const led = expected.filter(({ duty }) => duty !== "collector");
  const leadership = createLeadership({ url: console.url, holder: "host:1:1", logger });
  const lead = (by: Leadership) => {
    for (const { duty, target } of led)
      by.lead(duty, target, async (signal) => {
        await beat(console.sql, duty, target);
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      });
  };
  lead(leadership);
  const bad = async () =>
    (await judge(stoppedDuty, audit, { duties })).objects.flatMap(({ object, state }) =>
      state === "ok" ? [] : [`${(object as { name: string }).name} ${state}`],
    );
  const running = async () => (await duties()).filter(({ leader }) => leader).length;
  await until(running, led.length);
  expect(await bad()).toEqual([]);
  await leadership.stop();
  // Nobody has for four minutes.
  await console.sql`update history.leader set renewed_at = renewed_at - interval '4 minutes'`;
  await console.sql`update history.heartbeat set at = at - interval '4 minutes'`;
  expect((await bad()).sort()).toEqual([
    "approvals critical",
    "checks of other critical",
    "deliveries critical",
    "effects critical",
    "executions critical",
    "holds critical",
    "housekeeping critical",
    "incidents critical",
    "ledger of audit critical",
    "outbox critical",
    "requests critical",
    "tellings critical",
  ]);
  const others = createLeadership({ url: console.url, holder: "host:2:1", logger });
  lead(others);
  await until(() => bad(), []);
  await others.stop();
});
