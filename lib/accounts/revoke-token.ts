import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";

const { apiTokens } = schema;

/** Ends an API token for good, from the next request on. */
export const revokeToken = defineAdminAction({
  name: "token.revoke",
  role: "admin",
  input: z.strictObject({ tokenId: z.uuid("is not a token's id") }),
  answer: z.strictObject({ id: z.uuid() }),
  object: ({ tokenId }) => ({ type: "token", id: tokenId }),
  async confirm({ tx }, { tokenId }) {
    const [token] = await tx
      .select({ name: apiTokens.name })
      .from(apiTokens)
      .where(eq(apiTokens.id, tokenId));
    if (!token) throw noSuchToken();
    return token.name;
  },
  async run({ tx, now }, { tokenId }) {
    const [token] = await tx
      .update(apiTokens)
      .set({ revokedAt: sql`coalesce(${apiTokens.revokedAt}, ${now.toISOString()}::timestamptz)` })
      .where(eq(apiTokens.id, tokenId))
      .returning({ name: apiTokens.name });
    if (!token) throw noSuchToken();
    return { data: { id: tokenId }, object: { type: "token", id: tokenId, name: token.name } };
  },
});

function noSuchToken(): AppError {
  return new AppError("NOT_FOUND", "There is no such token.");
}
