import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import { can } from "../auth/roles.ts";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { changeIncidents } from "./change-incidents.ts";
import { changedAnswer, checkChosen, chosenInput, objectOf } from "./inputs.ts";

/** Says whose an incident is: a person's who may act, or nobody's. */
export const assignIncident = defineAdminAction({
  name: "alert.assign",
  role: "operator",
  target: true,
  input: z
    .strictObject({
      ...chosenInput,
      to: z
        .union([z.literal("me"), z.uuid()])
        .nullable()
        .meta({ description: "A user's id, `me`, or null for nobody" }),
    })
    .superRefine(checkChosen),
  answer: changedAnswer,
  object: objectOf,
  async run(context, { to, ...chosen }) {
    const { tx, actor } = context;
    const person = to === null ? null : await findAssignee(tx, to === "me" ? ownId(actor) : to);
    return changeIncidents(context, chosen, { act: "assign", to: person });
  },
});

function ownId({ person }: Actor): string {
  if (person) return person.id;
  throw new AppError("BAD_INPUT", "Nobody is signed in here: name a person by their id.", {
    fields: { to: "is nobody" },
  });
}

/** @throws AppError BAD_INPUT for somebody who could do nothing about it */
async function findAssignee(tx: Tx, id: string): Promise<{ id: string; name: string }> {
  const { users } = schema;
  const [found] = await tx
    .select({ id: users.id, name: users.name, role: users.role, disabledAt: users.disabledAt })
    .from(users)
    .where(eq(users.id, id));
  if (found && !found.disabledAt && can(found.role, "operator")) return { id: found.id, name: found.name };
  const why = found
    ? found.disabledAt
      ? `${found.name} is disabled`
      : `${found.name} may not act on incidents`
    : "there is no such person";
  throw new AppError("BAD_INPUT", `It cannot be assigned so: ${why}.`, { fields: { to: why } });
}
