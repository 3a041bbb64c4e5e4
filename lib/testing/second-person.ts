import { sql } from "drizzle-orm";
import { z } from "zod";
import { createToken } from "../accounts/create-token.ts";
import { createApprovalsVerbs } from "../approvals/verbs.ts";
import type { Actor } from "../auth/actor.ts";
import { authenticateBearer, type TokenScope } from "../auth/tokens.ts";
import { AppError } from "../errors.ts";
import { reasonInput } from "../reason.ts";
import { type AdminAction, defineAdminAction } from "../verbs/admin-action.ts";
import { defineEffect } from "../verbs/effects/effect.ts";
import { type Administration, startAdministration } from "./administration.ts";
import { addActor } from "./people.ts";

/** A verb that a second person must approve, for two hours; it writes into `retired`. */
export const retire = defineAdminAction({
  name: "test.retire",
  role: "operator",
  target: true,
  input: z.strictObject({
    target: z.string(),
    table: z.string(),
    before: z.coerce.date(),
    reason: reasonInput,
    fail: z.boolean().default(false),
  }),
  approval: { role: "admin", expiresHours: 2 },
  object: ({ table }) => ({ type: "table", id: table, name: table }),
  async run({ tx, actor }, { reason, fail, ...input }) {
    await tx.execute(sql`insert into retired values (${JSON.stringify(input)}, ${actor.id})`);
    if (fail) throw new AppError("CONFLICT", "Somebody holds the table.");
    return {
      data: { retired: input.table },
      object: { type: "table", id: input.table, name: input.table },
      detail: { reason },
    };
  },
});

export const typed = "Ticket AUD-7, the table of oddword";
export const input = {
  target: "audit",
  table: "audit_log_2020_01",
  before: "2026-01-01T00:00:00Z",
  reason: typed,
};

/** A verb with an effect outside that a second person must approve. `seen` is told the request's state meanwhile. */
function dropWith(administration: Administration, seen: (state: string | undefined) => void) {
  return defineAdminAction({
    name: "test.drop",
    role: "operator",
    target: true,
    input: z.strictObject({ target: z.string(), table: z.string(), fail: z.boolean() }),
    approval: { role: "admin" },
    effect: defineEffect({
      action: "test.drop",
      input: z.strictObject({ table: z.string() }),
      look: async () => "not done",
    }),
    run: async (_, { table, fail }) => ({
      intends: { table },
      async carryOut() {
        const [row] = await administration.sql`select state from approval order by id desc limit 1`;
        seen(row?.state);
        if (fail) throw new AppError("CONFLICT", "Somebody holds the table.");
        return { data: { dropped: table } };
      },
    }),
  });
}

/** A console where `retire` and `drop` wait for a second person. */
export type SecondPerson = Awaited<ReturnType<typeof startSecondPerson>>;

export async function startSecondPerson() {
  const administration = await startAdministration();
  await administration.sql`create table retired (input jsonb not null, by_whom text not null)`;
  const [requester, approver] = [
    await addActor(administration.console, "operator"),
    await addActor(administration.console, "admin"),
  ];
  const given = { administration, requester, approver, seenWhileDone: undefined as string | undefined };
  const drop = dropWith(administration, (state) => {
    given.seenWhileDone = state;
  });
  const verbs = [retire, drop] as unknown as AdminAction<z.ZodType, unknown>[];
  return Object.assign(given, {
    drop,
    ...createApprovalsVerbs((name) => verbs.find((verb) => verb.name === name)),
    /** No requests, and two people who have done nothing yet. */
    async reset() {
      await administration.sql`truncate retired, approval`;
      given.requester = await addActor(administration.console, "operator");
      given.approver = await addActor(administration.console, "admin");
    },
    /** Asks for `retire`. @returns what an approver needs to say */
    async ask(actor: Actor = given.requester, more: object = {}) {
      const data = await administration.succeed(retire, actor, { ...input, ...more });
      if (!("approvalId" in data)) throw new Error("it ran at once");
      const [row] = await administration.sql`select digest from approval where id = ${data.approvalId}`;
      return { approvalId: data.approvalId, digest: String(row?.digest) };
    },
    stateOf: async (id: string) =>
      (await administration.sql`select state, version from approval where id = ${id}`)[0],
    /** What `retire` did. */
    ran: () => administration.sql`select input, by_whom from retired`,
    async tokenOf(actor: Actor, scope: TokenScope, targets?: string[]): Promise<Actor & { secret: string }> {
      const { secret } = await administration.succeed(createToken, actor, {
        name: scope,
        scopes: [scope],
        ...(targets && { targets }),
      });
      return { ...(await authenticateBearer(administration.console.db, `Bearer ${secret}`)), secret };
    },
    close: () => administration.close(),
  });
}
