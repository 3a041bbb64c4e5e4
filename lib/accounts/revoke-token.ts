import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import { can } from "../auth/roles.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";

const { apiTokens } = schema;

/** Ends an API token for good, from the next request on: an administrator any, a privacy officer their own. */
export const revokeToken = defineAdminAction({
  name: "token.revoke",
  role: "privacy_officer",
  input: z.strictObject({ tokenId: z.uuid("is not a token's id") }),
  answer: z.strictObject({ id: z.uuid() }),
  object: ({ tokenId }) => ({ type: "token", id: tokenId }),
  async confirm({ tx, actor }, { tokenId }) {
    const [token] = await tx
      .select({ name: apiTokens.name })
      .from(apiTokens)
      .where(withinReach(actor, tokenId));
    if (!token) throw noSuchToken();
    return token.name;
  },
  async run({ tx, actor, now }, { tokenId }) {
    const [token] = await tx
      .update(apiTokens)
      .set({ revokedAt: sql`coalesce(${apiTokens.revokedAt}, ${now.toISOString()}::timestamptz)` })
      .where(withinReach(actor, tokenId))
      .returning({ name: apiTokens.name });
    if (!token) throw noSuchToken();
    return { data: { id: tokenId }, object: { type: "token", id: tokenId, name: token.name } };
  },
});

function withinReach({ role, person }: Actor, tokenId: string) {
  const own = can(role, "admin") ? undefined : eq(apiTokens.createdBy, person?.id ?? tokenId);
  return and(eq(apiTokens.id, tokenId), own);
}

function noSuchToken(): AppError {
  return new AppError("NOT_FOUND", "There is no such token.");
}
