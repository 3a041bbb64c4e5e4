import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "@/lib/admin";
import { systemActor } from "@/lib/auth/actor";
import { closeConsoleDb, consoleDb } from "@/lib/db/console-db";
import { replaceEnv } from "@/lib/env";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { createDatabase, type TestDatabase } from "@/lib/testing/database";
import { addJob, countingJob, startCounting } from "@/lib/testing/jobs";
import { runAdminAction } from "@/lib/verbs/run-admin-action";
import { GET } from "./jobs/[id]/events/route";

let database: TestDatabase;
let worker: { stop(): Promise<void> };
const actor = systemActor("test");

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
  replaceEnv({ CONSOLE_DATABASE_URL: database.url, NEXTAUTH_SECRET: "x".repeat(40), LOG_LEVEL: "silent" });
  worker = startCounting(consoleDb(), database.url);
});
afterAll(async () => {
  await worker?.stop();
  await closeConsoleDb();
  await database?.drop();
});

async function makeToken(name: string, targets?: string[]) {
  const made = await runAdminAction(
    adminActions.createToken,
    { console: consoleDb(), actor, auditTargets: [] },
    { name, scopes: ["read"], targets },
  );
  if (!made.ok) throw new Error(made.error.message);
  return made.data;
}
const enqueue = (input: { to: number; everyMs?: number }) =>
  consoleDb().db.transaction((tx) => enqueueJob({ tx, actor, now: new Date() }, countingJob, input));

function ask(id: string, token: string | null, headers: Record<string, string> = {}) {
  const request = new Request(`http://console/api/v1/jobs/${id}/events`, {
    headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
  });
  return GET(request, { params: Promise.resolve({ id }) });
}

/** Reads events until the stream ends, or until `enough`; leaving it cancels the stream. */
async function* read({ body }: Response): AsyncGenerator<{ event: string; id?: string; data: unknown }> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s)));
      if (fields.event) yield { event: fields.event, id: fields.id, data: JSON.parse(fields.data) };
    }
  }
}
const counted = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `counted ${from + n}`);

test("a stream tells every line under its number and each change of the job, and ends with it", async () => {
  const { secret } = await makeToken("reader");
  const { id } = await enqueue({ to: 40, everyMs: 30 });
  const response = await ask(id, secret);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  const events = await Array.fromAsync(read(response));
  expect(
    events.filter(({ event }) => event === "log").map(({ data }) => (data as { message: string }).message),
  ).toEqual(counted(1, 40));
  const states = events
    .filter(({ event }) => event === "job")
    .map(({ data }) => (data as { state: string }).state);
  expect(states).toContain("running");
  expect(states.at(-1)).toBe("done");
  expect(events.at(-1)).toMatchObject({ event: "end" });
});

test("with Last-Event-ID it goes on behind that line", async () => {
  const { secret } = await makeToken("resumer");
  const { id } = await enqueue({ to: 30, everyMs: 30 });
  const lines: string[] = [];
  let last = "";
  for await (const { event, id: seq, data } of read(await ask(id, secret))) {
    if (event !== "log") continue;
    lines.push((data as { message: string }).message);
    last = seq ?? "";
    if (lines.length === 5) break;
  }
  for await (const { event, data } of read(await ask(id, secret, { "last-event-id": last })))
    if (event === "log") lines.push((data as { message: string }).message);
  expect(lines).toEqual(counted(1, 30));
});

test("strangers, unknown jobs and tokens of other targets are answered with a problem, not a stream", async () => {
  const [all, other, same] = [
    await makeToken("all"),
    await makeToken("other", ["us"]),
    await makeToken("same", ["eu"]),
  ];
  const ofEu = await addJob(consoleDb(), {
    name: "x.y",
    target: "eu",
    state: "done",
    finishedAt: new Date(),
  });
  const own = await addJob(consoleDb(), { name: "x.y", state: "done", finishedAt: new Date() });
  const statusOf = async (id: string, token: string | null) => {
    const response = await ask(id, token);
    await response.body?.cancel();
    return [response.status, response.headers.get("content-type")?.split(";")[0]];
  };
  const problem = "application/problem+json";
  expect(await statusOf(ofEu, null)).toEqual([401, problem]);
  expect(await statusOf(ofEu, other.secret)).toEqual([404, problem]);
  expect(await statusOf(own, same.secret)).toEqual([404, problem]);
  expect(await statusOf("01939d0a-0000-7000-8000-000000000001", all.secret)).toEqual([404, problem]);
  expect(await statusOf("nonsense", all.secret)).toEqual([400, problem]);
  expect(await statusOf(ofEu, same.secret)).toEqual([200, "text/event-stream"]);
});

test("a token that is revoked meanwhile hears that it is refused, and nothing more", async () => {
  const token = await makeToken("short-lived");
  const { id } = await enqueue({ to: 10_000, everyMs: 50 });
  const events: { event: string; data: unknown }[] = [];
  for await (const event of read(await ask(id, token.secret))) {
    events.push(event);
    if (events.length === 1)
      await runAdminAction(
        adminActions.revokeToken,
        { console: consoleDb(), actor, auditTargets: [] },
        { tokenId: token.id },
      );
  }
  expect(events.at(-1)).toMatchObject({ event: "refused", data: { code: "UNAUTHENTICATED" } });
  await consoleDb().sql`update job set cancel_requested_at = now() where id = ${id}`;
});

test("one token has eight streams at a time; one that is left makes room", async () => {
  const { secret } = await makeToken("many");
  const id = await addJob(consoleDb(), { name: "x.y" });
  const open = await Promise.all(Array.from({ length: 8 }, () => ask(id, secret)));
  expect(open.map(({ status }) => status)).toEqual(Array(8).fill(200));
  const ninth = await ask(id, secret);
  expect([ninth.status, ninth.headers.get("retry-after")]).toEqual([429, "10"]);
  await open[0]?.body?.cancel();
  const next = await ask(id, secret);
  expect(next.status).toBe(200);
  for (const response of [...open.slice(1), next]) await response.body?.cancel();
});

// Last: no stream stays open in this process afterwards.
test("a process that is asked to end ends its streams, which its server waits for", async () => {
  const { secret } = await makeToken("ending");
  const id = await addJob(consoleDb(), { name: "x.y" });
  const told: string[] = [];
  for await (const { event } of read(await ask(id, secret))) {
    told.push(event);
    process.emit("SIGTERM");
  }
  expect(told).toEqual(["job"]);
});
