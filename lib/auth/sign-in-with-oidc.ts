import { eq } from "drizzle-orm";
import type { Profile } from "next-auth";
import { recordActivity } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import type { AuthRequest } from "./next-auth/auth-flow.ts";
import { resolveOidcUser } from "./oidc.ts";
import { createSession } from "./sessions.ts";

/**
 * Opens a session for whom the configured provider says has signed in, whose account is made or linked the first time.
 * @throws AppError FORBIDDEN, UNAVAILABLE
 */
export async function signInWithOidc(
  request: Pick<AuthRequest, "console" | "ip" | "userAgent">,
  auditTargets: readonly string[],
  profile: (Profile & { email_verified?: unknown; auth_time?: unknown }) | undefined,
): Promise<{ userId: string; sessionId: string }> {
  const { OIDC_ISSUER, OIDC_DEFAULT_ROLE } = env();
  const subject = profile?.sub;
  if (!OIDC_ISSUER || !subject) throw new AppError("FORBIDDEN", "The provider did not say who you are.");
  const now = new Date();
  return request.console.db.transaction(async (tx) => {
    const userId = await resolveOidcUser(
      tx,
      {
        issuer: OIDC_ISSUER,
        subject,
        email: profile.email ?? null,
        emailVerified: profile.email_verified === true || profile.email_verified === "true",
        name: profile.name ?? null,
      },
      OIDC_DEFAULT_ROLE,
      auditTargets,
      now,
    );
    const sessionId = await createSession(
      tx,
      {
        userId,
        method: "oidc",
        ip: request.ip,
        userAgent: request.userAgent,
        reauthenticatedAt: provenAt(profile?.auth_time, now),
      },
      now,
    );
    const [user] = await tx.select().from(schema.users).where(eq(schema.users.id, userId));
    await recordActivity(
      tx,
      {
        actor: {
          kind: "user",
          id: userId,
          name: user?.name ?? "",
          email: user?.email ?? null,
          ip: request.ip,
        },
        action: "sign-in.oidc",
        outcome: "success",
        object: { type: "session", id: sessionId },
      },
      auditTargets,
      now,
    );
    return { userId, sessionId };
  });
}

/**
 * When the provider saw the person themselves: the ID token's `auth_time`, which is there whenever `max_age` was asked.
 * Without it a provider may have let in whoever sits before its own open session.
 */
function provenAt(authTime: unknown, now: Date): Date | null {
  return typeof authTime === "number" ? new Date(Math.min(authTime * 1_000, now.getTime())) : null;
}
