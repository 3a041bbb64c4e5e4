import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openConsoleDb } from "../db/console-db.ts";
import { replaceEnv } from "../env.ts";
import { addUser, createConsole, password } from "../testing/people.ts";
import { ensureFirstAdmin } from "./first-admin.ts";
import { deviceCookie, knownDevice } from "./known-device.ts";
import { readSessionCookie, sessionCookieName } from "./session-cookie.ts";
import { sessionActor } from "./sessions.ts";
import { type SignInContext, signInWithPassword } from "./sign-in.ts";

let given: Awaited<ReturnType<typeof createConsole>>;
const clock = new Date("2026-11-02T09:00:00Z");
const secret = "s".repeat(40);
const waits: number[] = [];
let context: SignInContext;

beforeAll(async () => {
  replaceEnv({ NEXTAUTH_SECRET: secret });
  given = await createConsole();
  context = {
    console: given.console,
    auditTargets: ["audit"],
    now: () => clock,
    wait: async (ms) => {
      waits.push(ms);
    },
  };
});
afterAll(() => given.drop());

function attempt(email: string, guess: string, ip: string | null = null) {
  return signInWithPassword(context, { email, password: guess, ip, userAgent: "test" });
}
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => "signed in",
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

test("the right password opens a session, whatever the case of the address, and is recorded", async () => {
  const user = await addUser(given.console, "operator");
  const { sessionId, userId } = await attempt(` ${user.email.toUpperCase()} `, password, "192.0.2.7");
  expect(userId).toBe(user.id);
  const actor = await sessionActor(given.console.db, sessionId, null, clock);
  expect(actor).toMatchObject({ id: user.id, role: "operator", mustChangePassword: false });
  const [row] = await given.test.sql`
    select a.outcome, a.ip, o.target, o.payload from activity a join outbox o using (id)
    where a.action = 'sign-in.password' and a.actor_id = ${user.id}`;
  expect(row).toMatchObject({ outcome: "success", ip: "192.0.2.7", target: "audit" });
  expect(JSON.stringify(row?.payload)).not.toContain(user.email);
});

test("an unknown account, a wrong password, a disabled account and one without a password sound the same", async () => {
  const [user, disabled, oidcOnly] = await Promise.all([
    addUser(given.console, "viewer"),
    addUser(given.console, "viewer", { disabledAt: new Date() }),
    addUser(given.console, "viewer", { passwordHash: null }),
  ]);
  const answers = await Promise.all([
    failure(attempt("nobody@example.test", password)),
    failure(attempt(user.email, "not this one at all")),
    failure(attempt(disabled.email, password)),
    failure(attempt(oidcOnly.email, password)),
  ]);
  expect(new Set(answers)).toEqual(new Set(["UNAUTHENTICATED: E-mail or password is wrong."]));
});

/** The counts of this quarter hour are over. */
const quarterHourLater = () => given.test.sql`update sign_in_guesses set expire = now()`;
const kinds = (answers: string[]) =>
  Object.fromEntries(
    [...Map.groupBy(answers, (answer) => answer.split(":")[0])].map(([kind, some]) => [kind, some.length]),
  );

test("an account has five guesses in a quarter hour, then none, even for the right password; unknown accounts too", async () => {
  const user = await addUser(given.console, "viewer");
  for (const email of [user.email, "ghost@example.test"]) {
    waits.length = 0;
    for (let i = 0; i < 5; i += 1) {
      expect(await failure(attempt(email, "a wrong guess"))).toMatch(/^UNAUTHENTICATED/);
    }
    expect(waits).toEqual([0, 250, 500, 1_000, 2_000]);
    expect(await failure(attempt(email, password))).toMatch(/^RATE_LIMITED: .*15 minutes/);
  }
  const entries = await given.test.sql`
    select action, count(*)::int as count from activity where object_id = ${user.id} group by action order by action`;
  expect([...entries]).toEqual([
    { action: "sign-in.lock-out", count: 1 },
    { action: "sign-in.password", count: 4 },
  ]);
  await quarterHourLater();
  expect(await failure(attempt(user.email, password))).toBe("signed in");
});

test("a right password counts for nobody: neither does it use up guesses nor give any back", async () => {
  const user = await addUser(given.console, "viewer");
  for (let i = 0; i < 4; i += 1) await failure(attempt(user.email, "guess", "203.0.113.20"));
  for (let i = 0; i < 3; i += 1)
    expect(await failure(attempt(user.email, password, "203.0.113.20"))).toBe("signed in");
  expect(await failure(attempt(user.email, "guess", "203.0.113.20"))).toMatch(/^UNAUTHENTICATED/);
  expect(await failure(attempt(user.email, password, "203.0.113.20"))).toMatch(/^RATE_LIMITED/);
});

test("five wrong names from one address lock nobody else behind it out", async () => {
  const user = await addUser(given.console, "viewer");
  for (let i = 0; i < 5; i += 1) await failure(attempt(`typo-${i}@example.test`, "guess", "203.0.113.5"));
  expect(await failure(attempt(user.email, password, "203.0.113.5"))).toBe("signed in");
});

test("an address that tries many accounts is locked out after fifty; its /64 is one address, others are not", async () => {
  const user = await addUser(given.console, "viewer");
  const tries = Array.from({ length: 55 }, (_, i) =>
    failure(attempt(`spray-${i}@example.test`, "guess", `2001:db8:0:7::${i + 1}`)),
  );
  expect(kinds(await Promise.all(tries))).toEqual({ UNAUTHENTICATED: 50, RATE_LIMITED: 5 });
  expect(await failure(attempt(user.email, password, "2001:db8:0:7:ffff::1"))).toMatch(/^RATE_LIMITED/);
  expect(await failure(attempt(user.email, password, "2001:db8:0:8::1"))).toBe("signed in");
});

test("of 45 guesses at once five are verified, in two processes too", async () => {
  const user = await addUser(given.console, "viewer");
  const other = openConsoleDb(given.test.url, { max: 4 });
  const answers = await Promise.all(
    Array.from({ length: 45 }, (_, i) =>
      failure(
        signInWithPassword(i % 2 ? context : { ...context, console: other }, {
          email: user.email,
          password: `guess ${i}`,
          ip: `203.0.113.${100 + i}`,
          userAgent: null,
        }),
      ),
    ),
  );
  await other.close();
  expect(kinds(answers)).toEqual({ UNAUTHENTICATED: 5, RATE_LIMITED: 40 });
  const entries = await given.test.sql`
    select action, count(*)::int as count from activity where object_id = ${user.id} group by action order by action`;
  expect([...entries]).toEqual([
    { action: "sign-in.lock-out", count: 1 },
    { action: "sign-in.password", count: 4 },
  ]);
});

describe("a browser that signed in before", () => {
  const browserOf = async (userId: string) => {
    const [name = "", value = ""] = (await deviceCookie(userId)).split(";")[0]?.split(/=(.*)/s) ?? [];
    return [{ name, value }];
  };
  const from = (email: string, guess: string, cookies: { name: string; value: string }[]) =>
    failure(
      signInWithPassword(context, { email, password: guess, ip: "203.0.113.60", userAgent: null, cookies }),
    );

  test("gets its owner in while strangers hammer the account and the address", async () => {
    const user = await addUser(given.console, "viewer");
    const cookies = await browserOf(user.id);
    const strangers = Array.from({ length: 60 }, (_, i) =>
      failure(attempt(i % 2 ? user.email : `x${i}@example.test`, "guess", "203.0.113.60")),
    );
    const mine = from(user.email, password, cookies);
    await Promise.all(strangers);
    expect(await mine).toBe("signed in");
    expect(await failure(attempt(user.email, password, "203.0.113.60"))).toMatch(/^RATE_LIMITED/);
    expect(await from(user.email, password, cookies)).toBe("signed in");
  });

  test("has ten guesses of its own, which lock no other browser out", async () => {
    const user = await addUser(given.console, "viewer");
    const [stolen, own] = [await browserOf(user.id), await browserOf(user.id)];
    await quarterHourLater();
    const guesses = await Promise.all(Array.from({ length: 12 }, () => from(user.email, "guess", stolen)));
    expect(kinds(guesses)).toEqual({ UNAUTHENTICATED: 10, RATE_LIMITED: 2 });
    expect(await from(user.email, password, own)).toBe("signed in");
    expect(await failure(attempt(user.email, password))).toBe("signed in");
  });

  test("is known for its own account only, and only under this secret", async () => {
    const [user, other] = [await addUser(given.console, "viewer"), await addUser(given.console, "viewer")];
    const [cookie] = await browserOf(user.id);
    if (!cookie) throw new Error("no cookie");
    expect(await knownDevice([cookie], user.id)).toMatch(/^[0-9a-f-]{36}$/);
    const [foreign] = await browserOf(other.id);
    // Another account's name on this one's token.
    expect(await knownDevice([{ ...cookie, name: foreign?.name ?? "" }], other.id)).toBeNull();
    expect(await knownDevice([{ ...cookie, value: cookie.value.slice(0, -2) }], user.id)).toBeNull();
    const session = await encode({ token: { sub: user.id, sid: "s" }, secret });
    expect(await knownDevice([{ ...cookie, value: session }], user.id)).toBeNull();
    expect(await readSessionCookie([{ name: sessionCookieName(), value: cookie.value }])).toBeNull();
    replaceEnv({ NEXTAUTH_SECRET: "y".repeat(40) });
    expect(await knownDevice([cookie], user.id)).toBeNull();
    replaceEnv({ NEXTAUTH_SECRET: secret });
  });

  test("carries a cookie that scripts and other sites do not see and that names nobody", async () => {
    const user = await addUser(given.console, "viewer");
    const line = await deviceCookie(user.id);
    expect(line).toMatch(
      /^audit-db-device-[0-9a-f]{16}=[\w.-]+; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Strict$/,
    );
    expect(line).not.toContain(user.id);
    replaceEnv({ NEXTAUTH_SECRET: secret, NEXTAUTH_URL: "https://console.example" });
    expect(await deviceCookie(user.id)).toMatch(/^__Host-audit-db-device-[0-9a-f]{16}=.*; Secure$/);
    replaceEnv({ NEXTAUTH_SECRET: secret });
  });
});

test("sessions end by revocation, idleness, age and disabling", async () => {
  const user = await addUser(given.console, "viewer");
  const valid = async (id: string, at = clock) =>
    (await sessionActor(given.console.db, id, null, at)) !== null;
  const open = async () => (await attempt(user.email, password)).sessionId;

  const revoked = await open();
  expect(await valid(revoked)).toBe(true);
  await given.test.sql`update sessions set revoked_at = now() where id = ${revoked}`;
  expect(await valid(revoked)).toBe(false);

  const idle = await open();
  expect(await valid(idle, new Date(clock.getTime() + 25 * 3_600_000))).toBe(false);

  const busy = await open();
  for (let hours = 20; hours < 168; hours += 20) {
    expect(await valid(busy, new Date(clock.getTime() + hours * 3_600_000))).toBe(true);
  }
  expect(await valid(busy, new Date(clock.getTime() + 169 * 3_600_000))).toBe(false);

  const other = await open();
  await given.test.sql`update users set disabled_at = now() where id = ${user.id}`;
  expect(await valid(other)).toBe(false);
});

test("the first administrator is made once, by however many processes, and must change the one-time password", async () => {
  const fresh = await createConsole();
  const made = await Promise.all(
    Array.from({ length: 4 }, () => ensureFirstAdmin({ email: "Admin@localhost" }, fresh.console)),
  );
  const winner = made.filter((one) => one.created);
  expect(winner).toHaveLength(1);
  const first = winner[0];
  expect(first?.oneTimePassword).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
  const signedIn = await signInWithPassword(
    { console: fresh.console, auditTargets: [] },
    { email: "admin@localhost", password: first?.oneTimePassword ?? "", ip: null, userAgent: null },
  );
  const actor = await sessionActor(fresh.console.db, signedIn.sessionId, null);
  expect(actor).toMatchObject({ role: "admin", mustChangePassword: true, email: "admin@localhost" });
  await fresh.drop();
});

test("a given first password is kept and need not be changed; a weak one is refused", async () => {
  const fresh = await createConsole();
  await expect(
    ensureFirstAdmin({ email: "admin@localhost", password: "admin-12345678" }, fresh.console),
  ).rejects.toMatchObject({ code: "BAD_INPUT" });
  const made = await ensureFirstAdmin({ email: "admin@localhost", password }, fresh.console);
  expect(made).toEqual({ created: true, email: "admin@localhost" });
  const [row] = await fresh.test.sql`select must_change_password as must from users`;
  expect(row?.must).toBe(false);
  await fresh.drop();
});
