import { createHash } from "node:crypto";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import type { EventInput } from "../../audit-db/append/event-schema.ts";
import {
  askForPackage,
  pdfText,
  storedArchive,
  unzip,
  unzipByLibrary,
  workPackage,
} from "../../testing/packages.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { moveTestRequest, openTestRequest } from "../../testing/requests.ts";
import { collectStatement } from "../certificate/collect-statement.ts";
import { type RequestRow, requireRequest } from "../read-request.ts";
import type { RequestDecision } from "../types.ts";

const mina = { id: "mina-1", name: "Mina Müller", email: "mina@example.test", ip: "10.0.0.7" };
const olaf = { id: "olaf-2", name: "Olaf Other", email: "olaf@example.test", ip: "10.0.0.9" };
const sue = { id: "sue-3", name: "Sue Staff", email: "sue@example.test", details: { role: "support" } };

const parts: RequestDecision = {
  ground: null,
  parts: [
    ...(["standard", "minimal", "phi"] as const).map((policy) => grant("eu", policy)),
    grant("eu", "?"),
    grant("us", "standard"),
    { target: "us", policy: "confidential", decision: "refuse", ground: "eu_15_4" },
  ],
};
function grant(target: string, policy: string) {
  return { target, policy, decision: "grant" as const, ground: null };
}

/** Ids of events by what they are, as they were appended. */
async function fill(world: PrivacyWorld): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  const add = async (
    name: string,
    target: "eu" | "us",
    policy: string,
    daysAgo: number,
    more: Partial<EventInput> = { actor: mina },
  ) => {
    ids[name] = (await world.append(target, mina.id, policy, daysAgo, more)).id;
  };
  for (let day = 1; day <= 7; day++)
    await add(`eu standard ${day}`, "eu", "standard", day, { actor: mina, details: { day, note: "=1+1" } });
  await add("eu minimal", "eu", "minimal", 2, {
    actor: mina,
    details: { to: "olaf@example.test", cc: mina.email },
  });
  await add("eu phi", "eu", "phi", 3);
  await add("staff", "eu", "standard", 9, {
    actor: sue,
    targetPerson: mina,
    action: "record.corrected",
    details: { by: "Sue Staff", at: "192.0.2.1" },
  });
  await add("other", "eu", "standard", 10, {
    actor: olaf,
    targetPerson: mina,
    outcome: "sent by Olaf Other",
  });
  await add("toOther", "eu", "standard", 11, { actor: mina, targetPerson: olaf, details: { of: olaf.id } });
  await add("self", "eu", "standard", 12, { actor: mina, targetId: mina.id });
  await add("us standard", "us", "standard", 4);
  await add("us confidential", "us", "confidential", 5);
  // Both wait in quarantine: what the person cannot be told of in the log is hers as well.
  await add("ahead", "eu", "standard", -90, { actor: mina });
  await add("unknown policy", "eu", "odd", 8, { actor: mina });
  await add("of olaf alone", "eu", "standard", 6, { actor: olaf });
  return ids;
}

describe.each([15, 18] as const)("a package on PostgreSQL %i", (server) => {
  let world: PrivacyWorld;
  let ids: Record<string, string>;
  let request: RequestRow;
  let job: Record<string, unknown>;
  let files: Record<string, Buffer>;
  let passphrase: string;

  beforeAll(async () => {
    world = await startPrivacyWorld(server, { worker: false });
    ids = await fill(world);
    const opened = await openTestRequest(world, {
      kind: "access",
      person: {
        identifiers: [{ kind: "id", value: mina.id }],
        name: mina.name,
        contact: "Hauptstraße 1, Köln",
      },
      more: { language: "de" },
    });
    // What she contests is restricted, and hers to see all the same.
    await world.succeed(adminActions.restrictSubject, {
      person: mina.id,
      ground: "accuracy_contested",
      reason: "letter of May",
    });
    request = await moveTestRequest(world, opened.number, "executing", { decision: parts });
    job = await workPackage(world, await askForPackage(world, request));
    expect(job).toMatchObject({ state: "done" });
    ({ passphrase } = (await shown(world, request)) as { passphrase: string });
    files = await unzip(await storedArchive(world, request), passphrase);
  });
  afterAll(() => world?.close());

  test("it holds every event of the person in both parts, of what was granted alone", async () => {
    const events = JSON.parse(String(files["events.json"])) as Record<string, unknown>[];
    const expected = Object.entries(ids).filter(
      ([name]) => !["of olaf alone", "us confidential"].includes(name),
    );
    const found = expected.map(([, id]) => id);
    expect(events.map(({ id }) => id).sort()).toEqual(found.sort());
    expect(job).toMatchObject({ result: { events: found.length } });
    expect(String(files["events.json"]).split("\n")).toHaveLength(found.length + 3);
    const of = (name: string) => events.find(({ id }) => id === ids[name]);
    expect(of("eu standard 3")).toMatchObject({
      database: "eu",
      action: "record.viewed",
      retentionPolicy: "standard",
      you: "actor",
      details: { day: 3, note: "=1+1" },
      actor: { who: "you", ...mina },
      targetPerson: null,
    });
    expect(of("self")).toMatchObject({ you: "both", targetId: mina.id });
  });

  test("each field is what the log has", async () => {
    const events = JSON.parse(String(files["events.json"])) as Record<string, string>[];
    for (const target of ["eu", "us"] as const) {
      const rows = await world.databases[target].sql`
        select id::text, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt",
               organization_id as "organizationId", action, status, retention_policy as "retentionPolicy",
               data_classification as "dataClassification", event_version as "eventVersion"
        from audit_log`;
      for (const row of rows) {
        const told = events.find(({ id }) => id === row.id);
        if (told) expect(told).toMatchObject(row);
      }
    }
  });

  test("others are masked, staff who acted for the controller are told by role", () => {
    const events = JSON.parse(String(files["events.json"])) as Record<string, unknown>[];
    const of = (name: string) => events.find(({ id }) => id === ids[name]);
    expect(of("staff")).toMatchObject({
      you: "target",
      actor: { who: "staff", role: "support" },
      targetPerson: { who: "you", name: mina.name },
      details: { by: "[masked]", at: "[masked]" },
    });
    expect(of("other")).toMatchObject({ actor: { who: "other" }, outcome: "sent by [masked]" });
    expect(of("toOther")).toMatchObject({
      actor: { who: "you" },
      targetPerson: { who: "other" },
      targetId: "[masked]",
      details: { of: "[masked]" },
    });
    expect(of("eu minimal")).toMatchObject({ details: { to: "[masked]", cc: mina.email } });
    const all = Object.values(files).map(String).join();
    for (const sign of ["Olaf", "olaf", "Sue", "sue@", "10.0.0.9"]) expect(all).not.toContain(sign);
  });

  test("the CSV says the same, and formulas are inert", () => {
    const rows = parse(files["events.csv"] as Buffer, { columns: true }) as Record<string, string>[];
    const events = JSON.parse(String(files["events.json"])) as Record<string, unknown>[];
    expect(rows.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    for (const [at, row] of rows.entries()) {
      const event = events[at] as Record<string, unknown>;
      expect(JSON.parse(row.details as string)).toEqual(event.details);
      expect(JSON.parse(row.actor as string)).toEqual(event.actor);
      expect(row.occurredAt).toBe(event.occurredAt);
    }
  });

  test("sums add up, in the archive and on record", async () => {
    const sums = String(files["checksums.sha256"]).trim().split("\n");
    expect(sums).toHaveLength(6);
    for (const line of sums) {
      const [sum, name = ""] = line.split("  ");
      expect(
        createHash("sha256")
          .update(files[name] as Buffer)
          .digest("hex"),
      ).toBe(sum);
    }
    const [ready] = await world.sql`
      select facts from privacy_request_event where request_id = ${request.id} and kind = 'package_ready'`;
    const archive = await storedArchive(world, request);
    expect(ready?.facts.sha256).toBe(createHash("sha256").update(archive).digest("hex"));
    expect(
      ready?.facts.files.map((file: { name: string; sha256: string }) => `${file.sha256}  ${file.name}`),
    ).toEqual(sums);
    // As the certificate will say it.
    const row = await requireRequest(world.console.db, request.id);
    const of = { n: 1, of: null, erased: [], now: new Date() };
    const { packages, law, decision, backups } = await collectStatement(world.console.db, row, of);
    expect(packages).toEqual([
      { sha256: ready?.facts.sha256, events: 16, bytes: archive.length, readyAt: expect.any(String) },
    ]);
    expect(law.map((one) => one.law)).toEqual(["Art. 15 GDPR", "Art. 15(4) GDPR"]);
    expect([decision?.parts, backups]).toEqual([parts.parts, null]);
  });

  test("the letter says in German what was found, what was refused and why, and where to go", async () => {
    const html = String(files["letter.html"]);
    const pdf = await pdfText(files["letter.pdf"] as Buffer);
    expect(files["letter.pdf"]?.subarray(0, 5).toString()).toBe("%PDF-");
    for (const said of [
      "Mina Müller",
      "Hauptstraße 1, Köln",
      "Art. 15 Abs. 1 lit. h",
      "Wir geben Ihrem Antrag teilweise statt",
      "confidential (us)",
      "Beschäftigte",
      "Mit freundlichen Grüßen",
    ]) {
      expect(html).toContain(said);
      expect(pdf.replace(/\s+/g, " ")).toContain(said);
    }
    // The ground in its own words.
    expect(html).toContain("Art. 15 Abs. 4 DSGVO");
    expect(String(files["README.txt"])).toContain("Antwort auf den Antrag");
  });

  test("a wrong passphrase opens nothing, a foreign tool and the library read the same", async () => {
    const archive = await storedArchive(world, request);
    await expect(unzip(archive, "wrong-words")).rejects.toThrow();
    await expect(unzipByLibrary(archive, "wrong-words")).rejects.toThrow();
    expect(await unzipByLibrary(archive, passphrase)).toEqual(files);
    for (const sign of ["Mina", "record.viewed"]) expect(archive.includes(sign)).toBe(false);
  });

  test("the request is to be answered, and the passphrase stands nowhere once it was shown", async () => {
    const [row] = await world.sql`select state from privacy_request where id = ${request.id}`;
    expect(row?.state).toBe("responding");
    const [pack] = await world.sql`select state, passphrase, events::int from privacy_request_package`;
    expect(pack).toMatchObject({ state: "ready", passphrase: null, events: 16 });
    const [parts_] =
      await world.sql`select count(*)::int as n from privacy_package_piece where kind = 'part'`;
    expect(parts_?.n).toBe(0);
    expect(await shown(world, request)).toBe("CONFLICT");
    // Nor was it told, with anything of hers, to what is kept for others.
    const [told] = await world.sql`
      select (select coalesce(jsonb_agg(to_jsonb(activity)), '[]') from activity)::text
          || (select coalesce(jsonb_agg(to_jsonb(job)), '[]') from job)::text
          || (select coalesce(jsonb_agg(to_jsonb(outbox)), '[]') from outbox)::text
          || (select jsonb_agg(facts) from privacy_request_event)::text as text`;
    for (const sign of [passphrase, "Müller", "mina-1", "Köln"]) expect(told?.text).not.toContain(sign);
  });
});

async function shown(world: PrivacyWorld, { number }: RequestRow): Promise<unknown> {
  const officer = { ...world.officer, reauthenticatedAt: new Date() };
  const result = await world.run(adminActions.showPackagePassphrase, { request: number }, officer);
  return result.ok ? result.data : result.error.code;
}
