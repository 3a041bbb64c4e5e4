import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "./audit-db/connect.ts";
import type { AuditDb } from "./audit-db/types.ts";
import { checkpointAge } from "./buffers/check-checkpoint-age.ts";
import type { Check, CheckAnswer } from "./check.ts";
import { createHistory } from "./collector/history/history.ts";
import type { History } from "./collector/types.ts";
import { lockTable } from "./connections/check-lock-table.ts";
import { lockWaits } from "./connections/check-lock-waits.ts";
import { poolWaiting } from "./connections/check-pool-waiting.ts";
import { personalData } from "./events/check-personal-data.ts";
import { ingestSilence } from "./events/check-silence.ts";
import { freezeOverdue } from "./maintenance/check-freeze-overdue.ts";
import { horizonHeld } from "./maintenance/check-horizon.ts";
import { deadRows, staleStatistics } from "./maintenance/check-table-upkeep.ts";
import { retentionOverdue } from "./partitions/check-retention.ts";
import { rowsChanged } from "./partitions/check-rows-changed.ts";
import { ownCost } from "./queries/check-own-cost.ts";
import { roleFlip } from "./replication/check-role-flip.ts";
import { blindChecks } from "./targets/check-blind.ts";
import { missedEvaluations } from "./targets/check-missed.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";
import { judge } from "./testing/judge.ts";
import { stoppedDuty } from "./work/check-duties.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Who may do nothing but sign in, where our schema is; who watches a database without it; and the owner of it. */
const watchers = ["plain", "stranger"] as const;
type Watcher = (typeof watchers)[number];

/** What each new check says to whom: why it cannot judge, or that it can. */
const answers: [Check, Record<Watcher, string>][] = [
  [lockWaits, { plain: "insufficient_data", stranger: "insufficient_data" }],
  [poolWaiting, { plain: "insufficient_data", stranger: "insufficient_data" }],
  [lockTable, { plain: "judged", stranger: "judged" }],
  [checkpointAge, { plain: "unsupported", stranger: "judged" }],
  [ingestSilence, { plain: "no_grant", stranger: "not_installed" }],
  [personalData, { plain: "no_grant", stranger: "not_installed" }],
  [rowsChanged, { plain: "judged", stranger: "not_installed" }],
  [retentionOverdue, { plain: "no_grant", stranger: "not_installed" }],
  [freezeOverdue, { plain: "judged", stranger: "judged" }],
  [horizonHeld, { plain: "no_grant", stranger: "judged" }],
  [deadRows, { plain: "judged", stranger: "judged" }],
  [staleStatistics, { plain: "judged", stranger: "judged" }],
  [ownCost, { plain: "no_grant", stranger: "not_installed" }],
  [roleFlip, { plain: "judged", stranger: "judged" }],
  [blindChecks, { plain: "judged", stranger: "judged" }],
  [stoppedDuty, { plain: "judged", stranger: "judged" }],
  [missedEvaluations, { plain: "insufficient_data", stranger: "insufficient_data" }],
];

describe.each([15, 18] as const)("where PostgreSQL %i does not show what a check needs", (server) => {
  let console: TestDatabase;
  let databases: Record<Watcher, TestDatabase>;
  let engines: Record<Watcher, AuditDb>;
  let history: History;

  beforeAll(async () => {
    const [ours, theirs, store] = await Promise.all([
      createDatabase({ server, template: "audit" }),
      createDatabase({ server, template: "empty" }),
      createDatabase({ template: "console" }),
    ]);
    console = store;
    databases = { plain: ours, stranger: theirs };
    history = createHistory(console.sql);
    // As managed services do; functions are a database's own.
    await ours.sql`revoke execute on function pg_current_wal_insert_lsn() from public`;
    await theirs.sql`drop extension pg_stat_statements`;
    const open = (url: string) => connect({ target: "t", urls: { watch: url }, logger });
    engines = { plain: open(await ours.login()), stranger: open(await theirs.login(["pg_monitor"])) };
  });
  afterAll(async () => {
    await Promise.all(watchers.map((name) => engines?.[name].close()));
    await Promise.all([databases?.plain.drop(), databases?.stranger.drop(), console?.drop()]);
  });

  const codeOf = ({ objects, complete }: CheckAnswer) => {
    const unavailable = objects.find(({ state }) => state === "unavailable")?.unavailable;
    // What cannot be judged is never all there is.
    expect(complete).toBe(unavailable === undefined);
    return unavailable?.code ?? "judged";
  };

  test.each(answers)("$id says so, and is never fine for it", async (check, expected) => {
    for (const name of watchers) {
      const answer = await judge(check, engines[name], { history });
      expect([name, codeOf(answer)]).toEqual([name, expected[name]]);
      expect(answer.objects.filter(({ state }) => !["ok", "unavailable"].includes(state))).toEqual([]);
    }
  });

  test("the grants that they ask for are those that help", async () => {
    const lacking = answers.filter(([, { plain }]) => plain === "no_grant").map(([check]) => check);
    const enabling = new Set<string>();
    for (const check of lacking) {
      const { objects } = await judge(check, engines.plain, { history });
      enabling.add(objects.find(({ unavailable }) => unavailable)?.unavailable?.enable ?? check.id);
    }
    const [role] = engines.plain.roles;
    const grants = ["audit_reader", "pg_monitor", "pg_read_all_stats"];
    expect([...enabling].sort()).toEqual(grants.map((group) => `GRANT ${group} TO ${role};`));
    for (const statement of enabling) await databases.plain.sql.unsafe(statement);
    const url = Object.assign(new URL(databases.plain.url), { username: role }).href;
    const granted = connect({ target: "t", urls: { watch: url }, logger });
    try {
      const codes = [];
      for (const check of lacking) codes.push([check.id, codeOf(await judge(check, granted, { history }))]);
      // Two of them go by samples, of which there are none yet.
      expect(codes).toEqual([
        ["events.silence", "insufficient_data"],
        ["events.personal_data", "judged"],
        ["partitions.retention_overdue", "judged"],
        ["maintenance.horizon_held", "judged"],
        ["queries.own_cost", "insufficient_data"],
      ]);
    } finally {
      await granted.close();
    }
  });
});
