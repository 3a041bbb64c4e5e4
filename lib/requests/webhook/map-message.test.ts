import { expect, test } from "vitest";
import { toAppError } from "../../errors.ts";
import { intakeDefaults } from "./intake-defaults.ts";
import { mapMessage, valueAt } from "./map-message.ts";

const person = { identifiers: [{ kind: "email", value: "a@example.test" }] };

test("a request as the API takes it, wrapped or alone, with what the source sets where it says nothing", () => {
  const defaults = intakeDefaults.parse({
    kind: "access",
    regime: "uk",
    organizations: ["acme"],
    targets: ["eu"],
  });
  const expected = {
    kind: "erasure",
    regime: "uk",
    organizations: ["acme"],
    targets: ["eu"],
    reference: "T-1",
  };
  const request = { kind: "erasure", reference: "T-1", person };
  expect(mapMessage({ type: "privacy.request", data: request }, defaults)).toMatchObject(expected);
  expect(mapMessage(request, defaults)).toMatchObject(expected);
  expect(mapMessage({ person }, defaults).kind).toBe("access");
});

test("a system's own message is read by its map", () => {
  const defaults = intakeDefaults.parse({
    kinds: { "right to be forgotten": "erasure" },
    fields: {
      kind: "/ticket/type",
      reference: "/ticket/id",
      receivedAt: "/ticket/created",
      letter: "/ticket/messages/0/text",
      organization: "/tenant",
      name: "/ticket/requester/full~1name",
      "identifier.email": "/ticket/requester/email",
      "identifier.id": "/ticket/requester/customer",
    },
  });
  const ticket = {
    type: "right to be forgotten",
    id: 4711,
    created: "2026-11-01T10:00:00Z",
    messages: [{ text: "Forget me." }],
    requester: { "full/name": "Rosa", email: "a@example.test", customer: null },
  };
  expect(mapMessage({ ticket, tenant: "acme" }, defaults)).toMatchObject({
    kind: "erasure",
    reference: "4711",
    receivedAt: new Date("2026-11-01T10:00:00Z"),
    organizations: ["acme"],
    person: { ...person, name: "Rosa", letter: "Forget me.", contact: null },
  });
});

test("what is wrong is said by its field, and never what stands there", () => {
  const say = (message: unknown) => {
    try {
      mapMessage(message, intakeDefaults.parse({}));
    } catch (thrown) {
      return toAppError(thrown);
    }
    throw new Error("it was taken");
  };
  const { code, fields, message } = say({
    data: { kind: "secret", person: { identifiers: [{ value: "" }] } },
  });
  expect(code).toBe("BAD_INPUT");
  expect(Object.keys(fields ?? {})).toEqual(["kind", "person.identifiers.0.value"]);
  expect(message).not.toContain("secret");
  expect(say("secret").message).toBe("The message is no JSON object.");
  expect(say({ data: ["secret"] }).message).toBe("The message is no JSON object.");
  // A key that is not known may be somebody's data as well, also where it looks like a name.
  const strange = say({ data: { secret: 1, kind: "access", person: { ...person, secret: "secret" } } });
  expect(strange.fields).toEqual({
    data: "holds a key that is not known",
    person: "holds a key that is not known",
  });
  expect(strange.hint).toContain("kind, regime");
  expect(`${strange.message} ${strange.hint}`).not.toContain("secret");
});

test("a pointer follows own properties alone", () => {
  expect(valueAt({ a: [{ "b~": 1 }] }, "/a/0/b~0")).toBe(1);
  expect(valueAt({ a: 1 }, "/constructor/name")).toBeUndefined();
  expect(valueAt(null, "/a")).toBeUndefined();
});

test("a map takes pointers that the console's database can keep", () => {
  const fits = (pointer: string) => intakeDefaults.safeParse({ fields: { reference: pointer } }).success;
  expect(["/ticket/id", "ticket", "/a\u0000b", "/\ud800"].map(fits)).toEqual([true, false, false, false]);
});
