import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { adminActions } from "../admin.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addActor, addUser } from "../testing/people.ts";
import { defineAdminAction } from "./admin-action.ts";

let administration: Administration;

beforeAll(async () => {
  administration = await startAdministration();
});
afterAll(() => administration?.close());

test("the role is re-read: an actor demoted after it was read is refused, a promoted one is let through", async () => {
  const { console, admin, succeed, codeOf, lastActivity } = administration;
  const second = await addActor(console, "admin");
  const target = await addUser(console, "viewer");
  await succeed(adminActions.setUserRole, admin, { userId: second.id, role: "viewer" });
  expect(second.role).toBe("admin");
  expect(await codeOf(adminActions.disableUser, second, { userId: target.id })).toBe("FORBIDDEN");
  await succeed(adminActions.setUserRole, admin, { userId: second.id, role: "admin" });
  expect(
    await codeOf(
      adminActions.disableUser,
      { ...second, role: "viewer" },
      { userId: target.id },
      target.email,
    ),
  ).toBe("ok");
  expect(await lastActivity("user.set-role")).toMatchObject({ detail: { from: "viewer", to: "admin" } });
});

test("change, activity and outbox stand or fall together; a failure is recorded as failed", async () => {
  const { sql, admin, run, lastActivity } = administration;
  const userId = uuidV7();
  const halfway = defineAdminAction({
    name: "test.halfway",
    role: "admin",
    input: z.strictObject({}),
    async run({ tx }) {
      await tx
        .insert(schema.users)
        .values({ id: userId, email: "half@example.test", name: "half", role: "viewer" });
      // As Node throws it for a value of the wrong type.
      throw Object.assign(new TypeError("power cut with secret-url"), { code: "ERR_INVALID_ARG_TYPE" });
    },
  });
  const result = await run(halfway, admin, {});
  const message = "An unexpected error was recorded in the console's log.";
  expect(result).toMatchObject({ ok: false, error: { code: "INTERNAL", message } });
  expect(JSON.stringify(result)).not.toContain("secret-url");
  expect(await sql`select 1 from users where id = ${userId}`).toHaveLength(0);
  const row = await lastActivity("test.halfway");
  expect(row).toMatchObject({ outcome: "failed", payload: { status: "failure" } });
  expect(JSON.stringify(row)).not.toContain("secret-url");
});

test("when the activity row cannot be written, nothing is changed", async () => {
  const { console, sql, admin, codeOf } = administration;
  const user = await addUser(console, "viewer");
  await sql`alter table activity add constraint no_more check (action <> 'user.set-role') not valid`;
  expect(await codeOf(adminActions.setUserRole, admin, { userId: user.id, role: "operator" })).toBe(
    "INTERNAL",
  );
  await sql`alter table activity drop constraint no_more`;
  const [row] = await sql`select role from users where id = ${user.id}`;
  expect(row?.role).toBe("viewer");
});

test("a verb that asks for a typed phrase runs only with it", async () => {
  const { admin, run } = administration;
  let ran = 0;
  const drop = defineAdminAction({
    name: "test.drop",
    role: "admin",
    input: z.strictObject({ table: z.string() }),
    confirm: (_, { table }) => table,
    async run() {
      ran += 1;
      if (ran > 1) throw new AppError("CONFLICT", "again");
      return { data: {} };
    },
  });
  const input = { table: "audit_log_2024_03" };
  expect(await run(drop, admin, input)).toMatchObject({
    ok: false,
    error: { code: "BAD_INPUT", fields: { confirmation: expect.stringContaining("audit_log_2024_03") } },
  });
  expect(await run(drop, admin, input, "audit_log_2024_04")).toMatchObject({ ok: false });
  expect(ran).toBe(0);
  expect(await run(drop, admin, input, "audit_log_2024_03")).toMatchObject({ ok: true });
});
