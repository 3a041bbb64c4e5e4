import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "@/lib/admin";
import { getIncidents } from "@/lib/alerts/get-incidents";
import { systemActor } from "@/lib/auth/actor";
import { closeConsoleDb, consoleDb } from "@/lib/db/console-db";
import { replaceEnv } from "@/lib/env";
import { createDatabase, type TestDatabase } from "@/lib/testing/database";
import { evaluateFound, foundCheck } from "@/lib/testing/evaluate";
import { runAdminAction } from "@/lib/verbs/run-admin-action";
import { GET } from "./alerts/events/route";

let database: TestDatabase;
const context = () => ({ console: consoleDb(), actor: systemActor("test"), auditTargets: ["eu", "us"] });

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
  const nowhere = { database_url: "postgres://x@127.0.0.1:1/x" };
  replaceEnv({
    CONSOLE_DATABASE_URL: database.url,
    AUDIT_DATABASES: JSON.stringify({ eu: nowhere, us: nowhere }),
    NEXTAUTH_SECRET: "x".repeat(40),
    LOG_LEVEL: "silent",
  });
});
afterAll(async () => {
  await closeConsoleDb();
  await database?.drop();
});

async function makeToken(name: string, targets?: string[]) {
  const made = await runAdminAction(adminActions.createToken, context(), { name, scopes: ["read"], targets });
  if (!made.ok) throw new Error(made.error.message);
  return made.data;
}
const ask = (token: string, headers: Record<string, string> = {}, query = "") =>
  GET(
    new Request(`http://console/api/v1/alerts/events${query}`, {
      headers: { ...headers, authorization: `Bearer ${token}` },
    }),
  );

interface Told {
  event: string;
  id?: string;
  data: { kind?: string; by?: string | null; incident?: { target: string; state: string; number: number } };
}

/** Events of a stream one by one; leaving it cancels the stream. */
async function* read({ body }: Response): AsyncGenerator<Told> {
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
let second = 0;
const found = (target: string, name: string) =>
  evaluateFound(database.sql, target, [
    {
      check: foundCheck("connections.idle"),
      at: new Date(Date.now() - 3_600_000 + 1_000 * second++),
      objects: [[name, "warning"]],
    },
  ]);
const next = async (told: AsyncGenerator<Told>): Promise<Told> => {
  const { value } = await told.next();
  if (!value) throw new Error("the stream has ended");
  return value;
};

test("a stream tells what happens from now on, of the targets a token may see, and goes on behind its place", async () => {
  await found("eu", "before");
  const [all, limited] = await Promise.all([makeToken("all"), makeToken("limited", ["us"])]);
  const streams = [read(await ask(all.secret)), read(await ask(limited.secret))] as const;
  const [first] = await Promise.all(streams.map(next));
  expect(first).toMatchObject({ event: "beat", id: expect.stringMatching(/^\d+$/) });
  await found("eu", "a");
  await found("us", "b");
  expect([await next(streams[0]), await next(streams[0]), await next(streams[0])]).toMatchObject([
    { event: "incident", data: { kind: "object_joined", by: null, incident: { target: "eu", number: 1 } } },
    { event: "incident", data: { kind: "object_left", incident: { target: "eu" } } },
    { event: "incident", data: { kind: "opened", incident: { target: "us", number: 2, state: "open" } } },
  ]);
  expect(await next(streams[1])).toMatchObject({ data: { kind: "opened", incident: { target: "us" } } });
  await Promise.all(streams.map((stream) => stream.return(undefined)));

  const { incidents } = await getIncidents(
    database.sql,
    new Map(),
    {
      targets: ["us"],
      order: "newest",
      limit: 1,
      offset: 0,
    },
    new Map(),
  );
  const acknowledged = await runAdminAction(adminActions.acknowledgeIncident, context(), {
    target: "us",
    incident: incidents[0]?.id,
  });
  expect(acknowledged.ok).toBe(true);
  // Nothing behind the place is lost; what was told lately may come again.
  const resumed = read(await ask(all.secret, { "last-event-id": first?.id ?? "" }));
  const kinds: (string | undefined)[] = [];
  for await (const { event, data } of resumed) {
    if (event === "incident") kinds.push(data.kind);
    if (data.kind === "acknowledged") {
      expect(data).toMatchObject({ by: "test", incident: { state: "acknowledged", number: 2 } });
      break;
    }
  }
  expect(kinds.slice(-4)).toEqual(["object_joined", "object_left", "opened", "acknowledged"]);
});

test("one that is revoked is told so; a target a token may not see is refused; no more than eight of one", async () => {
  const { id, secret } = await makeToken("eight", ["us"]);
  expect((await ask(secret, {}, "?target=eu")).status).toBe(403);
  expect((await ask(secret, {}, "?after=x")).status).toBe(400);
  const open = await Promise.all(Array.from({ length: 8 }, () => ask(secret)));
  expect(open.map(({ status }) => status)).toEqual(Array(8).fill(200));
  const refused = await ask(secret);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "10"]);
  await runAdminAction(adminActions.revokeToken, context(), { tokenId: id });
  const [told] = await Promise.all(open.map((response) => Array.fromAsync(read(response))));
  expect(told?.at(-1)).toMatchObject({ event: "refused", data: { code: "UNAUTHENTICATED" } });
});
