import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { connect } from "../audit-db/connect.ts";
import { type HoldWorld, startHoldWorld } from "../testing/hold-world.ts";
import { findHolds } from "./find-holds.ts";
import type { HoldScope } from "./hold-scope.ts";
import type { Destruction } from "./types.ts";

interface Event {
  id: string;
  occurredAt: string;
  organizationId: string;
  action: string;
  retentionPolicy: string;
  actorToken: string | null;
  targetToken: string | null;
}

const hour = 3_600_000;
/** The first of this month: its partitions and the ones after are there. */
const start = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth(), 1);
const at = (hours: number, ms = 0) => new Date(start + hours * hour + ms).toISOString();
const policies = ["standard", "phi", "minimal", "unheard_of"];
const organizations = ["o1", "o2", "o3"];
const actions = ["invoice.read", "invoice.write", "account.read", "invoice*"];
const people: Record<string, string[]> = { anna: ["t1", "t2"], ben: ["t3"], cleo: ["t4"] };
/** `t5` stands in events, and the vault knows it no more. */
const tokens = ["t1", "t2", "t3", "t4", "t5"];
const subjectOf = (token: string) => Object.keys(people).find((name) => people[name]?.includes(token));

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const some = (values: readonly string[]) => fc.uniqueArray(pick(values), { minLength: 1, maxLength: 2 });
const criteria = {
  targets: some(["audit", "other"]),
  policies: some(policies),
  organizations: some(organizations),
  actions: some([...actions, "invoice.*", "*"]),
  from: fc.integer({ min: 0, max: 480 }).map((hours) => at(hours)),
  to: fc.integer({ min: 0, max: 480 }).map((hours) => at(hours, 1)),
};
/** A few criteria each: what must meet them all is met by few. */
const scopes: fc.Arbitrary<HoldScope> = fc
  .tuple(fc.record(criteria), fc.subarray(Object.keys(criteria), { maxLength: 3 }))
  .map(
    ([all, kept]): HoldScope =>
      Object.fromEntries(Object.entries(all).filter(([name]) => kept.includes(name))),
  )
  .filter(({ from, to }) => !from || !to || from < to);

/** The rule in words of its own: whether an event that is destroyed meets a hold. */
function meets({ scope, person }: { scope: HoldScope; person: string | null }, event: Event): boolean {
  const { targets, policies: of, organizations: orgs, actions: acts, from, to } = scope;
  const named = (action: string) =>
    action.endsWith("*") ? event.action.startsWith(action.slice(0, -1)) : action === event.action;
  return (
    (!targets || targets.includes("audit")) &&
    (!of || of.includes(event.retentionPolicy)) &&
    (!orgs || orgs.includes(event.organizationId)) &&
    (!acts || acts.some(named)) &&
    (!from || Date.parse(event.occurredAt) >= Date.parse(from)) &&
    (!to || Date.parse(event.occurredAt) < Date.parse(to)) &&
    (person === null ||
      [event.actorToken, event.targetToken].some((t) => t !== null && subjectOf(t) === person))
  );
}

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: HoldWorld;
  let events: Event[];
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    world = await startHoldWorld(server);
    for (const [name, own] of Object.entries(people))
      for (const token of own) ids[name] = await world.addToken(name, token);
    const one = <T>(values: readonly T[], n: number): T => values[n % values.length] as T;
    events = Array.from({ length: 90 }, (_, n) => ({
      id: uuidV7(start + n),
      // To the hour, where bounds lie, with microseconds behind some.
      occurredAt: n % 3 === 0 ? at((n * 7) % 480) : at((n * 7) % 480).replace("Z", "400Z"),
      organizationId: one(organizations, Math.floor(n / 2)),
      action: one(actions, Math.floor(n / 3)),
      retentionPolicy: one(policies, Math.floor(n / 5)),
      actorToken: one([...tokens, null], n),
      targetToken: one([null, null, ...tokens], n * 3),
    }));
    await world.audit.append(events.map((event) => ({ ...event, status: "success" as const })));
    const [stored] = await world.database.sql`
      select (select count(*)::int from audit_log) as log, (select count(*)::int from audit_quarantine) as quarantine`;
    expect(stored).toEqual({ log: 70, quarantine: 20 });
  });
  afterAll(() => world.close());

  test("a destruction is held by exactly the holds that one of its rows meets, as far as rows decide", async () => {
    let heldOnes = 0;
    const single = fc.record({ events: fc.uniqueArray(fc.nat(89), { minLength: 1, maxLength: 3 }) });
    const key = fc.record({ own: some(tokens), policy: pick([...policies, "?"]) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ scope: scopes, person: fc.option(pick(Object.keys(people))) }), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.oneof(single, key),
        async (holds, what) => {
          const byId = new Map<string, (typeof holds)[number]>();
          for (const hold of holds)
            byId.set(
              await world.addHold({
                scope: hold.scope,
                subject: hold.person === null ? null : (ids[hold.person] ?? ""),
              }),
              hold,
            );
          const { destruction, rows } = toDestruction(what, events);
          const found = await findHolds(world.gate, world.administration.console.db, [destruction]);
          await world.administration.sql`truncate legal_hold`;
          const held = new Set(found.holds.map(({ id }) => id));
          heldOnes += held.size;
          for (const [id, hold] of byId) {
            const { organizations: orgs, actions: acts, from, to, policies: of } = hold.scope;
            const { person } = hold;
            const theirs = person === null || destruction.tokens.some((token) => subjectOf(token) === person);
            const byRows = orgs || acts || from || to || (of && destruction.policy === "?") || !theirs;
            // What no row has to decide is held before there is a row, and where rows were moved away.
            const expected = byRows ? rows.some((row) => meets(hold, row)) : known(hold, destruction);
            expect([hold, destruction, held.has(id)]).toEqual([hold, destruction, expected]);
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(heldOnes).toBeGreaterThan(30);
  });

  test("people who are restricted are held without a hold, and nobody else is", async () => {
    const { sql, console } = world.administration;
    await sql`update vault.subject set restricted_at = now() where id = ${ids.ben ?? ""}`;
    const ask = (own: string[]) =>
      findHolds(world.gate, console.db, [{ target: "audit", policy: "standard", tokens: own }]);
    expect(await ask(["t3"])).toEqual({ holds: [], restricted: true });
    expect(await ask(["t1", "t5"])).toEqual({ holds: [], restricted: false });
    await sql`update vault.subject set restricted_at = null`;
  });

  test("a target that cannot be asked keeps everything: the error says which hold needed it", async () => {
    const { console, sql } = world.administration;
    const id = await world.addHold({ scope: { organizations: ["o1"] } });
    const [hold] = await sql`select number::int from legal_hold where id = ${id}`;
    const destruction = { target: "audit", policy: "standard", tokens: ["t1"] };
    const unread = connect({ target: "audit", urls: { watch: world.urls.watch }, logger: quiet });
    for (const openTarget of [() => unread, () => undefined])
      await expect(findHolds({ openTarget }, console.db, [destruction])).rejects.toMatchObject({
        code: "UNAVAILABLE",
        untouched: true,
        message: expect.stringContaining(
          `whether hold #${hold?.number} covers it could not be asked of audit`,
        ),
      });
    await unread.close();
    // What is known without the target is held all the same, and asks nothing.
    expect(
      await findHolds({ openTarget: () => undefined }, console.db, [
        { ...destruction, target: "audit" },
      ]).catch(() => "asked"),
    ).toBe("asked");
    await sql`update legal_hold set scope = '{}'`;
    expect(await findHolds({ openTarget: () => undefined }, console.db, [destruction])).toMatchObject({
      holds: [{ id }],
    });
    await sql`truncate legal_hold`;
  });

  test("only partitions of the policy and the time are looked into, each token by an index", async () => {
    const { database } = world;
    await database.sql`analyze audit_log`;
    const seen = await world.audit.use("read", "test.explain", async (sql) => {
      const { holdRows } = await import("./ask-target.ts");
      await sql`set enable_seqscan = off`;
      const question = {
        tokens: ["t1", "t2"],
        people: null,
        policies: ["standard"],
        events: undefined,
        organizations: ["o1"],
        actions: null,
        from: new Date(start),
        to: new Date(start + 24 * hour),
      };
      const plan = await sql<{ "QUERY PLAN": string }[]>`
        explain ${holdRows(sql, "public.audit_log", question)}`;
      await sql`reset enable_seqscan`;
      return plan.map((row) => row["QUERY PLAN"]).join("\n");
    });
    const month = at(0).slice(0, 7).replace("-", "_");
    expect(new Set(seen.match(/audit_log_(standard|phi|minimal|confidential)_\d{4}_\d\d\b(?!_)/g))).toEqual(
      new Set([`audit_log_standard_${month}`]),
    );
    expect(seen).toContain("actor_token");
    expect(seen).not.toContain("Seq Scan");
  });
});

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

function toDestruction(
  what: { events: number[] } | { own: string[]; policy: string },
  all: readonly Event[],
): { destruction: Destruction; rows: Event[] } {
  if ("events" in what) {
    const rows = what.events.map((n) => all[n] as Event);
    const own = rows
      .flatMap(({ actorToken, targetToken }) => [actorToken, targetToken])
      .filter((t) => t !== null);
    const events = rows.map(({ id, occurredAt }) => ({ id, occurredAt }));
    // Events of one call may have several policies.
    const destruction = { target: "audit", policy: "?", tokens: own, events };
    return { destruction, rows };
  }
  const { own, policy } = what;
  const rows = all.filter(
    ({ actorToken, targetToken, retentionPolicy }) =>
      (policy === "?" || retentionPolicy === policy) &&
      [actorToken, targetToken].some((token) => token !== null && own.includes(token)),
  );
  return { destruction: { target: "audit", policy, tokens: own }, rows };
}

/** What is decided without a row. */
function known({ scope }: { scope: HoldScope }, { policy }: Destruction): boolean {
  return (
    (!scope.targets || scope.targets.includes("audit")) &&
    (!scope.policies || scope.policies.includes(policy))
  );
}
