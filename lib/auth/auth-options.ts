import { eq } from "drizzle-orm";
import type { NextAuthOptions, Profile } from "next-auth";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { answerError } from "../answer-error.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { recordActivity } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { deviceCookie } from "./known-device.ts";
import { resolveOidcUser } from "./oidc.ts";
import { ownPath } from "./own-path.ts";
import { forgetSessions } from "./remembered-sessions.ts";
import { secureCookies, sessionSecret } from "./session-cookie.ts";
import { createSession, sessionActor, sessionDays } from "./sessions.ts";
import { signInWithPassword } from "./sign-in.ts";

export interface AuthRequest {
  console: ConsoleDb;
  ip: string | null;
  userAgent: string | null;
  cookies: readonly { name: string; value: string }[];
  /** Takes a `Set-Cookie` line for the answer. */
  setCookie(line: string): void;
  logger: Logger;
}

/**
 * next-auth's options for one request. The cookie carries only the session's id (`sid`): who that is, and
 * with which role, is read from the database each time.
 */
export function createAuthOptions(request: AuthRequest): NextAuthOptions {
  const { console, logger } = request;
  const auditTargets = env().targets.map((target) => target.name);
  // next-auth hands the outcome of one callback to the next in pieces; these options live for one request.
  let signedIn: { userId: string; sessionId: string } | null = null;

  return {
    secret: sessionSecret(),
    session: { strategy: "jwt", maxAge: sessionDays * 86_400 },
    useSecureCookies: secureCookies(),
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    providers: [
      {
        id: "credentials",
        name: "Password",
        type: "credentials",
        credentials: {},
        async authorize(given: Record<string, string> | undefined) {
          try {
            signedIn = await signInWithPassword(
              { console, auditTargets },
              {
                email: String(given?.email ?? "").slice(0, 254),
                password: String(given?.password ?? ""),
                ip: request.ip,
                userAgent: request.userAgent,
                cookies: request.cookies,
              },
            );
            request.setCookie(await deviceCookie(signedIn.userId));
            return { id: signedIn.userId };
          } catch (thrown) {
            // next-auth passes this text on as the page's `error`: codes only.
            throw new Error(answerError(thrown, { door: "sign-in" }, logger).code);
          }
        },
      },
      ...(env().OIDC_ISSUER ? [oidcProvider()] : []),
    ],
    callbacks: {
      async signIn({ account, profile }) {
        if (account?.type !== "oauth") return signedIn !== null;
        try {
          signedIn = await signInWithOidc(request, auditTargets, profile);
          request.setCookie(await deviceCookie(signedIn.userId));
          return true;
        } catch (thrown) {
          if (thrown instanceof AppError) return `/sign-in?error=${encodeURIComponent(oidcRefusal(thrown))}`;
          return `/sign-in?error=${answerError(thrown, { door: "single sign-on" }, logger).code}`;
        }
      },
      jwt({ token }) {
        return signedIn ? { sub: signedIn.userId, sid: signedIn.sessionId } : token;
      },
      async session({ session, token }) {
        const actor =
          typeof token.sid === "string" ? await sessionActor(console.db, token.sid, request.ip) : null;
        return { expires: session.expires, ...(actor && { user: { name: actor.name, email: actor.email } }) };
      },
      redirect({ url, baseUrl }) {
        const { origin } = new URL(baseUrl);
        return origin + (ownPath(url, origin) ?? "/");
      },
    },
    events: {
      async signOut({ token }) {
        forgetSessions();
        if (typeof token?.sid === "string") await endSession(console, token.sid, auditTargets);
      },
    },
    logger: {
      // Their metadata holds requests and tokens: the code and the error's own text must do.
      error: (code, metadata) => logger.warn({ code, reason: reasonOf(metadata) }, "next-auth"),
      warn: (code) => logger.debug({ code }, "next-auth"),
      debug: () => {},
    },
  };
}

function oidcProvider(): OAuthConfig<Profile & { sub: string; email?: string; name?: string }> {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = env();
  return {
    id: "oidc",
    name: OIDC_NAME,
    type: "oauth",
    wellKnown: `${OIDC_ISSUER?.replace(/\/$/, "")}/.well-known/openid-configuration`,
    ...(OIDC_CLIENT_ID && { clientId: OIDC_CLIENT_ID }),
    ...(OIDC_CLIENT_SECRET && { clientSecret: OIDC_CLIENT_SECRET }),
    authorization: { params: { scope: "openid email profile" } },
    checks: ["pkce", "state", "nonce"],
    idToken: true,
    userinfo: {
      // With the code flow many providers put e-mail and name only there, not into the ID token.
      async request({ client, tokens }) {
        // It is openid-client's TokenSet, whatever the type says.
        const claims = (tokens as unknown as { claims(): Profile & { sub: string } }).claims();
        if (!client.issuer.metadata.userinfo_endpoint || !tokens.access_token) return claims;
        const info = await client.userinfo(tokens.access_token);
        if (info.sub !== claims.sub) throw new Error("userinfo speaks of somebody else than the ID token");
        return { ...claims, ...info };
      },
    },
    profile: (profile) => ({ id: profile.sub, email: profile.email ?? null, name: profile.name ?? null }),
  };
}

async function signInWithOidc(
  request: AuthRequest,
  auditTargets: readonly string[],
  profile: (Profile & { email_verified?: unknown }) | undefined,
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
      { userId, method: "oidc", ip: request.ip, userAgent: request.userAgent },
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

/** The sign-in page shows its own words for each of these. */
function oidcRefusal(error: AppError): string {
  if (/verified/.test(error.message)) return "OIDC_UNVERIFIED";
  if (/disabled/.test(error.message)) return "OIDC_DISABLED";
  if (/e-mail/.test(error.message)) return "OIDC_NO_EMAIL";
  return error.code;
}

async function endSession(console: ConsoleDb, sid: string, auditTargets: readonly string[]): Promise<void> {
  const actor = await sessionActor(console.db, sid, null);
  if (!actor) return;
  const now = new Date();
  await console.db.transaction(async (tx) => {
    await tx.update(schema.sessions).set({ revokedAt: now }).where(eq(schema.sessions.id, sid));
    await recordActivity(
      tx,
      { actor, action: "sign-out", outcome: "success", object: { type: "session", id: sid } },
      auditTargets,
      now,
    );
  });
}

function reasonOf(metadata: unknown): string | undefined {
  const error = metadata instanceof Error ? metadata : (metadata as { error?: unknown } | null)?.error;
  return error instanceof Error ? error.message : undefined;
}
