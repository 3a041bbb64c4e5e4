import { createInterface } from "node:readline";
import type { Sql } from "postgres";
import { reachSharedCache } from "../../answers/reach-shared-cache.ts";
import { closeTargets } from "../../audit-db/registry.ts";
import { isAway, whileUp } from "../../audit-db/while-up.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { closeSharedCache, openSharedCache } from "../../engines/open-shared-cache.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { toAppError } from "../../errors.ts";
import { requireRequest, withRequestPerson } from "../read-request.ts";
import { createMatcher } from "./needles.ts";
import { searchFile } from "./search-file.ts";
import { searchRedis } from "./search-redis.ts";
import { searchRows } from "./search-rows.ts";
import { searchActivity, searchStatements } from "./search-server.ts";
import { goesOnAt, nothingFound, type SearchFound, type SearchStep, searchOrder } from "./steps.ts";

/**
 * Looks for the identifiers of one request, in a process that ends: it opens what is sealed itself, so that they stand in
 * no argument, no environment and no memory but this one. Told over standard input where to look, and ends with it.
 */
const stepMs = 6 * 3_600_000;

const lines = createInterface({ input: process.stdin });
lines.on("close", () => process.exit(1));
lines.once("line", (line) => {
  void work(line).then(
    () => process.exit(0),
    (thrown: unknown) => {
      // What the driver says of a statement may hold what it was asked with.
      say({ failed: toAppError(thrown).message });
      process.exit(1);
    },
  );
});

async function work(line: string): Promise<void> {
  const { request, steps, eventsAtOnce } = searchOrder.parse(JSON.parse(line));
  const { db } = consoleDb();
  const row = await requireRequest(db, request);
  const matches = await withRequestPerson(db, row, async ({ identifiers }) => createMatcher(identifiers));
  for (const step of steps)
    for (let at: SearchStep | null = step; at; ) {
      const found: SearchFound = await search(at, matches, eventsAtOnce).catch(
        (thrown: unknown): SearchFound => ({
          ...nothingFound,
          key: step.key,
          problem: toAppError(thrown).message,
          away: isAway(thrown),
        }),
      );
      say({ found });
      at = found.nextBlock === null ? null : goesOnAt(step, found.nextBlock);
    }
  await Promise.all([closeTargets(), closeConsoleDb(), closeSharedCache()]);
}

function search(
  step: SearchStep,
  matches: (text: string) => boolean,
  eventsAtOnce: number,
): Promise<SearchFound> {
  switch (step.kind) {
    case "rows": {
      if (step.target === null)
        // Rows of the console change while they are read: one snapshot, so that none slips by.
        return consoleDb().sql.begin("isolation level repeatable read read only", (sql) =>
          searchRows(sql as unknown as Sql, step, matches, eventsAtOnce),
        ) as Promise<SearchFound>;
      const audit = openConfiguredTarget(step.target);
      return whileUp(audit, (signal) =>
        audit.use(step.purpose, "requests.search", (sql) => searchRows(sql, step, matches, eventsAtOnce), {
          timeoutMs: stepMs,
          signal,
        }),
      );
    }
    case "statements":
    case "activity": {
      const look = step.kind === "statements" ? searchStatements : searchActivity;
      if (step.target === null) return look(consoleDb().sql, step.key, matches);
      return openConfiguredTarget(step.target).use("watch", "requests.search", (sql) =>
        look(sql, step.key, matches),
      );
    }
    case "redis":
      return searchShared(step.key, matches);
    case "file":
      return searchFile(step.path, step.key, matches);
  }
}

async function searchShared(key: string, matches: (text: string) => boolean): Promise<SearchFound> {
  const shared = openSharedCache();
  if (!shared) return { ...nothingFound, key };
  await reachSharedCache(shared);
  return searchRedis(shared, key, matches);
}

function say(message: { found: SearchFound } | { failed: string }): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
