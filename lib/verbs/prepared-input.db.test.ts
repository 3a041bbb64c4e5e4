import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createApprovalsVerbs } from "../approvals/verbs.ts";
import type { Actor } from "../auth/actor.ts";
import { AppError } from "../errors.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { tablesHolding } from "../testing/find-text.ts";
import { addActor } from "../testing/people.ts";
import { type AdminAction, defineAdminAction } from "./admin-action.ts";

const person = "patient-4711@example.test";
const number = 4711;
let administration: Administration;
let asker: Actor;

beforeAll(async () => {
  administration = await startAdministration();
  asker = await addActor(administration.console, "privacy_officer");
});
afterAll(() => administration.close());

const ran: unknown[] = [];
/** What is asked for about a person, who is a number from there on. */
const common = {
  role: "privacy_officer",
  input: z.strictObject({ person: z.string(), fail: z.boolean().default(false) }),
  prepare: {
    kept: z.strictObject({ number: z.int(), fail: z.boolean() }),
    run: async (_context: unknown, { person: id, fail }: { person: string; fail: boolean }) => ({
      number: id === person ? number : 0,
      fail,
    }),
  },
  object: ({ number: of }: { number: number }) => ({ type: "person", id: String(of) }),
  async run(_context: unknown, input: { number: number; fail: boolean }) {
    ran.push(input);
    if (input.fail) throw new AppError("CONFLICT", "It is held.");
    return { data: { did: input.number }, object: { type: "person", id: String(input.number) } };
  },
} as const;
const atOnce = defineAdminAction({
  ...common,
  name: "test.prepared",
  confirm: (_context, { number: of }) => `erase ${of}`,
});
const bySecond = defineAdminAction({
  ...common,
  name: "test.prepared-by-second",
  approval: { role: "admin" },
});

test("what is made of an input is confirmed, run and recorded, and the input stands nowhere", async () => {
  const { run, lastActivity, sql } = administration;
  expect(await run(atOnce, asker, { person })).toMatchObject({
    ok: false,
    error: { code: "BAD_INPUT", message: "Type “erase 4711” to confirm." },
  });
  expect(await run(atOnce, asker, { person }, "erase 4711")).toEqual({ ok: true, data: { did: number } });
  expect(ran).toEqual([{ number, fail: false }]);
  expect(await lastActivity("test.prepared")).toMatchObject({ outcome: "success", object_id: "4711" });
  expect(await run(atOnce, asker, { person, fail: true }, "erase 4711")).toMatchObject({ ok: false });
  const viewer = await addActor(administration.console, "viewer");
  expect(await run(atOnce, viewer, { person })).toMatchObject({ error: { code: "FORBIDDEN" } });
  expect(await lastActivity("test.prepared")).toMatchObject({ outcome: "refused", object_id: null });
  expect(await tablesHolding(sql, person)).toEqual([]);
});

test("a second person is shown what was made of it, and that runs and nothing else", async () => {
  const { run, succeed, sql, admin } = administration;
  const verbs = createApprovalsVerbs((name) =>
    name === bySecond.name ? (bySecond as unknown as AdminAction<z.ZodType, unknown>) : undefined,
  );
  ran.length = 0;
  const asked = await succeed(bySecond, asker, { person });
  if (!("approvalId" in asked)) throw new Error("it ran at once");
  const [request] = await sql`select input, digest from approval where id = ${asked.approvalId}`;
  expect(request?.input).toEqual({ number, fail: false });
  expect(ran).toEqual([]);
  const approve = { approvalId: asked.approvalId, digest: request?.digest };
  expect(await run(verbs.approveRequest, admin, approve)).toMatchObject({
    ok: true,
    data: { answer: { did: number } },
  });
  expect(ran).toEqual([{ number, fail: false }]);
  expect(await tablesHolding(sql, person)).toEqual([]);
});
