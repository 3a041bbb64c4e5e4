import { z } from "zod";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { can } from "../auth/roles.ts";
import { newTokenSecret, type TokenScope, tokenScopes } from "../auth/tokens.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { targetInput } from "../inputs.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { nameInput } from "./inputs.ts";

const scopes = Object.keys(tokenScopes) as [TokenScope, ...TokenScope[]];

const officerScopes: ReadonlySet<TokenScope> = new Set(["privacy", "read"]);

/** Makes an API token; its secret is in the answer and nowhere else. */
export const createToken = defineAdminAction({
  name: "token.create",
  role: "privacy_officer",
  reauthenticate: "/settings/tokens",
  input: z.strictObject({
    name: nameInput.max(100),
    scopes: z.array(z.enum(scopes)).min(1, "needs at least one").max(scopes.length),
    targets: z.array(targetInput).min(1, "needs at least one, or leave it out").max(100).optional(),
    expiresInDays: z.coerce.number().int().min(1).max(366).default(90),
  }),
  answer: z.strictObject({ id: z.uuid(), name: z.string(), secret: z.string(), expiresAt: z.date() }),
  async run({ tx, actor, now }, { name, scopes, targets, expiresInDays }) {
    // Else a leaked token could outlive its own revocation.
    if (actor.kind === "token") throw new AppError("FORBIDDEN", "A token cannot make tokens.");
    if (!can(actor.role, "admin") && scopes.some((scope) => !officerScopes.has(scope)))
      throw new AppError(
        "FORBIDDEN",
        "A privacy officer makes tokens with the scopes privacy and read alone.",
      );
    // One role stands beside the other, and a token acts with one.
    if (scopes.includes("privacy") && scopes.includes("operate"))
      throw new AppError("BAD_INPUT", "A token is for privacy or for operating: make two.");
    const { secret, hash, prefix } = newTokenSecret();
    const id = uuidV7(now.getTime());
    const expiresAt = new Date(now.getTime() + expiresInDays * 86_400_000);
    await tx.insert(schema.apiTokens).values({
      id,
      name,
      createdBy: actor.kind === "user" ? actor.id : null,
      hash,
      prefix,
      scopes,
      targets: targets ?? null,
      createdAt: now,
      expiresAt,
    });
    return {
      data: { id, name, secret, expiresAt },
      object: { type: "token", id, name },
      facts: { scopes, targets: targets ?? "all", expiresAt: expiresAt.toISOString() },
    };
  },
});
