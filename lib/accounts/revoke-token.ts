import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { defineAdminAction } from "../auth/admin-action.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";

/** Ends an API token for good, from the next request on. */
export const revokeToken = defineAdminAction({
  name: "token.revoke",
  role: "admin",
  input: z.strictObject({ tokenId: z.uuid("is not a token's id") }),
  object: ({ tokenId }) => ({ type: "token", id: tokenId }),
  async run({ tx, now }, { tokenId }) {
    const { apiTokens } = schema;
    const [token] = await tx
      .update(apiTokens)
      .set({ revokedAt: sql`coalesce(${apiTokens.revokedAt}, ${now.toISOString()}::timestamptz)` })
      .where(eq(apiTokens.id, tokenId))
      .returning({ name: apiTokens.name });
    if (!token) throw new AppError("NOT_FOUND", "There is no such token.");
    return { data: { id: tokenId }, object: { type: "token", id: tokenId, name: token.name } };
  },
});
