import { afterAll, beforeAll, expect, test } from "vitest";
import { addUser, createConsole, password } from "../testing/people.ts";
import { ensureFirstAdmin } from "./first-admin.ts";
import { sessionActor } from "./sessions.ts";
import { type SignInContext, signInWithPassword } from "./sign-in.ts";

let given: Awaited<ReturnType<typeof createConsole>>;
let clock = new Date("2026-11-02T09:00:00Z");
const waits: number[] = [];
let context: SignInContext;

beforeAll(async () => {
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

test("the fifth failure locks the account for 15 minutes, even for the right password; unknown accounts too", async () => {
  const user = await addUser(given.console, "viewer");
  for (const email of [user.email, "ghost@example.test"]) {
    waits.length = 0;
    for (let i = 0; i < 4; i += 1) {
      expect(await failure(attempt(email, "guess number one"))).toMatch(/^UNAUTHENTICATED/);
    }
    expect(await failure(attempt(email, "guess number five"))).toMatch(/^OVERLOADED: .*15 minutes/);
    expect(waits).toEqual([0, 250, 500, 1_000, 2_000]);
    expect(await failure(attempt(email, password))).toMatch(/^OVERLOADED: .*15 minutes/);
  }
  clock = new Date(clock.getTime() + 14 * 60_000);
  expect(await failure(attempt(user.email, password))).toMatch(/^OVERLOADED/);
  clock = new Date(clock.getTime() + 2 * 60_000);
  expect(await failure(attempt(user.email, password))).toBe("signed in");
});

test("after a lock and after a success counting starts anew", async () => {
  const user = await addUser(given.console, "viewer");
  for (let i = 0; i < 4; i += 1) await failure(attempt(user.email, "guess"));
  expect(await failure(attempt(user.email, password))).toBe("signed in");
  for (let i = 0; i < 4; i += 1) await failure(attempt(user.email, "guess"));
  expect(await failure(attempt(user.email, password))).toBe("signed in");
  for (let i = 0; i < 5; i += 1) await failure(attempt(user.email, "guess"));
  clock = new Date(clock.getTime() + 16 * 60_000);
  expect(await failure(attempt(user.email, "guess"))).toMatch(/^UNAUTHENTICATED/);
});

test("one address that tries many accounts is locked out; others are not", async () => {
  const user = await addUser(given.console, "viewer");
  for (let i = 0; i < 5; i += 1) await failure(attempt(`spray-${i}@example.test`, "guess", "203.0.113.5"));
  expect(await failure(attempt(user.email, password, "203.0.113.5"))).toMatch(/^OVERLOADED/);
  expect(await failure(attempt(user.email, password, "203.0.113.6"))).toBe("signed in");
});

test("twenty guesses at once get no more than five looks", async () => {
  const user = await addUser(given.console, "viewer");
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => failure(attempt(user.email, "parallel guess"))),
  );
  expect(answers.filter((answer) => answer.startsWith("UNAUTHENTICATED"))).toHaveLength(4);
  const [row] = await given.test.sql`
    select count(*)::int as count from activity where object_id = ${user.id} and outcome = 'refused'`;
  expect(row?.count).toBe(5);
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
