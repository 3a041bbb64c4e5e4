import { and, eq, isNull } from "drizzle-orm";
import type { Actor } from "../../auth/actor.ts";
import { can, roleNames } from "../../auth/roles.ts";
import { tokenActor } from "../../auth/tokens.ts";
import type { Tx } from "../../db/console-db.ts";
import type { ActivityEntry } from "../../db/record.ts";
import { schema } from "../../db/schema.ts";
import type { Role } from "../../env/sign-in-variables.ts";
import { AppError } from "../../errors.ts";
import type { Approval } from "./move-approval.ts";

/**
 * Whoever asked for it, with the right they have now: it is their act, however much later it runs.
 * @throws AppError FORBIDDEN when they could not ask for it any more
 */
export async function readRequester(tx: Tx, approval: Approval, needed: Role, now: Date): Promise<Actor> {
  const { requestedToken, requestedByName } = approval;
  const actor = requestedToken
    ? await tokenActor(tx, requestedToken, null, now)
    : await personActor(tx, approval.requestedBy);
  if (!actor)
    throw new AppError(
      "FORBIDDEN",
      requestedToken
        ? `The token with which ${requestedByName} asked for it no longer holds.`
        : `${requestedByName}, who asked for it, is disabled or has no account any more.`,
    );
  if (!can(actor.role, needed))
    throw new AppError(
      "FORBIDDEN",
      `This needs the role ${roleNames[needed]}; ${requestedByName}, who asked for it, has ${roleNames[actor.role]} now.`,
    );
  return actor;
}

/** The same for the record, when they could not be read. */
export function requesterOf({ requestedBy, requestedByName }: Approval): ActivityEntry["actor"] {
  return { kind: "user", id: requestedBy, name: requestedByName, email: requestedByName };
}

async function personActor(tx: Tx, id: string): Promise<Actor | null> {
  const { users } = schema;
  const [user] = await tx
    .select()
    .from(users)
    .where(and(eq(users.id, id), isNull(users.disabledAt)));
  if (!user) return null;
  const { email, name, role } = user;
  return {
    kind: "user",
    id,
    name,
    email,
    person: { id, email },
    role,
    sessionId: null,
    reauthenticatedAt: null,
    targets: null,
    mustChangePassword: false,
    ip: null,
  };
}
