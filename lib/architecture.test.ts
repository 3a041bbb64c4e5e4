import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { product, type Source } from "./testing/sources.ts";

/**
 * The floors of lib, from the ground up: a file imports only from its own floor or those below. Every room is named
 * here; a file in none of them fails.
 */
const floors: readonly (readonly string[])[] = [
  // Leaves.
  [
    "env.ts",
    "env",
    "address",
    "errors.ts",
    "result.ts",
    "answer-error.ts",
    "in-turns.ts",
    "resolve-once.ts",
    "quote-sql.ts",
    "limit-text.ts",
    "lies-beyond.ts",
    "partition-actions.ts",
    "request-law",
    "sql-tokens.ts",
    "spreadsheet-formula.ts",
    "sql-state.ts",
    "words.ts",
    "log",
    "redact",
  ],
  ["audit-db"],
  ["db"],
  ["key-store"],
  // What was erased, restricted and redacted: engines ask whether their database is as old as that.
  ["ledger"],
  ["engines"],
  // Mechanisms without topic knowledge.
  [
    "inputs.ts",
    "reason.ts",
    "capability.ts",
    "capability-facts.ts",
    "duties",
    "auth",
    "collector",
    "audit-log",
    "partition-facts",
    "partition-plan",
    "ingest",
  ],
  // What may be destroyed stands below what destroys.
  ["outbox", "jobs", "upkeep-rules", "holds"],
  ["verbs", "read.ts", "check.ts", "answer-of.ts", "evaluation"],
  // What an alert is, and what of its life needs no person.
  ["alerting"],
  // Topics, which never import each other.
  [
    "accounts",
    "activity",
    "alerts",
    "answers",
    "approvals",
    "buffers",
    "channels",
    "connections",
    "events",
    "export",
    "maintenance",
    "partitions",
    "privacy",
    "queries",
    "replication",
    "silences",
    "storage",
    "targets",
    "upkeep",
    "work",
    "workload",
  ],
  // What people ask of their data: it drives the verbs and jobs of privacy and reads events out.
  ["requests"],
  // Compositions: the only places that know several topics.
  ["caches", "capabilities", "job-handlers.ts", "schedules.ts"],
  ["checks.ts", "check-docs.ts"],
  ["check-board"],
  ["overview"],
  ["api", "reads.ts", "samplers.ts", "admin.ts", "run-read.ts"],
  // Doors.
  ["door", "web.ts", "worker.ts", "demo", "start"],
  ["cli"],
];
const topics = floors.find((rooms) => rooms.includes("connections")) ?? [];
const outside = ["client", "testing"];
/** Leaves without imports that components use too. */
const shared = [
  "lib/lies-beyond.ts",
  "lib/limit-text.ts",
  "lib/partition-actions.ts",
  "lib/quote-sql.ts",
  "lib/request-law/kinds.ts",
  "lib/request-law/regimes.ts",
  "lib/request-law/states.ts",
  "lib/spreadsheet-formula.ts",
  "lib/sql-tokens.ts",
  "lib/words.ts",
  "lib/requests/certificate/bundle-name.ts",
];

/** "lib/answers/get-x.ts" → "answers"; "lib/env.ts" → "env.ts". */
function roomOf(file: string): string {
  const room = file.split("/")[1] ?? "";
  return file.split("/").length === 2 && !room.includes(".") ? `${room}.ts` : room;
}

/** Minus one for a room that no floor names. */
function floorOf(room: string): number {
  return floors.findIndex((rooms) => rooms.includes(room));
}

const inLib = product.filter(
  (source) => source.file.startsWith("lib/") && !outside.includes(roomOf(source.file)),
);

/** Every offence as "file → import", so that a failure names what to mend. */
function offences(
  from: Source[],
  forbidden: (to: string, source: Source, typeOnly: boolean) => boolean,
): string[] {
  return from.flatMap((source) =>
    source.imports.filter((i) => forbidden(i.to, source, i.typeOnly)).map((i) => `${source.file} → ${i.to}`),
  );
}

/** The circles of imports, each as its files in order of name. A static import, one for a type and a lazy one all count. */
function findCircles(files: readonly Source[]): string[][] {
  const known = new Map(files.map((source) => [source.file, source.imports.map(({ to }) => to)]));
  const imports = (file: string) =>
    (known.get(file) ?? []).flatMap(
      (to) => [to, `${to}.ts`, `${to}.tsx`].find((name) => known.has(name)) ?? [],
    );
  const reached = new Map<string, Set<string>>();
  for (const file of known.keys()) {
    const seen = new Set<string>();
    const waiting = imports(file);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(...imports(next));
    }
    reached.set(file, seen);
  }
  const circles = [...known.keys()]
    .filter((file) => reached.get(file)?.has(file))
    .map((file) => [...(reached.get(file) ?? [])].filter((other) => reached.get(other)?.has(file)).sort());
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()];
}

describe("who may import whom", () => {
  test("every file of lib stands in a room that a floor names", () => {
    expect(inLib.filter(({ file }) => floorOf(roomOf(file)) < 0).map(({ file }) => file)).toEqual([]);
  });

  test("docs/architecture.md names every room", () => {
    const docs = readFileSync("docs/architecture.md", "utf8");
    const named = (room: string) => docs.includes(room.includes(".") ? `\`${room}\`` : `\`${room}/`);
    expect(floors.flat().filter((room) => !named(room))).toEqual([]);
  });

  test("no file imports itself by way of others, not even for a type", () => {
    expect(findCircles(product)).toEqual([]);
  });

  test("inside lib only from the same layer or below", () => {
    const found = offences(inLib, (to, source) => {
      if (!to.startsWith("lib/")) return false;
      if (outside.includes(roomOf(to))) return true;
      return floorOf(roomOf(to)) > floorOf(roomOf(source.file));
    });
    expect(found).toEqual([]);
  });

  test("topics do not import each other", () => {
    const found = offences(inLib, (to, source) => {
      const [from, into] = [roomOf(source.file), roomOf(to)];
      return to.startsWith("lib/") && topics.includes(from) && topics.includes(into) && from !== into;
    });
    expect(found).toEqual([]);
  });

  test("lib knows no next, no react, no page and no component, but for lib/client", () => {
    const found = offences(inLib, (to) =>
      /^(app|components)\/|^package:(next|react|react-dom)(\/|$)/.test(to),
    );
    expect(found).toEqual([]);
  });

  test("the engine stands alone: no framework, no console database", () => {
    const engine = inLib.filter((source) => roomOf(source.file) === "audit-db");
    expect(offences(engine, (to) => /^package:(next|react|pino|next-auth)/.test(to))).toEqual([]);
  });

  test("what the browser reads texts by as well imports nothing", () => {
    expect(shared.flatMap((file) => product.find((source) => source.file === file)?.imports)).toEqual([]);
  });

  test("components import lib/client, components and types", () => {
    const components = product.filter((source) => source.file.startsWith("components/"));
    const found = offences(components, (to, _source, typeOnly) => {
      if (to.startsWith("app/")) return true;
      return to.startsWith("lib/") && !to.startsWith("lib/client/") && !shared.includes(to) && !typeOnly;
    });
    expect(found).toEqual([]);
  });

  test("only lib/client and app call server actions; lib/client takes only types and shared leaves from the rest of lib", () => {
    const client = product.filter((source) => source.file.startsWith("lib/client/"));
    expect(
      offences(
        client,
        (to, _s, typeOnly) =>
          to.startsWith("lib/") && !to.startsWith("lib/client/") && !shared.includes(to) && !typeOnly,
      ),
    ).toEqual([]);
    expect(
      offences(product, (to, s) => to.startsWith("app/actions/") && !/^(lib\/client|app)\//.test(s.file)),
    ).toEqual([]);
  });

  test("no SQL in app", () => {
    const app = product.filter((source) => source.file.startsWith("app/"));
    expect(offences(app, (to) => /^package:(postgres|drizzle-orm)/.test(to))).toEqual([]);
  });
});
