import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createUser } from "../accounts/create-user.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { runRead } from "../run-read.ts";
import { addActor, createConsole } from "../testing/people.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { type Actor, systemActor } from "./actor.ts";
import { forgetSessions, knownSessionActor, rememberedForMs } from "./remembered-sessions.ts";
import { revokeSessions } from "./sessions.ts";

let given: Awaited<ReturnType<typeof createConsole>>;
let away: ConsoleDb;
let admin: Actor;

beforeAll(async () => {
  given = await createConsole();
  // The same console after its server went away.
  away = openConsoleDb("postgres://nobody:none@127.0.0.1:1/none", { max: 1 });
  admin = await addActor(given.console, "admin");
});
afterAll(async () => {
  await away.close();
  await given.drop();
});
beforeEach(forgetSessions);

const read = (console: ConsoleDb, id = admin.sessionId ?? "") => knownSessionActor(console, id, "192.0.2.7");
const unavailable = { code: "UNAVAILABLE" };

test("a session is remembered as it was read last, for five minutes", async () => {
  await expect(read(away)).rejects.toMatchObject(unavailable);
  await read(given.console);
  expect(await read(away)).toEqual({ ...admin, ip: "192.0.2.7", remembered: true });
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    vi.setSystemTime(Date.now() + rememberedForMs - 5_000);
    expect(await read(away)).toMatchObject({ remembered: true });
    vi.setSystemTime(Date.now() + 6_000);
    await expect(read(away)).rejects.toMatchObject(unavailable);
  } finally {
    vi.useRealTimers();
  }
});

test("what ends a session or may change rights ends what is remembered", async () => {
  const other = await addActor(given.console, "viewer");
  await read(given.console);
  await read(given.console, other.sessionId ?? "");
  await given.console.db.transaction((tx) => revokeSessions(tx, other.id, new Date()));
  expect(await read(given.console, other.sessionId ?? "")).toBeNull();
  await expect(read(away, other.sessionId ?? "")).rejects.toMatchObject(unavailable);
  await read(away);
  const made = await runAdminAction(
    createUser,
    { console: given.console, actor: systemActor("test"), auditTargets: [] },
    { email: "somebody@example.test", name: "Somebody", role: "viewer" },
  );
  expect(made.ok).toBe(true);
  await expect(read(away)).rejects.toMatchObject(unavailable);
});

test("somebody remembered changes nothing and sees no rows of people, events or history", async () => {
  await read(given.console);
  const remembered = await read(away);
  const context = { console: given.console, actor: { ...admin, remembered: true }, auditTargets: [] };
  const input = { email: "nobody@example.test", name: "Nobody", role: "viewer" } as const;
  expect(await runAdminAction(createUser, { ...context, console: away }, input)).toMatchObject({
    ok: false,
    error: unavailable,
  });
  for (const name of ["users", "apiTokens", "sessions", "activity", "searchEvents", "event", "quarantine"])
    expect([name, await runRead(remembered, { name, target: "audit", input: {} })]).toMatchObject([
      name,
      { ok: false, error: unavailable },
    ]);
});
