import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { dayMs } from "../../testing/privacy-world.ts";
import { type RequestWorld, startRequestWorld } from "../../testing/request-world.ts";
import { getCertificates } from "../certificate/get-certificates.ts";

const { executeRequest, placeHold, releaseHold, writeLetter } = adminActions;
const reason = "letter of the court";

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: RequestWorld;
  beforeAll(async () => {
    world = await startRequestWorld(server);
  });
  afterAll(() => world?.close());

  test("what may go goes, what a floor keeps is listed with its day, and the certificate says both", async () => {
    const person = "ada of two targets";
    const eu = await world.append("eu", person, "minimal", 200);
    const us = await world.append("us", person, "minimal", 200);
    const kept = await world.append("eu", person, "standard", 200);
    const { number } = await world.decided(person, {
      "eu minimal": "grant",
      "us minimal": "grant",
      "eu standard": "grant",
    });
    const row = await world.executed(number);
    expect(await world.erasuresOf(number)).toEqual([
      "eu minimal destroyed",
      "eu standard kept",
      "us minimal destroyed",
    ]);
    expect(await world.reveal("eu", eu)).toEqual({ state: "erased" });
    expect(await world.reveal("us", us)).toEqual({ state: "erased" });
    expect(await world.reveal("eu", kept)).toMatchObject({ state: "readable" });
    expect(row).toMatchObject({ problem: null, executedBy: world.officer.id });

    const lines = await world.timeline(number);
    expect(lines.filter(({ kind }) => kind === "erasure").map(({ facts }) => facts.step)).toEqual([
      "asked",
      "destroyed",
      "destroyed",
    ]);
    const done = lines.find(({ facts }) => facts.command === "finish_execution");
    expect(done?.facts).toMatchObject({
      destroyed: 2,
      remains: [{ target: "eu", policy: "standard", what: "key", ground: "floor", holds: [] }],
    });

    const letter = await world.succeed(writeLetter, { request: number, form: "html" });
    const words = Buffer.from(letter.content, "base64").toString();
    for (const said of ["minimal (eu): erased on ", "minimal (us): erased on ", "standard (eu), until "])
      expect(words).toContain(said);
    expect(words).toContain("Art. 17(3)(b) GDPR");

    await world.closed(number);
    const [certificate, ...more] = await world.certificates(number);
    expect(more).toEqual([]);
    expect(certificate).toMatchObject({ problems: [], receipts: { verified: 2, unknownKey: 0 } });
    expect(certificate?.statement).toMatchObject({
      n: 1,
      of: null,
      request: { number, kind: "erasure", article: "17", state: "closed" },
      law: [{ law: "Art. 17 GDPR" }, { law: expect.stringContaining("17(3)") }],
      erased: [
        { target: "eu", policy: "minimal", events: 1 },
        { target: "us", policy: "minimal", events: 1 },
      ],
      remains: [{ policy: "standard", ground: "floor", until: expect.any(String) }],
      backups: { rotationDays: 30 },
    });
    const { timeline, erased = [], backups } = certificate?.statement ?? {};
    // By when the change of master keys reaches the copies that hold the last of them.
    const newest = Math.max(...erased.map(({ destroyedAt }) => Date.parse(destroyedAt)));
    expect(Date.parse(backups?.reachedBy ?? "")).toBe(newest + 30 * dayMs);
    // People stand in it by role and token, the product by neither.
    expect(timeline?.find(({ to }) => to === "executing")).toMatchObject({
      ...{ role: "privacy_officer", by: expect.stringMatching(/^console_[0-9a-f]{32}$/) },
    });
    expect(timeline?.find(({ facts }) => facts.step === "destroyed" && facts.target === "eu")).toMatchObject({
      ...{ role: "system", by: null, facts: { target: "eu", policy: "minimal", entry: expect.any(Number) } },
    });
    const [leaf] = await world.databases.eu.sql`
      select encode(leaf, 'hex') as leaf from audit_log where id = ${eu.id}`;
    expect(certificate?.statement?.erased[0]?.leaves).toEqual([
      expect.stringMatching(new RegExp(`_${eu.id} ${leaf?.leaf}$`)),
    ]);
    const bundles = await getCertificates(world.console.db, number);
    expect(bundles[0]?.bundle).not.toContain(person);
    expect(bundles[0]?.bundle).not.toContain("@example.test");
    // What is kept waits for its day, and so does what the request says of the person.
    await world.keep();
    const dueAt = (await world.erasures()).find(
      ({ policy, state }) => policy === "standard" && state === "kept",
    )?.due_at;
    expect((await world.rowOf(number)).personalUntil?.getTime()).toBeGreaterThan(new Date(dueAt).getTime());
  });

  test("nobody begins it on an old count, without a proof of who they are, or without the phrase", async () => {
    const person = "begun too early";
    await world.append("eu", person, "minimal", 200);
    const { number } = await world.decided(person, { "eu minimal": "grant" });
    const refused = async (actor = world.officer, input: object = { request: number }) => {
      const answer = await world.run(executeRequest, input, actor);
      return answer.ok ? "ok" : answer.error.code;
    };
    expect(await refused(world.viewer)).toBe("FORBIDDEN");
    const proven = (ago: string) => world.sql`
      update sessions set reauthenticated_at = now() - ${ago}::interval where user_id = ${world.officer.id}`;
    await proven("6 minutes");
    expect(await refused()).toBe("REAUTHENTICATE");
    await proven("1 minute");
    expect(await refused(world.officer, { request: number, version: 1 })).toBe("CONFLICT");
    expect(await executeRequest.confirm?.({ tx: world.console.db } as never, { request: number })).toBe(
      `carry out #${number}`,
    );
    await world.append("eu", person, "minimal", 190);
    expect(await refused()).toBe("CONFLICT");
    expect((await world.rowOf(number)).state).toBe("approved");
  });

  test("all of it held waits for the end of the hold, and goes on by itself", async () => {
    const person = "held as a whole";
    const event = await world.append("eu", person, "minimal", 200);
    const hold = await world.succeed(placeHold, { name: "case", reason, person });
    const { number } = await world.decided(person, { "eu minimal": "grant" });
    const blocked = await world.executed(number, "blocked_by_hold");
    expect(blocked).toMatchObject({ problem: `Held by legal hold #${hold.number}.`, resumesAt: "executing" });
    await world.keep();
    expect((await world.rowOf(number)).state).toBe("blocked_by_hold");
    expect(await world.reveal("eu", event)).toMatchObject({ state: "readable" });
    const letter = await world.succeed(writeLetter, { request: number, form: "html" });
    const words = Buffer.from(letter.content, "base64").toString();
    for (const each of ["cannot be carried out yet", "minimal (eu): This part is kept", "Art. 17(3)(e) GDPR"])
      expect(words).toContain(each);
    await world.succeed(
      releaseHold,
      { hold: hold.number, version: hold.version, reason: "the case is closed" },
      world.second,
    );
    await world.keep();
    expect((await world.rowOf(number)).state).toBe("responding");
    expect(await world.reveal("eu", event)).toEqual({ state: "erased" });
    await world.closed(number);
    const [certificate] = await world.certificates(number);
    expect(certificate).toMatchObject({ problems: [], statement: { remains: [] } });
  });

  test("what a hold kept is destroyed once it is released, and a supplement says so", async () => {
    const person = "partly held";
    await world.append("eu", person, "minimal", 200);
    const held = await world.append("us", person, "minimal", 200);
    const hold = await world.succeed(placeHold, {
      name: "case of us",
      reason,
      person,
      scope: { targets: ["us"] },
    });
    const { number } = await world.decided(person, { "eu minimal": "grant", "us minimal": "grant" });
    await world.executed(number);
    await world.closed(number);
    const [before] = await world.certificates(number);
    expect(before?.statement).toMatchObject({
      erased: [{ target: "eu" }],
      remains: [{ target: "us", ground: "hold", holds: [hold.number], until: null }],
    });
    await world.succeed(
      releaseHold,
      { hold: hold.number, version: hold.version, reason: "the case is closed" },
      world.second,
    );
    await world.keep();
    expect(await world.reveal("us", held)).toEqual({ state: "erased" });
    const [certificate, supplement, ...more] = await world.certificates(number);
    expect(more).toEqual([]);
    expect(certificate?.sha256).toBe(before?.sha256);
    expect(supplement).toMatchObject({
      problems: [],
      statement: { n: 2, of: certificate?.sha256, erased: [{ target: "us", events: 1 }], remains: [] },
    });
    expect((await world.rowOf(number)).state).toBe("closed");
  });

  test.runIf(server === 18)(
    "a key from before policies is kept for the last of them, and the certificate says until when",
    async () => {
      const person = "from before policies";
      const old = await world.append("eu", person, "minimal", 200);
      const [key] = await world.sql`
        update vault.subject_key set target = null, policy = null
        where token = (select token from vault.subject_key where state = 'active' order by created_at desc limit 1)
        returning token`;
      const at = new Date(Date.now() - 100 * dayMs);
      await world.databases.eu.sql`
        insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
          data_classification, retention_policy, details, actor_token, leaf_version, leaf)
        values (${uuidV7(at.getTime())}, ${at}, now(), 'o', 'a', 'success', 1, 'INTERNAL', 'standard', '{}',
          ${key?.token}, 0, '')`;
      const { number } = await world.decided(person, { "eu minimal": "grant", "eu standard": "grant" });
      await world.executed(number);
      expect(await world.reveal("eu", old)).toEqual({ state: "erased" });
      await world.closed(number);
      const [certificate] = await world.certificates(number);
      const until = new Date(at.getTime() + 2_555 * dayMs).toISOString();
      const kept = { target: "eu", what: "key", ground: "floor", holds: [], until, events: null };
      expect(certificate).toMatchObject({
        problems: [],
        statement: {
          erased: [],
          remains: [
            { ...kept, policy: "minimal" },
            { ...kept, policy: "standard" },
          ],
        },
      });
    },
  );

  test("somebody who was erased before is answered with the receipts of then", async () => {
    const person = "erased twice";
    await world.append("eu", person, "minimal", 200);
    const first = await world.decided(person, { "eu minimal": "grant" });
    await world.executed(first.number);
    await world.closed(first.number);
    const again = await world.decided(person, {});
    await world.executed(again.number);
    const asked = (await world.timeline(again.number)).find(({ facts }) => facts.step === "asked");
    expect(asked?.facts).toMatchObject({
      keys: 0,
      earlier: first.number,
      receipts: [{ entry: expect.any(Number), target: "eu", policy: "minimal" }],
    });
    await world.closed(again.number);
    const [certificate] = await world.certificates(again.number);
    expect(certificate).toMatchObject({ problems: [], statement: { earlier: [first.number], erased: [] } });
    // The second destroyed nothing: a third is answered with the first as well.
    const third = await world.decided(person, {});
    await world.executed(third.number);
    const facts = (await world.timeline(third.number)).find(({ facts: { step } }) => step === "asked")?.facts;
    expect(facts).toMatchObject({ earlier: first.number, receipts: asked?.facts.receipts });
  });

  test("what a withdrawn request asked for is destroyed by nobody", async () => {
    const person = "withdrawn later";
    const event = await world.append("eu", person, "minimal", 200);
    const hold = await world.succeed(placeHold, { name: "case", reason, person });
    const { number } = await world.decided(person, { "eu minimal": "grant" });
    await world.executed(number, "blocked_by_hold");
    await world.sql`update privacy_request set state = 'withdrawn', closed_at = now() where number = ${number}`;
    await world.keep();
    await world.succeed(
      releaseHold,
      { hold: hold.number, version: hold.version, reason: "the case is closed" },
      world.second,
    );
    await world.keep();
    expect(await world.reveal("eu", event)).toMatchObject({ state: "readable" });
    expect(await world.erasuresOf(number)).toEqual([]);
  });

  test("a job that gives up is an error of its request, which goes on from there, and keeps no other back", async () => {
    const lost = async (person: string) => {
      await world.append("eu", person, "minimal", 200);
      const { number } = await world.decided(person, { "eu minimal": "grant" });
      await world.sql`update privacy_request set state = 'executing', executed_at = now(), job_id = gen_random_uuid()
                      where number = ${number}`;
      return number;
    };
    const [stuck, number] = [await lost("cannot be moved"), await lost("stopped by an error")];
    await world.sql.unsafe(`
      create function stick() returns trigger language plpgsql as $$ begin raise exception 'stuck'; end $$;
      create trigger stick before update on privacy_request for each row when (new.number = ${stuck})
        execute function stick();`);
    await expect(world.keep()).rejects.toThrow("stuck");
    expect([(await world.rowOf(stuck)).state, (await world.rowOf(number)).state]).toEqual([
      "executing",
      "failed",
    ]);
    await world.sql.unsafe("drop trigger stick on privacy_request; drop function stick");
    await world.keep();
    expect((await world.rowOf(stuck)).state).toBe("failed");
    expect(await world.rowOf(number)).toMatchObject({ state: "failed", resumesAt: "executing" });
    await world.succeed(adminActions.resumeRequest, { request: number });
    await world.keep();
    expect((await world.rowOf(number)).state).toBe("responding");
    expect(await world.run(adminActions.resumeRequest, { request: number })).toMatchObject({
      error: {
        code: "CONFLICT",
        message: `Request #${number} is responding: nothing stopped it, so there is nothing to go on with.`,
      },
    });
    expect(await world.erasuresOf(number)).toEqual(["eu minimal destroyed"]);
  });
});
