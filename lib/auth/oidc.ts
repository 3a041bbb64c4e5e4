import { and, eq, sql } from "drizzle-orm";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { Tx } from "../db/console-db.ts";
import { consoleLocks } from "../db/locks.ts";
import { recordActivity } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import type { Role } from "../env/sign-in-variables.ts";
import { refuseOidc } from "./oidc-refusal.ts";

/** Who a provider says has signed in. */
export interface OidcProfile {
  issuer: string;
  subject: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
}

/**
 * The user behind a provider's identity. The first time it is linked to the account of that e-mail, or a new
 * account is made with `defaultRole`; both only when the provider vouches for the e-mail, because whoever
 * could claim another's address would get their account.
 * @throws AppError FORBIDDEN with one of the reasons of `refuseOidc`
 */
export async function resolveOidcUser(
  tx: Tx,
  profile: OidcProfile,
  defaultRole: Role,
  auditTargets: readonly string[],
  now: Date,
): Promise<string> {
  const { users, oidcIdentities } = schema;
  await tx.execute(sql`select pg_advisory_xact_lock(${consoleLocks.singleSignOn})`);
  const [known] = await tx
    .select({ id: users.id, disabledAt: users.disabledAt })
    .from(oidcIdentities)
    .innerJoin(users, eq(users.id, oidcIdentities.userId))
    .where(and(eq(oidcIdentities.issuer, profile.issuer), eq(oidcIdentities.subject, profile.subject)));
  if (known) return enabled(known);

  const email = profile.email?.trim().toLowerCase();
  if (!email) throw refuseOidc("OIDC_NO_EMAIL");
  if (!profile.emailVerified) throw refuseOidc("OIDC_UNVERIFIED");
  const [account] = await tx
    .select({ id: users.id, disabledAt: users.disabledAt })
    .from(users)
    .where(eq(users.email, email));
  const id = account ? enabled(account) : uuidV7(now.getTime());
  if (!account) {
    await tx
      .insert(users)
      .values({ id, email, name: profile.name?.trim().slice(0, 200) || email, role: defaultRole });
  }
  await tx
    .insert(oidcIdentities)
    .values({ issuer: profile.issuer, subject: profile.subject, userId: id, linkedAt: now });
  await recordActivity(
    tx,
    {
      actor: { kind: "system", id: "oidc", name: "single sign-on" },
      action: account ? "user.link" : "user.create",
      outcome: "success",
      object: { type: "user", id, name: email },
      facts: { issuer: profile.issuer, ...(!account && { role: defaultRole }) },
    },
    auditTargets,
    now,
  );
  return id;
}

function enabled(user: { id: string; disabledAt: Date | null }): string {
  if (user.disabledAt) throw refuseOidc("OIDC_DISABLED");
  return user.id;
}
