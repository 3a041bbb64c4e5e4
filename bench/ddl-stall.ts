import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { carryOut } from "../lib/partition-plan/carry-out.ts";
import { makePlan } from "../lib/partition-plan/make-plan.ts";
import { type PlanRequest, planRequest } from "../lib/partition-plan/request.ts";
import { type PartitionServer, startPartitionServer } from "./support/partition-server.ts";
import { report, step } from "./support/report.ts";

/**
 * The worst wait of any of ten writers while a verb is carried out and a reader holds the parent for 1.5 s, divided by what
 * it may be: 50 ms where no lock of the plan stops writers, the approved 200 ms and 25 ms more where one does.
 */
const writers = 10;
const readerMs = 1_500;
const lockTimeoutMs = 200;
const withoutLockMs = 50;
const overheadMs = 25;

interface Case {
  name: string;
  more?(table: string, day: (days: number) => string): string;
  request(table: string, day: (days: number) => string): unknown;
}

const relation = (name: string) => ({ schema: "public", name });
const withDefault = (table: string) =>
  `create table public.${table}_default partition of public.${table} default`;
const lateRows = (table: string) => `
  ${withDefault(table)};
  insert into public.${table} select i, date_trunc('day', now(), 'UTC') + interval '3 days', 'late', 'x' from generate_series(1, 2000) i`;

const cases: Case[] = [
  { name: "create", request: (table) => ({ verb: "create", table: relation(table), ahead: 6 }) },
  {
    name: "create beside a default",
    more: withDefault,
    request: (table) => ({ verb: "create", table: relation(table), ahead: 6 }),
  },
  {
    name: "detach",
    request: (table, day) => ({ verb: "detach", partition: relation(`${table}_${day(-10)}`) }),
  },
  {
    name: "detach under lock",
    more: withDefault,
    request: (table, day) => ({
      verb: "detach",
      partition: relation(`${table}_${day(-10)}`),
      how: "under lock",
    }),
  },
  {
    name: "attach",
    more: (table, day) => `
      alter table public.${table} detach partition public.${table}_${day(-10)};
      alter table public.${table}_${day(-10)} add check (at >= '${day(-10).replaceAll("_", "-")}' and at < '${day(-9).replaceAll("_", "-")}')`,
    request: (table, day) => ({
      verb: "attach",
      partition: relation(`${table}_${day(-10)}`),
      table: relation(table),
      bounds: {
        from: `${day(-10).replaceAll("_", "-")} 00:00:00+00`,
        to: `${day(-9).replaceAll("_", "-")} 00:00:00+00`,
      },
    }),
  },
  {
    name: "rows stay",
    more: lateRows,
    request: (table) => ({ verb: "repair", partition: relation(`${table}_default`), how: "rows stay" }),
  },
  {
    name: "rows move",
    more: lateRows,
    request: (table) => ({ verb: "repair", partition: relation(`${table}_default`), how: "rows move" }),
  },
  ...(["vacuum", "analyze", "reindex"] as const).map((work) => ({
    name: work,
    request: (table: string) => ({ verb: "maintain", relations: [relation(table)], work }),
  })),
];

const server = await startPartitionServer();
try {
  const idle = await worstStall(server, "idle", () => pause(2_000));
  step(`nothing changed: worst ${idle.toFixed(0)} ms`);
  let worst = { name: "", quotient: 0, stall: 0, allowed: withoutLockMs };
  for (const [at, each] of cases.entries()) {
    const table = `t${at}`;
    await server.makeDays(table, each.more?.(table, dayOf));
    const request = planRequest.parse(each.request(table, dayOf)) as PlanRequest;
    const { stall, stops } = await measure(server, table, request);
    const allowed = stops ? lockTimeoutMs + overheadMs : withoutLockMs;
    const quotient = stall / allowed;
    step(`${each.name}: worst ${stall.toFixed(0)} ms of ${allowed} (${quotient.toFixed(2)})`);
    if (quotient > worst.quotient) worst = { name: each.name, quotient, stall, allowed };
  }
  report({
    name: "ddl-stall",
    ratio: worst.quotient,
    aim: "<= 1.00",
    ours: `${worst.stall.toFixed(0)} ms in "${worst.name}"`,
    other: `${worst.allowed} ms allowed; ${idle.toFixed(0)} ms with nothing changed`,
  });
} finally {
  await server.stop();
}

function dayOf(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10).replaceAll("-", "_");
}

async function measure(server: PartitionServer, table: string, request: PlanRequest) {
  const { audit } = server;
  const plan = await makePlan({ audit, now: new Date() }, request, lockTimeoutMs);
  if (plan.steps.length === 0) throw new Error(`${request.verb}: ${JSON.stringify(plan.refusals)}`);
  const reader = postgres(server.url, { max: 1, onnotice: () => {} });
  const stall = await worstStall(server, table, async () => {
    await reader.unsafe(`begin; select from public.${table} limit 1`);
    const done = carryOut({
      ...{ audit, plan, until: new Date(Date.now() + 60_000), signal: new AbortController().signal },
      ...{ checkpoint: async () => {}, progress() {}, log() {} },
    });
    await pause(readerMs);
    await reader`commit`;
    const left = (await done).filter(({ outcome }) => outcome !== "done");
    if (left.length > 0) throw new Error(JSON.stringify(left));
  });
  await reader.end();
  const stops = plan.steps.some(({ locks }) =>
    locks.some((lock) => lock.stops !== "other changes of structure"),
  );
  return { stall, stops };
}

/** Milliseconds of the slowest insert of ten writers while `work` takes its time. */
async function worstStall(
  server: PartitionServer,
  table: string,
  work: () => Promise<unknown>,
): Promise<number> {
  if (table === "idle") await server.makeDays(table);
  const sql = postgres(server.url, { max: writers, onnotice: () => {} });
  let id = 1_000_000;
  let worst = 0;
  let going = true;
  let counts = false;
  const all = Array.from({ length: writers }, async () => {
    while (going) {
      const began = performance.now();
      await sql`insert into ${sql(table)} values (${id++}, now(), 'writer', 'x')`;
      if (counts) worst = Math.max(worst, performance.now() - began);
      await pause(5);
    }
  });
  // Connections and caches are there before it counts.
  await pause(300);
  counts = true;
  try {
    await work();
  } finally {
    going = false;
    await Promise.all(all);
    await sql.end();
  }
  return worst;
}
