import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

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
    "quote-sql.ts",
    "limit-text.ts",
    "sql-tokens.ts",
    "sql-state.ts",
    "words.ts",
    "log",
    "redact",
  ],
  ["audit-db"],
  ["db"],
  ["key-store"],
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
    "ingest",
  ],
  ["outbox", "jobs"],
  ["verbs", "read.ts", "check.ts", "answer-of.ts", "evaluation"],
  // Topics, which never import each other.
  [
    "accounts",
    "activity",
    "answers",
    "approvals",
    "buffers",
    "connections",
    "events",
    "export",
    "maintenance",
    "partitions",
    "privacy",
    "queries",
    "replication",
    "storage",
    "targets",
    "work",
    "workload",
  ],
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
const shared = ["lib/limit-text.ts", "lib/quote-sql.ts", "lib/sql-tokens.ts", "lib/words.ts"];

interface Source {
  file: string;
  text: string;
  imports: { to: string; typeOnly: boolean }[];
}

const sources = ["lib", "app", "components"].flatMap((folder) => collect(path.join(root, folder)));

function collect(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => {
      const file = path.relative(root, path.join(folder, name));
      const text = readFileSync(path.join(root, file), "utf8");
      return { file, text, imports: importsOf(file, text) };
    });
}

function importsOf(file: string, text: string): Source["imports"] {
  const found = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^"';]*?from\s+"([^"]+)"|\bimport\("([^"]+)"\)|^import "([^"]+)"/gm,
  );
  return [...found].map((match) => {
    const specifier = match[2] ?? match[3] ?? match[4] ?? "";
    const names = match[0].match(/\{([^}]*)\}/)?.[1];
    const inlineTypes =
      names !== undefined &&
      !/import\s+\w+\s*,/.test(match[0]) &&
      names.split(",").every((n) => !n.trim() || n.trim().startsWith("type "));
    return { to: resolve(file, specifier), typeOnly: Boolean(match[1]) || inlineTypes };
  });
}

function resolve(file: string, specifier: string): string {
  if (specifier.startsWith("@/")) return specifier.slice(2);
  if (specifier.startsWith(".")) return path.join(path.dirname(file), specifier);
  return `package:${specifier}`;
}

/** "lib/answers/get-x.ts" → "answers"; "lib/env.ts" → "env.ts". */
function roomOf(file: string): string {
  const room = file.split("/")[1] ?? "";
  return file.split("/").length === 2 && !room.includes(".") ? `${room}.ts` : room;
}

/** Minus one for a room that no floor names. */
function floorOf(room: string): number {
  return floors.findIndex((rooms) => rooms.includes(room));
}

const isTest = (file: string) => /\.test\.tsx?$/.test(file) || file.startsWith("lib/testing/");
const product = sources.filter((source) => !isTest(source.file));
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

  test("only lib/client and app call server actions; lib/client takes only types from the rest of lib", () => {
    const client = product.filter((source) => source.file.startsWith("lib/client/"));
    expect(
      offences(
        client,
        (to, _s, typeOnly) => to.startsWith("lib/") && !to.startsWith("lib/client/") && !typeOnly,
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

describe("house rules", () => {
  test("what may come from another of Next's bundles is not asked for its class", () => {
    // Plain Node has one copy of every class, and so has a browser; AppError goes by a brand.
    const onePlace = /^lib\/(client|cli|start|demo|testing)\/|^components\//;
    const known = /^(AppError|Error|AggregateError|Date|Map|Set|Promise|Element|HTMLElement)$/;
    const found = product
      .filter((s) => !onePlace.test(s.file))
      .flatMap((s) => {
        const classes = [...s.text.matchAll(/\binstanceof ([\w.]+)/g)].map(([, name = ""]) => name);
        const ofNode = [...s.text.matchAll(/^import \{([^}]*)\} from "node:/gm)]
          .map(([, names]) => names)
          .join();
        const foreign = classes.filter(
          (name) =>
            !known.test(name) && !s.text.includes(`class ${name} `) && !ofNode.split(/\W+/).includes(name),
        );
        return foreign.map((name) => `${s.file}: ${name}`);
      });
    expect(found).toEqual([]);
  });

  test("what leaves by a door is answered by answerError, so that INTERNAL is logged", () => {
    const found = product
      .filter((s) => /\btoResultError\b/.test(s.text))
      .map((s) => s.file)
      .filter((file) => !/^lib\/(result|answer-error)\.ts$/.test(file));
    // The command line's door is its standard error.
    expect(found).toEqual(["lib/cli/report-error.ts"]);
  });

  test("process.env is read in lib/env.ts only", () => {
    const found = product
      .filter((s) => /process\.env\b/.test(s.text) && s.file !== "lib/env.ts")
      .map((s) => s.file);
    expect(found).toEqual([]);
  });

  test("a log is made in one place, which every entry of a process calls", () => {
    const found = product.filter((s) => /\bcreateLogger\b/.test(s.text)).map((s) => s.file);
    expect(found.sort()).toEqual(["lib/log/log.ts", "lib/log/process-logger.ts"]);
    const opening = product.filter((s) => /\bopenLog\(/.test(s.text)).map((s) => s.file);
    expect(opening.sort()).toEqual([
      "lib/cli/main.ts",
      "lib/demo/main.ts",
      "lib/log/process-logger.ts",
      "lib/start/main.ts",
      "lib/start/prepare-web.ts",
      "lib/web.ts",
      "lib/worker.ts",
    ]);
  });

  test("advisory locks go by the names of the two lists", () => {
    const found = product
      .filter((s) => /4_?711_?00\d|advisory\w*lock\w*\(\s*[\d(]/.test(s.text))
      .map((s) => s.file);
    expect(found.sort()).toEqual(["lib/audit-db/locks.ts", "lib/db/locks.ts"]);
  });

  test("one place opens the driver, so that every session has the settings of the list", () => {
    const opening = product.filter((s) => /(?<![\w.:/])postgres\((?!ql|\?:)/.test(s.text)).map((s) => s.file);
    expect(opening).toEqual(["lib/audit-db/pool/open-client.ts"]);
  });

  test("no cursors: the driver answers the next caller wrongly when a value of one cannot be read", () => {
    expect(product.filter((s) => /\.cursor\(/.test(s.text)).map((s) => s.file)).toEqual([]);
  });

  test("no barrels, no utils, no helpers, no common", () => {
    const found = product
      .filter((s) => /(^|\/)(index|utils?|helpers?|common)(\.|\/)/.test(s.file))
      .map((s) => s.file);
    expect(found).toEqual([]);
  });

  test("files are kebab-case", () => {
    const name = /^(\[{1,2}(\.\.\.)?[\w-]+\]{1,2}|\([\w-]+\)|[a-z0-9]+(-[a-z0-9]+)*)((\.[a-z0-9-]+)*)$/;
    const found = product
      .filter((s) => s.file.split("/").some((part) => !name.test(part)))
      .map((s) => s.file);
    expect(found).toEqual([]);
  });

  test("pages are glue: at most 40 lines", () => {
    const found = product
      .filter((s) => /^app\/.*page\.tsx$/.test(s.file) && s.text.trimEnd().split("\n").length > 40)
      .map((s) => s.file);
    expect(found).toEqual([]);
  });
});
