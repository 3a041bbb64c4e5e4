import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "@/lib/admin";
import { requestDoors } from "@/lib/api/privacy/request-doors";
import { addActor } from "@/lib/testing/people";
import { type PrivacyWorld, startPrivacyWorld } from "@/lib/testing/privacy-world";
import { GET as controllers } from "./privacy/controllers/route";
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
let tokens: Record<"read" | "operate" | "admin" | "second" | "limited", string>;
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
  const [admin, other] = [await addActor(world.console, "admin"), await addActor(world.console, "admin")];
  const make = async (scope: "read" | "operate" | "admin", owner = admin, targets?: string[]) =>
    (
      (await world.succeed(adminActions.createToken, { name: scope, scopes: [scope], targets }, owner)) as {
        secret: string;
      }
    ).secret;
  tokens = {
    read: await make("read"),
    operate: await make("operate"),
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

const person = { identifiers: [{ kind: "email", value: "doris.door@example.test" }], letter: "Doris asks" };

test("viewers and operators see how many there are, and are refused at every other door, as strangers are", async () => {
  const opened = await ask(open, "admin", { kind: "access", person });
  expect(opened).toMatchObject({ status: 200, body: { data: { number: 1, duplicates: [], earlier: null } } });
  const gets = { list, one, timeline, scope, calendar, controllers, sources };
  for (const [name, route] of Object.entries(gets)) {
    expect([name, (await ask(route, null, undefined, { number: "1" })).status]).toEqual([name, 401]);
    for (const as of ["read", "operate", "limited"] as const)
      expect([name, as, (await ask(route, as, undefined, { number: "1" })).status]).toEqual([name, as, 403]);
    const answer = await ask(route, "admin", undefined, { number: "1" });
    expect([name, answer.status, /doris/i.test(JSON.stringify(answer.body))]).toEqual([name, 200, false]);
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
  expect((await ask(verb, "admin", {}, at("forget"))).status).toBe(404);
  expect((await ask(verb, "admin", {}, at("person", "doris"))).status).toBe(404);
  expect((await ask(verb, "admin", {}, at("person", "99"))).status).toBe(404);
  expect((await ask(one, "admin", undefined, { number: "99" })).status).toBe(404);
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
