import { afterAll, beforeAll, expect, test } from "vitest";
import { schema } from "../db/schema.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addJob } from "../testing/jobs.ts";
import { addActor } from "../testing/people.ts";
import { getSchedules } from "./get-schedules.ts";
import { createJobCatalogue } from "./job-catalogue.ts";
import { pauseSchedule } from "./pause-schedule.ts";
import { resumeSchedule } from "./resume-schedule.ts";

const now = new Date("2026-11-27T10:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const kinds = createJobCatalogue([{ name: "partition.check", title: "Check partitions" }]);
const everywhere = { role: "admin", targets: null } as const;
let administration: Administration;

beforeAll(async () => {
  administration = await startAdministration();
  const { console } = administration;
  const common = { jobName: "partition.check", input: {} };
  await console.db.insert(schema.schedule).values([
    // Clocks of Berlin are an hour ahead of UTC in winter.
    {
      ...common,
      name: "check-eu",
      target: "eu",
      cron: "15 3 * * *",
      timeZone: "Europe/Berlin",
      jitterSeconds: 60,
    },
    { ...common, name: "check-us", target: "us", cron: "3-59/7 2 * * *", jobName: "gone.kind" },
    { ...common, name: "tidy", cron: "*/20 * * * *", enabled: false },
  ]);
  const ran = { name: "partition.check", schedule: "check-eu", target: "eu" };
  await addJob(console, { ...ran, createdAt: ago(900), state: "done", finishedAt: ago(800) });
  await addJob(console, { ...ran, createdAt: ago(600), state: "failed", finishedAt: ago(500) });
  await addJob(console, { ...ran, createdAt: ago(300), state: "skipped", finishedAt: ago(300) });
  await addJob(console, { ...ran, createdAt: ago(200), state: "skipped", finishedAt: ago(200) });
});
afterAll(() => administration?.close());

const read = (actor: Parameters<typeof getSchedules>[1] = everywhere) =>
  getSchedules(administration.console, actor, kinds, now);

test("a schedule tells when in words, its last run apart from those it skipped, and the next in its time zone", async () => {
  const [eu, us, tidy] = await read();
  expect(eu).toMatchObject({
    name: "check-eu",
    title: "Check partitions",
    words: "every day at 03:15",
    timeZone: "Europe/Berlin",
    jitterSeconds: 60,
    last: { state: "failed", createdAt: ago(600) },
    lastSkipped: { state: "skipped", createdAt: ago(200) },
    skipped: 2,
  });
  expect(eu?.next.map((at) => at.toISOString())).toEqual([
    "2026-11-28T02:15:00.000Z",
    "2026-11-29T02:15:00.000Z",
    "2026-11-30T02:15:00.000Z",
    "2026-12-01T02:15:00.000Z",
    "2026-12-02T02:15:00.000Z",
  ]);
  expect(us).toMatchObject({ title: "gone.kind", words: null, last: null, skipped: 0 });
  expect(us?.next[0]?.toISOString()).toBe("2026-11-28T02:03:00.000Z");
  expect(tidy).toMatchObject({ enabled: false, next: [] });
});

test("a token limited to targets sees their schedules and changes none", async () => {
  const schedules = await read({ role: "admin", targets: ["us"] });
  expect(schedules.map(({ name, may }) => [name, may.allowed])).toEqual([["check-us", false]]);
});

test("an operator pauses and resumes by name, once each, on record; a viewer does not", async () => {
  const { console, succeed, codeOf, lastActivity } = administration;
  const [operator, viewer] = [await addActor(console, "operator"), await addActor(console, "viewer")];
  const name = "check-eu";
  expect(await codeOf(pauseSchedule, viewer, { name })).toBe("FORBIDDEN");
  expect(await succeed(pauseSchedule, operator, { name })).toEqual({ name, enabled: false });
  expect((await read())[0]).toMatchObject({ enabled: false, next: [] });
  expect(await lastActivity("schedule.pause")).toMatchObject({
    outcome: "success",
    object_type: "schedule",
    object_name: name,
    detail: { job: "partition.check" },
  });
  expect(await codeOf(pauseSchedule, operator, { name })).toBe("CONFLICT");
  expect(await succeed(resumeSchedule, operator, { name })).toEqual({ name, enabled: true });
  expect((await read())[0]?.next).toHaveLength(5);
  expect(await codeOf(resumeSchedule, operator, { name: "none" })).toBe("NOT_FOUND");
});
