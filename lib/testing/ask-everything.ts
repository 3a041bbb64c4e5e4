import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { connect } from "../audit-db/connect.ts";
import { systemActor } from "../auth/actor.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { createCostMeter, createCostSampler } from "../collector/sampling/cost-sampler.ts";
import { createSamplerRun } from "../collector/sampling/run-sampler.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { env } from "../env.ts";
import { reads } from "../reads.ts";
import type { ReadResult } from "../result.ts";
import { runRead } from "../run-read.ts";
import { samplers } from "../samplers.ts";
import { addApproval } from "./approvals.ts";
import { evaluateFound, foundCheck } from "./evaluate.ts";
import { addJob } from "./jobs.ts";

export const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const lastHour = { range: "1h" };

/** The target's URLs as the environment names them. */
export interface EverythingUrls {
  audit: string;
  console: string;
}

/** An event, a job and an approval that reads can be asked for. @returns input by read, for those that need one of their own */
export async function prepareEverything(urls: EverythingUrls): Promise<Record<string, unknown>> {
  const event = { id: uuidV7(Date.now()), occurredAt: new Date().toISOString() };
  const writer = connect({ target: "audit", urls: { watch: urls.audit, write: urls.audit }, logger: quiet });
  const details = { n: 1.5, at: "2026-11-05" };
  await writer.append([{ ...event, organizationId: "o", action: "a.b", status: "success", details }]);
  const [statement] = await writer.use(
    "watch",
    "test.statement",
    (sql) => sql<{ key: string; queryId: string }[]>`
      select concat_ws('/', dbid, userid, queryid, toplevel::int) as key, queryid::text as "queryId"
      from public.pg_stat_statements(false)
      where queryid is not null and dbid = (select oid from pg_database where datname = current_database())
      -- What was called least is evicted first, once others fill the list.
      order by calls desc, queryid limit 1`,
  );
  await writer.close();
  const partition = `audit_log_standard_${event.occurredAt.slice(0, 7).replace("-", "_")}`;
  const own = openConsoleDb(urls.console, { max: 1 });
  const id = await addJob(own, { name: "events.purge_idempotency", target: "audit", state: "done" });
  await addApproval(own, { id });
  const request = { verb: "create", table: { schema: "public", name: "audit_log" } };
  const work = await addJob(own, {
    name: "partitions.carry_out",
    target: "audit",
    state: "done",
    input: { target: "audit", request },
  });
  await evaluateFound(own.sql, "audit", [
    { check: foundCheck("connections.used"), at: new Date(), objects: [["a", "warning", 400]] },
  ]);
  const [incident] = await own.sql`select id, number::int from incident limit 1`;
  const hold = uuidV7();
  await own.sql`
    insert into legal_hold (id, name, reason, scope, state, awaits, placed_by_name, placed_at, in_force_at)
    values (${hold}, 'Case 1', 'a court order', '{}', 'in_force', '[]', 'Ada', now(), now())`;
  const [asked] = await own.sql`
    insert into privacy_request (id, kind, regime, state, organizations, targets, country, time_zone, language,
      received_at, channel, submitted_by_name, submitted_at)
    values (${uuidV7()}, 'access', 'eu', 'received', '[]', '[]', 'DE', 'Europe/Berlin', 'en', now(), 'form', 'Ada', now())
    returning number::int`;
  await own.close();
  const check = "connections.used";
  return {
    event,
    hold: { hold },
    job: { id },
    jobLog: { id },
    approval: { id },
    incident: { number: incident?.number },
    request: { request: asked?.number },
    requestCertificates: { request: asked?.number },
    requestExecution: { request: asked?.number },
    requestMonth: { month: new Date().toISOString().slice(0, 7) },
    requestScope: { request: asked?.number },
    requestScan: { request: asked?.number },
    requestTimeline: { request: asked?.number },
    check: { check, target: "audit" },
    routePreview: { severity: "critical", labels: { check, target: "audit" } },
    incidentTellings: { incident: incident?.id },
    thresholdPreview: { check, target: "audit", warning: 0.5, critical: 0.9, unit: "ratio" },
    partition: { schema: "public", name: partition },
    partitionPlan: { request },
    session: { pid: 1, backendStart: event.occurredAt },
    partitionWork: { id: work },
    silencePreview: { target: "audit", matchers: [{ label: "check", is: "~", value: "connections.*" }] },
    labelValues: { target: "audit", matchers: [{ label: "check", is: "=", value: "connections.used" }] },
    windowOccurrences: { cron: "10 3 * * *", minutes: 30 },
    upkeepPreview: { table: request.table, rule: { cron: "10 3 * * *", ahead: 3 } },
    partitionHistory: { schema: "public", name: partition, range: lastHour },
    seriesHistory: { series: ["database.commits", "connections.total"], range: lastHour },
    statementByQueryId: { queryId: statement?.queryId, range: lastHour },
    queryDetail: { key: statement?.key },
    partitionLanes: { root: "audit_log" },
    partitionTable: { root: "audit_log" },
    standbyStages: { standby: "none", range: lastHour },
  };
}

/** Every read of the registry, as a page asks it. */
export async function askAll(
  inputs: Record<string, unknown>,
  role: "viewer" | "admin" = "admin",
): Promise<Record<string, ReadResult<unknown>>> {
  const actor = { ...systemActor("test"), id: uuidV7(Date.now()), role };
  const answers: Record<string, ReadResult<unknown>> = {};
  for (const [name, read] of Object.entries(reads)) {
    const input = [inputs[name], {}, { range: lastHour }].find(
      (one) => one !== undefined && read.input.safeParse(one).success,
    );
    answers[name] = await runRead(actor, { name, target: "audit", input });
  }
  return answers;
}

/** Takes and stores one sample of every sampler, as the collector does. @returns how each went */
export async function sampleAll(consoleUrl: string, at: number): Promise<Record<string, string>> {
  const { sql, close } = openConsoleDb(consoleUrl, { max: 2 });
  const { AUDIT_DATABASE_URL = "", AUDIT_READER_URL } = env() as unknown as Record<string, string>;
  const audit = connect({
    target: "audit",
    urls: { watch: AUDIT_DATABASE_URL, ...(AUDIT_READER_URL && { read: AUDIT_READER_URL }) },
    logger: quiet,
  });
  try {
    await createPartitions(sql, new Date(at));
    const meter = createCostMeter();
    const given = { sql, audit, catalogue: createCatalogue(sql), meter, clock: Date.now };
    const slot = Math.floor(at / 10_000) * 10_000;
    const outcomes: Record<string, string> = {};
    for (const sampler of [...samplers, createCostSampler(meter)])
      outcomes[sampler.name] = await createSamplerRun(sampler, {
        ...given,
        context: { instances: async () => [] },
      })
        .take(slot, Number.POSITIVE_INFINITY)
        .catch((thrown) => String(thrown));
    return outcomes;
  } finally {
    await Promise.all([audit.close(), close()]);
  }
}
