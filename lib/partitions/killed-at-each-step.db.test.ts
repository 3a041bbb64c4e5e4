import { afterAll, describe, expect, test, vi } from "vitest";
import { structuralWorkLock } from "../audit-db/locks.ts";
import type { Check } from "../check.ts";
import { invalidIndex } from "../maintenance/check-invalid-indexes.ts";
import { planRequest } from "../partition-plan/request.ts";
import { stepKinds } from "../partition-plan/steps.ts";
import { catalogueOfSchemas } from "../testing/catalogue-of-schemas.ts";
import { judge } from "../testing/judge.ts";
import { beginAll, ended } from "../testing/killed-jobs.ts";
import { killAll, learnPlaces } from "../testing/killed-places.ts";
import { type KilledScenario, killedScenarios, partmanScenarios } from "../testing/killed-steps.ts";
import {
  closeKilledWorld,
  type KilledWorld,
  startKilledWorld,
  startWorker,
} from "../testing/killed-world.ts";
import { detachPending } from "./check-detach-pending.ts";
import { halfDone } from "./check-half-done.ts";

const worlds: KilledWorld[] = [];
afterAll(async () => {
  for (const world of worlds) await closeKilledWorld(world);
});

/** What a check's finding is written as below. */
const letters = new Map<Check, string>([
  [halfDone, "h"],
  [detachPending, "d"],
  [invalidIndex, "i"],
]);

/** What is found between the kill and the next worker, at each place: nothing where what there is is whole. */
const foundAt: Record<string, string> = {
  create: "....",
  "repair, rows stay, beside copies": "hhh...",
  "repair, rows move in one transaction": "........",
  "repair, rows copied first": ".hhhhhhhhhhhh.",
  detach: "....",
  "detach under lock": ".hh.",
  finalize: "d.",
  attach: "...hh..hh..hh..hh...........",
  "attach beside a default that is long to read": ".hhhh.",
  vacuum: "..",
  freeze: "..",
  analyze: "..",
  reindex: "....",
  "create index": "iiiiiiiiiii.",
  "drop leftovers": "i.",
  "leave-partman": "..",
  "run-partman": ".....",
};

/**
 * Of 18, and of pg_partman's verbs on 15, the places that differ in what is committed, and the end of each transaction
 * before it is; what comes between a commit and the next statement differs by the job's note alone. Of 15 a sample of all.
 */
function isTried(server: 15 | 18, { verb }: KilledScenario, { nth, of, at }: Wanted): boolean {
  if (server === 15 && verb !== "run-partman" && verb !== "leave-partman") return nth % 6 === 0;
  return of === 0 || at.startsWith("after ") || at === "before COMMIT";
}

/** A place: the how manyth of all, and of its scenario. */
interface Wanted {
  nth: number;
  of: number;
  at: string;
}

/** Once the sessions of what was killed have ended, and their locks with them: what the checks find, by schema. */
async function findHalfDone({ database, audit }: KilledWorld): Promise<Map<string, string>> {
  await vi.waitFor(
    async () => {
      const left = await database.sql`
        select from pg_locks where locktype = 'advisory' and classid::int8 = ${structuralWorkLock}
          and database = (select oid from pg_database where datname = current_database())`;
      expect(left).toHaveLength(0);
    },
    { timeout: 150_000 },
  );
  const found = new Map<string, string>();
  for (const [check, letter] of letters)
    for (const { object, state } of (await judge(check, audit)).objects)
      if (state !== "ok" && object.kind === "relation") found.set(object.schema, letter);
  return found;
}

describe.concurrent("killed at each step of each verb", () => {
  test.each([15, 18] as const)(
    "on PostgreSQL %i every job comes to the end of one that was not",
    async (server) => {
      const scenarios = [...killedScenarios, ...partmanScenarios(server)];
      const world = await startKilledWorld(server);
      worlds.push(world);
      const learned = await learnPlaces(world, scenarios);
      const wanted = learned
        .flatMap(({ places, ...one }) => places.map((place, of) => ({ ...one, place, of })))
        .map(({ of, ...one }, nth) => {
          const own = `k${1_000 + nth}`;
          const place = JSON.parse(JSON.stringify(one.place).replaceAll(one.schema, own));
          return {
            ...{ scenario: one.scenario, schema: own, place },
            tried: isTried(server, one.scenario, { nth, of, at: place.at }),
          };
        });
      const cases = await beginAll(
        world,
        wanted.filter(({ tried }) => tried),
      );
      await killAll(world, cases);
      const found = await findHalfDone(world);
      const seen: Record<string, string> = {};
      for (const { scenario, schema, tried } of wanted) {
        const { name } = scenario;
        const untried = foundAt[name]?.charAt(seen[name]?.length ?? 0);
        seen[name] = `${seen[name] ?? ""}${tried ? (found.get(schema) ?? ".") : untried}`;
      }
      const { "run-partman": _, ...found18 } = foundAt;
      expect(seen).toEqual(server === 15 ? foundAt : found18);
      await startWorker(world, { atATime: 16 });
      const ends = await ended(world, cases);
      const catalogue = await catalogueOfSchemas(world.database.sql, "^k\\d{4}$");
      const others = cases.flatMap(({ scenario, schema, place, job }) => {
        const end = ends.get(job) ?? "";
        const unkilled = learned.find((other) => other.scenario === scenario)?.schema ?? "";
        const differs = catalogue.get(unkilled)?.filter((line) => !catalogue.get(schema)?.includes(line)) ?? [
          "all",
        ];
        const more = catalogue.get(schema)?.filter((line) => !catalogue.get(unkilled)?.includes(line)) ?? [
          "all",
        ];
        const asWanted = /^done (\w+, )*lost, (\w+, )*done$/.test(end) && differs.length + more.length === 0;
        return asWanted
          ? []
          : [{ scenario: scenario.name, killed: place?.at, end, lacks: differs, has: more }];
      });
      expect(others).toEqual([]);
      const verbs = new Set(scenarios.map(({ verb }) => verb));
      if (server === 15)
        expect([...verbs].sort()).toEqual(planRequest.options.map(({ shape }) => shape.verb.value).sort());
      if (server === 15) expect([...world.planned].sort()).toEqual(stepKinds.map(({ kind }) => kind).sort());
    },
    400_000,
  );
});
