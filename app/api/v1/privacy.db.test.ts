import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "@/lib/admin";
import { addActor } from "@/lib/testing/people";
import { type PrivacyWorld, startPrivacyWorld } from "@/lib/testing/privacy-world";
import { POST } from "./privacy/[verb]/route";

let world: PrivacyWorld;
let tokens: Record<"read" | "admin" | "limited", string>;
beforeAll(async () => {
  world = await startPrivacyWorld();
  const admin = await addActor(world.console, "admin");
  const make = async (scope: "read" | "admin", targets?: string[]) =>
    (
      (await world.succeed(adminActions.createToken, { name: scope, scopes: [scope], targets }, admin)) as {
        secret: string;
      }
    ).secret;
  tokens = { read: await make("read"), admin: await make("admin"), limited: await make("admin", ["eu"]) };
});
afterAll(() => world?.close());

async function post(verb: string, token: string | null, body: unknown, query = "") {
  const headers = new Headers({ "content-type": "application/json" });
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  const request = new Request(`http://console/api/v1/privacy/${verb}${query}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const response = await POST(request, { params: Promise.resolve({ verb }) });
  return { status: response.status, body: await response.json() };
}

const reason = "the person asked for it";

test("each is for whoever handles personal data, about a person of the body alone", async () => {
  const person = "of the api";
  await world.append("eu", person, "minimal", 200);
  const bodies: Record<string, [input: object, status: number]> = {
    subject: [{ person }, 200],
    restrict: [{ person, ground: "needed_for_claims", reason }, 200],
    allow: [{ person, ground: "consent", reason, until: new Date(Date.now() + 60_000).toISOString() }, 200],
    lift: [{ person, reason }, 200],
    erase: [{ person, target: "eu", policy: "minimal", reason }, 202],
    redact: [
      {
        target: "eu",
        events: [{ id: "01900000-0000-7000-8000-000000000000", occurredAt: "2026-01-01T00:00:00Z" }],
        fields: ["details"],
        reason,
      },
      202,
    ],
  };
  for (const [verb, [input, status]] of Object.entries(bodies)) {
    expect([verb, (await post(verb, null, input)).status]).toEqual([verb, 401]);
    expect([verb, (await post(verb, tokens.read, input)).status]).toEqual([verb, 403]);
    expect([verb, (await post(verb, tokens.admin, input, `?person=${person}`)).status]).toEqual([verb, 400]);
    const answer = await post(verb, tokens.admin, input);
    expect([verb, answer.status, JSON.stringify(answer.body).includes(person)]).toEqual([
      verb,
      status,
      false,
    ]);
  }
  // What concerns every target is not for a token that is limited to one; what names it is.
  expect((await post("subject", tokens.limited, { person })).status).toBe(403);
  expect((await post("erase", tokens.limited, bodies.erase?.[0])).status).toBe(202);
  expect(await post("forget", tokens.admin, {})).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
});
