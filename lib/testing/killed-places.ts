import { expect, vi } from "vitest";
import { beginAll, ended, type KilledCase } from "./killed-jobs.ts";
import type { KilledScenario } from "./killed-steps.ts";
import { type KilledWorld, startWorker } from "./killed-world.ts";
import { kill } from "./start-program.ts";
import type { Place } from "./work-partitions.ts";

/** Carries each scenario out once without a kill, and answers every place that it comes to. */
export async function learnPlaces(
  world: KilledWorld,
  scenarios: readonly KilledScenario[],
  tried = 0,
): Promise<{ scenario: KilledScenario; schema: string; places: Place[] }[]> {
  const cases = await beginAll(
    world,
    scenarios.map((scenario, i) => ({
      scenario,
      schema: `k0${tried}${String(i).padStart(2, "0")}`,
      place: null,
    })),
  );
  const places = new Map<string, Place[]>(cases.map(({ job }) => [job, []]));
  const refused = new Set<string>();
  const stops = Object.fromEntries(cases.map(({ job }) => [job, null]));
  const worker = await startWorker(world, { stops, atATime: 20 }, ({ job, place }) => {
    if (place) places.get(job)?.push(place);
    else refused.add(job);
  });
  const ends = await ended(world, cases);
  await kill(worker);
  expect(
    cases.flatMap(({ scenario, job }) =>
      ends.get(job)?.startsWith("done ") ? [] : [scenario.name, ends.get(job)],
    ),
  ).toEqual([]);
  // What waited for a lock came to places that others need not come to.
  const isClean = ({ job }: KilledCase) =>
    !refused.has(job) && /^done (continued, )*done$/.test(ends.get(job) ?? "");
  const again = cases.filter((one) => !isClean(one)).map(({ scenario }) => scenario);
  return [
    ...cases
      .filter(isClean)
      .map(({ scenario, schema, job }) => ({ scenario, schema, places: places.get(job) ?? [] })),
    ...(again.length > 0 && tried < 5 ? await learnPlaces(world, again, tried + 1) : []),
  ];
}

const atATime = 32;

/** Has each job come to its place in some worker, then kills the workers. */
export async function killAll(world: KilledWorld, cases: readonly KilledCase[]): Promise<void> {
  const stops = Object.fromEntries(cases.map(({ job, place }) => [job, place]));
  const stopped = new Set<string>();
  const killers = await Promise.all(
    Array.from({ length: Math.ceil(cases.length / atATime) }, () =>
      startWorker(world, { stops, atATime }, (report) => {
        if (report.stopped) stopped.add(report.job);
      }),
    ),
  );
  await vi.waitFor(
    async () => {
      const open = cases.filter(({ job }) => !stopped.has(job));
      const [first] = open;
      if (!first) return;
      const log = await world.administration.sql`
      select message from job_log where job_id = ${first.job} order by id desc limit 5`;
      const said = log.map(({ message }) => message).join(" | ");
      throw new Error(
        `${open.length} do not come to their place: ${first.scenario.name}: ${first.place?.at}. It said: ${said}`,
      );
    },
    { timeout: 150_000, interval: 200 },
  );
  await Promise.all(killers.map(kill));
}
