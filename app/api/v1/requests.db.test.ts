import { createHash } from "node:crypto";
import { encode } from "next-auth/jwt";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "@/lib/admin";
import { requestDoors } from "@/lib/api/privacy/request-doors";
import { sessionCookieName, sessionSecret } from "@/lib/auth/session-cookie";
import { createLogger } from "@/lib/log/log";
import { tablesHolding } from "@/lib/testing/find-text";
import { pdfText } from "@/lib/testing/packages";
import { addActor } from "@/lib/testing/people";
import { type PrivacyWorld, startPrivacyWorld } from "@/lib/testing/privacy-world";
import { moveTestRequest, openTestRequest } from "@/lib/testing/requests";
import { POST as action } from "./actions/[name]/route";
import { GET as controllers } from "./privacy/controllers/route";
import { POST as intake } from "./privacy/intake/[source]/route";
import { GET as sources } from "./privacy/intake/route";
import { POST as verb } from "./privacy/requests/[number]/[verb]/route";
import { GET as one } from "./privacy/requests/[number]/route";
import { GET as scope, POST as scopeVerb } from "./privacy/requests/[number]/scope/route";
import { GET as timeline } from "./privacy/requests/[number]/timeline/route";
import { GET as calendar } from "./privacy/requests/calendar/route";
import { GET as counts } from "./privacy/requests/counts/route";
import { POST as importCsv } from "./privacy/requests/import/route";
import { GET as list, POST as open } from "./privacy/requests/route";

let world: PrivacyWorld;
let tokens: Record<"read" | "operate" | "privacy" | "admin" | "second" | "limited", string>;
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
  const [admin, other] = [await addActor(world.console, "admin"), await addActor(world.console, "admin")];
  const make = async (scope: "read" | "operate" | "privacy" | "admin", owner = admin, targets?: string[]) =>
    (
      (await world.succeed(adminActions.createToken, { name: scope, scopes: [scope], targets }, owner)) as {
        secret: string;
      }
    ).secret;
  tokens = {
    read: await make("read"),
    operate: await make("operate"),
    privacy: await make("privacy"),
    admin: await make("admin"),
    second: await make("admin", other),
    limited: await make("admin", admin, ["eu"]),
  };
});
afterAll(() => world?.close());

type Route = (request: Request, context: { params: Promise<never> }) => Promise<Response>;
async function ask(
  route: unknown,
  as: keyof typeof tokens | null,
  input?: object,
  at: object = {},
  query = "",
) {
  const headers = new Headers({ "content-type": "application/json" });
  if (as !== null) headers.set("authorization", `Bearer ${tokens[as]}`);
  const request = new Request(`http://console/api/v1/privacy/requests${query}`, {
    method: input ? "POST" : "GET",
    headers,
    ...(input && { body: JSON.stringify(input) }),
  });
  const response = await (route as Route)(request, { params: Promise.resolve(at) as Promise<never> });
  return { status: response.status, body: await response.json() };
}

const person = {
  identifiers: [{ kind: "email", value: "doris.door@example.test" }],
  name: "Doris Door",
  letter: "Doris asks",
};

test("viewers and operators see how many there are, and are refused at every other door, as strangers are", async () => {
  const opened = await ask(open, "admin", { kind: "access", person });
  expect(opened).toMatchObject({ status: 200, body: { data: { number: 1, duplicates: [], earlier: null } } });
  const gets = { list, one, timeline, scope, calendar, controllers, sources };
  for (const [name, route] of Object.entries(gets)) {
    expect([name, (await ask(route, null, undefined, { number: "1" })).status]).toEqual([name, 401]);
    for (const as of ["read", "operate", "limited"] as const)
      expect([name, as, (await ask(route, as, undefined, { number: "1" })).status]).toEqual([name, as, 403]);
    for (const as of ["admin", "privacy"] as const) {
      const answer = await ask(route, as, undefined, { number: "1" });
      expect([name, as, answer.status, /doris/i.test(JSON.stringify(answer.body))]).toEqual([
        ...[name, as, 200, false],
      ]);
    }
  }
  expect(await ask(counts, "read")).toMatchObject({ status: 200, body: { data: { open: 1, overdue: 0 } } });
  for (const as of [null, "read", "operate", "limited"] as const) {
    const status = as === null ? 401 : 403;
    expect((await ask(open, as, { kind: "access", person })).status).toBe(status);
    expect((await ask(importCsv, as, { csv: "kind,id\naccess,x" })).status).toBe(status);
    for (const name of Object.keys(requestDoors))
      expect([name, (await ask(verb, as, {}, { number: "1", verb: name })).status]).toEqual([name, status]);
    expect((await ask(scopeVerb, as, {}, { number: "1" })).status).toBe(status);
  }
});

test("verbs go by the number of the address; who asks stands in a body and in no query", async () => {
  const at = (name: string, number = "1") => ({ number, verb: name });
  expect((await ask(open, "admin", { kind: "access", person }, {}, "?person=doris")).status).toBe(400);
  const seen = await ask(verb, "admin", {}, at("person"));
  expect(seen.body.data.person).toMatchObject(person);
  expect(await ask(verb, "admin", {}, at("letter"))).toMatchObject({ status: 409 });
  const ground = { ground: "eu_11_2" };
  expect(await ask(verb, "admin", ground, at("decide"))).toMatchObject({
    status: 409,
    body: { code: "CONFLICT" },
  });
  expect(await ask(verb, "second", { ...ground, version: 9 }, at("decide"))).toMatchObject({
    status: 409,
    body: { current: { state: "received" } },
  });
  expect(await ask(verb, "second", { ...ground, version: 1 }, at("decide"))).toMatchObject({
    status: 200,
    body: { data: { state: "refused" } },
  });
  const html = await ask(verb, "admin", { form: "html" }, at("letter"));
  expect(html).toMatchObject({
    status: 200,
    body: { data: { name: "request-1-letter.html", mediaType: "text/html" } },
  });
  const words = Buffer.from(html.body.data.content, "base64").toString();
  for (const said of ["Dear Doris Door,", "Art. 11(2) GDPR", "Art. 77 GDPR", "Art. 79 GDPR"])
    expect(words).toContain(said);
  const pdf = await ask(verb, "admin", {}, at("letter"));
  expect(await pdfText(Buffer.from(pdf.body.data.content, "base64"))).toContain("Dear Doris Door,");
  const written = await world.sql`
    select detail from activity where action = 'request.write_letter' and outcome = 'success' order by at`;
  expect(written.map(({ detail }) => detail)).toEqual([{ form: "html" }, { form: "pdf" }]);
  const granted = await openTestRequest(world, { kind: "portability", person: "doris-2" });
  await moveTestRequest(world, granted.number, "responding");
  expect(await ask(verb, "admin", {}, at("letter", `${granted.number}`))).toMatchObject({
    body: { code: "UNSUPPORTED", detail: expect.stringContaining("is in its package") },
  });
  expect((await ask(verb, "admin", {}, at("forget"))).status).toBe(404);
  expect((await ask(verb, "admin", {}, at("person", "doris"))).status).toBe(404);
  expect((await ask(verb, "admin", {}, at("person", "99"))).status).toBe(404);
  expect((await ask(one, "admin", undefined, { number: "99" })).status).toBe(404);
  const reads = { one, scope, timeline };
  for (const [name, route] of Object.entries(reads)) {
    const { status, body } = await ask(route, "admin", undefined, { number: "doris" });
    expect([name, status, body.detail]).toEqual([name, 400, "request: must be the number of a request"]);
  }
});

test("a file may be larger than other inputs, and is refused line by line", async () => {
  const csv = `kind,email,letter\naccess,doris.door@example.test,${"Doris ".repeat(3_000)}\n`;
  const lines = csv.split("\n")[1];
  const large = `${csv}${`${lines}\n`.repeat(4)}`;
  expect(large.length).toBeGreaterThan(65_536);
  const { status, body } = await ask(importCsv, "admin", { csv: large });
  expect([status, body.data?.requests?.length]).toEqual([200, 5]);
  const bad = await ask(importCsv, "admin", { csv: "kind,id\nforget,doris" });
  expect(bad).toMatchObject({ status: 400, body: { errors: { "line 2": expect.stringContaining("kind") } } });
  expect(JSON.stringify(bad.body)).not.toMatch(/doris/i);
});

test("a letter of 5 MB comes in by the door that pages upload through, of our own pages alone; more is read by nobody", async () => {
  const opened = await ask(open, "admin", { kind: "access", person });
  const request = opened.body.data.number as number;
  const { id: sub, sessionId: sid } = world.officer;
  const cookie = `${sessionCookieName()}=${await encode({ token: { sub: sub ?? "", sid }, secret: sessionSecret() })}`;
  const upload = async (size: number, origin: string | null, name = "addRequestFile") => {
    const content = Buffer.alloc(size, 7).toString("base64");
    const response = await action(
      new Request("http://console/api/v1/actions/addRequestFile", {
        method: "POST",
        headers: { cookie, "content-type": "application/json", ...(origin && { origin }) },
        body: JSON.stringify({ request, name: "letter.pdf", mediaType: "application/pdf", content }),
      }),
      { params: Promise.resolve({ name }) },
    );
    return { status: response.status, body: await response.json() };
  };
  const largest = 5 * 1_048_576;
  expect((await upload(largest, null)).status).toBe(403);
  expect((await upload(largest, "https://elsewhere.example")).status).toBe(403);
  const sha256 = createHash("sha256").update(Buffer.alloc(largest, 7)).digest("hex");
  expect(await upload(largest, "http://console")).toMatchObject({
    status: 200,
    body: { data: { bytes: largest, sha256 } },
  });
  const [file] = await world.sql`
    select bytes, sha256, position('letter' in sealed_name::text) as clear, octet_length(sealed) > ${largest} as sealed
    from privacy_request_file`;
  expect(file).toEqual({ bytes: largest, sha256, clear: 0, sealed: true });
  expect(await upload(largest + 1_000, "http://console")).toMatchObject({
    status: 400,
    body: { code: "BAD_INPUT", errors: { content: expect.any(String) } },
  });
  expect(await upload(10_000_000, "http://console")).toMatchObject({
    status: 413,
    body: { code: "TOO_LARGE", detail: expect.any(String) },
  });
  await world.sql`update users set role = 'viewer' where id = ${world.officer.id}`;
  expect((await upload(10, "http://console")).status).toBe(403);
  await world.sql`update users set role = 'privacy_officer' where id = ${world.officer.id}`;
});

test("who asks stands in no log, activity, error or job, however malformed what came in was", async () => {
  const who = "mallory.unsaid@example.test";
  const lines: string[] = [];
  const held = globalThis as { auditDashboardLogger?: unknown };
  const before = held.auditDashboardLogger;
  held.auditDashboardLogger = createLogger(
    { level: "trace", name: "web" },
    { write: (line) => void lines.push(line) },
  );
  const { key } = await world.succeed(adminActions.saveIntakeSource, {
    name: "unsaid",
    defaults: { kind: "access" },
  });
  const send = async (route: unknown, body: string, at: object, headers: Record<string, string>) => {
    const url = "http://console/api/v1/privacy/requests";
    const request = new Request(url, { method: "POST", headers, body });
    const response = await (route as Route)(request, { params: Promise.resolve(at) as Promise<never> });
    return response.text();
  };
  const identifiers = [{ kind: "email", value: who }];
  const asked = (more: object, one: object = {}) =>
    JSON.stringify({ kind: "access", person: { identifiers, ...one }, ...more });
  const bodies = [
    asked({}, { letter: `I am ${who}` }),
    `{"kind": "access", "person": {"identifiers": [{"value": "${who}"`,
    `${who}`,
    `"${who}"`,
    `["${who}"]`,
    asked({ kind: who }),
    asked({ person: who }),
    asked({ regime: who, language: who, receivedAt: who, channel: who }),
    asked({ organizations: who }),
    asked({ targets: [who] }),
    asked({ [who]: 1 }),
    asked({}, { [who]: 1 }),
    asked({}, { identifiers: [{ kind: who, value: who }] }),
    asked({}, { identifiers: [{ value: who.repeat(100) }] }),
    asked({}, { identifiers: [{ value: `${who}\u0000` }] }),
    asked({}, { identifiers: [{ value: { of: who } }] }),
    asked({}, { letter: who.repeat(5_000) }),
    `{"person": "${who.repeat(10_000)}"}`,
  ];
  const files = [
    `kind,email\naccess,${who}\n`,
    `kind,${who}\naccess,x\n`,
    `kind,email\n${who},${who}\n`,
    `kind,email\naccess,"${who}\n`,
    `kind,email,received_at,targets\naccess,${who},${who},${who}\n`,
    `${who}`,
  ].map((csv) => JSON.stringify({ csv }));
  const json = { "content-type": "application/json" };
  const as = { ...json, authorization: `Bearer ${tokens.admin}` };
  const answers: string[] = [];
  try {
    for (const body of bodies) {
      answers.push(await send(open, body, {}, as));
      answers.push(await send(open, body, {}, { ...as, "content-type": "text/plain" }));
      answers.push(await send(action, body, { name: "openRequest" }, as));
      answers.push(await send(verb, body, { number: "1", verb: "note" }, as));
      answers.push(await send(intake, body, { source: "unsaid" }, json));
      for (const text of [body, `{"type": "privacy.request", "data": ${body}}`]) {
        const [id, at] = [`msg_${answers.length}`, new Date()];
        const signed = {
          ...{ "webhook-id": id, "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)) },
          "webhook-signature": new Webhook(key ?? "").sign(id, at, text),
        };
        answers.push(await send(intake, text, { source: "unsaid" }, { ...json, ...signed }));
      }
    }
    for (const body of files) answers.push(await send(importCsv, body, {}, as));
  } finally {
    held.auditDashboardLogger = before;
  }
  const told = (texts: string[]) => texts.filter((text) => /unsaid@|mallory/i.test(text));
  expect(answers.filter((text) => text.includes('"data"')).length).toBeGreaterThan(3);
  expect(told(answers)).toEqual([]);
  expect(told(lines)).toEqual([]);
  for (const text of ["mallory", "unsaid@"])
    expect([text, await tablesHolding(world.sql, text)]).toEqual([text, []]);
});
