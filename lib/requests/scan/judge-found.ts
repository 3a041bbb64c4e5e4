import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import type { ScanPlace } from "../scan-types.ts";
import type { RowsStep, SearchFound, SearchStep } from "../search/steps.ts";
import type { EventGround } from "./event-grounds.ts";
import { placeOf } from "./place-of.ts";

/** Columns that say which account of this console did something. */
const whoActed = /(^|_)(email|actor|actor_name|by_name|name)$/;
const accounts = "public.users";

/**
 * What each step found, as places: the tables of a target's log are one as far as they are clean.
 * @param grounds why the events that a step found stay, by the step's key
 */
export function judgeFound(
  steps: readonly SearchStep[],
  found: readonly SearchFound[],
  grounds: Readonly<Record<string, readonly EventGround[]>>,
): ScanPlace[] {
  const byKey = new Map(found.map((one) => [one.key, one]));
  const pairs = steps.flatMap((step) => {
    const one = byKey.get(step.key);
    return one ? [{ step, one }] : [];
  });
  const isAccount = pairs.some(
    ({ step, one }) => step.kind === "rows" && nameOf(step) === accounts && one.found > 0,
  );
  const places: ScanPlace[] = [];
  for (const { step, one } of pairs)
    if (one.problem !== null)
      places.push(
        placeOf(kindOf(step), nameOf(step), targetOf(step), { state: "unknown", ground: one.problem }),
      );
    else if (one.found > 0) places.push(...placesOf(step, one, isAccount, grounds[step.key] ?? []));
  return [...cleanPlaces(pairs), ...merged(places)];
}

function placesOf(
  step: SearchStep,
  one: SearchFound,
  isAccount: boolean,
  grounds: readonly EventGround[],
): ScanPlace[] {
  const left = placeOf(kindOf(step), nameOf(step), targetOf(step), { state: "found", found: one.found });
  switch (step.kind) {
    case "statements":
      return [
        {
          ...left,
          ground: "The console resets no statistics of a server: its owner does.",
          sql: one.statements.map((entry) => `SELECT pg_stat_statements_reset(${entry});`).join("\n"),
        },
      ];
    case "activity":
      return [
        { ...left, ground: "A session shows the statement that it ran last, until it runs another or ends." },
      ];
    case "redis":
    case "file":
      return [left];
    case "rows":
      if (step.target === null) return [ownPlace(step, one, left, isAccount)];
      return step.events ? eventPlaces(step, left, grounds) : [left];
  }
}

/** Nothing of the console's own keeps an identifier, but for who did what, where the person has an account of it. */
function ownPlace(step: RowsStep, { columns }: SearchFound, left: ScanPlace, isAccount: boolean): ScanPlace {
  const names = Object.keys(columns);
  if (isAccount && names.every((column) => whoActed.test(column)))
    return {
      ...left,
      ground:
        "The person has an account of this console: who did what in it stays as proof (Art. 5(2), 17(3)(b) GDPR).",
    };
  const looks = names.map((column) => `${quoteIdentifier(column)}::text ILIKE '%…%'`).join(" OR ");
  return { ...left, sql: `SELECT * FROM ${quoteQualified(step.schema, step.table)} WHERE ${looks};` };
}

function eventPlaces(step: RowsStep, left: ScanPlace, grounds: readonly EventGround[]): ScanPlace[] {
  if (isDetached(step))
    return [
      {
        ...left,
        ground: "It was detached from the log, and refuses every change: attach it and redact, or drop it.",
        sql: `DROP TABLE ${quoteQualified(step.schema, step.table)};`,
      },
    ];
  return grounds.map((why) => ({ ...left, ...why }));
}

/** Whether its rows are no part of the log any more, so that no ground of single events applies. */
export const isDetached = ({ partition, table }: RowsStep) =>
  partition === null && table !== "audit_quarantine";

function kindOf(step: SearchStep): ScanPlace["kind"] {
  switch (step.kind) {
    case "redis":
      return "redis";
    case "file":
      return step.key.startsWith("exports/") ? "exports" : "logs";
    case "rows":
      if (step.target !== null) return step.table === "audit_quarantine" ? "quarantine" : "target";
      return step.schema === "pgboss" || /^job(_|$)/.test(step.table) ? "jobs" : "console";
    default:
      return "statements";
  }
}

function nameOf(step: SearchStep): string {
  switch (step.kind) {
    case "rows":
      return `${step.schema}.${step.table}`;
    case "file":
      return step.path;
    case "redis":
      return "Redis";
    case "statements":
      return step.target === null ? "pg_stat_statements of the console's server" : "pg_stat_statements";
    case "activity":
      return step.target === null ? "pg_stat_activity of the console's server" : "pg_stat_activity";
  }
}

const targetOf = (step: SearchStep) => ("target" in step ? step.target : null);

/** Parts of a table, and its events that stay on one ground, are one place. */
function merged(places: readonly ScanPlace[]): ScanPlace[] {
  const groups = Map.groupBy(places, ({ kind, where, target, state, ground }) =>
    JSON.stringify([kind, where, target, state, ground]),
  );
  return [...groups.values()].map((same) => {
    const untils = same.map(({ until }) => until).filter((until) => until !== null);
    return {
      ...(same[0] as ScanPlace),
      found: same.reduce((sum, { found }) => sum + found, 0),
      until: untils.toSorted().at(-1) ?? null,
    };
  });
}

/** Where nothing is: tables of a target's log, and those of the console, are told together. */
function cleanPlaces(pairs: readonly { step: SearchStep; one: SearchFound }[]): ScanPlace[] {
  const dirty = new Set(
    pairs.filter(({ one }) => one.found > 0 || one.problem !== null).map(({ step }) => nameIn(step)),
  );
  const clean = new Map<string, { step: SearchStep; names: Set<string> }>();
  for (const { step } of pairs) {
    if (dirty.has(nameIn(step))) continue;
    const group = JSON.stringify([
      kindOf(step),
      targetOf(step),
      step.kind === "rows" ? "rows" : nameOf(step),
    ]);
    const known = clean.get(group) ?? { step, names: new Set() };
    known.names.add(nameOf(step));
    clean.set(group, known);
  }
  return [...clean.values()].map(({ step, names }) =>
    placeOf(kindOf(step), names.size === 1 ? nameOf(step) : `${names.size} tables`, targetOf(step)),
  );
}

const nameIn = (step: SearchStep) => JSON.stringify([kindOf(step), targetOf(step), nameOf(step)]);
