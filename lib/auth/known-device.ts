import { createHash } from "node:crypto";
import { decode, encode } from "next-auth/jwt";
import { secureCookies, sessionSecret } from "./session-cookie.ts";

/** A key of its own, derived from the same secret: a session's cookie is no device's, and the other way round. */
const salt = "audit-db device";
const keptSeconds = 180 * 86_400;

/** One cookie an account and browser; its name tells neither. */
function cookieName(userId: string): string {
  const account = createHash("sha256").update(`device\0${userId}`).digest("hex").slice(0, 16);
  return `${secureCookies() ? "__Host-" : ""}audit-db-device-${account}`;
}

/**
 * The id of this browser as one that `userId` has signed in from, or null when it is not known. Device cookies as OWASP
 * describes them: they let nobody in, guesses from such a browser are only counted apart from strangers'.
 * @param cookies of the request
 */
export async function knownDevice(
  cookies: readonly { name: string; value: string }[],
  userId: string,
): Promise<string | null> {
  const token = cookies.find(({ name }) => name === cookieName(userId))?.value;
  if (!token) return null;
  try {
    const claims = await decode({ token, secret: sessionSecret(), salt });
    return claims?.sub === userId && typeof claims.jti === "string" ? claims.jti : null;
  } catch {
    return null;
  }
}

/** `Set-Cookie` for a browser that `userId` has just signed in from; void once NEXTAUTH_SECRET changes. */
export async function deviceCookie(userId: string): Promise<string> {
  const token = await encode({ token: { sub: userId }, secret: sessionSecret(), salt, maxAge: keptSeconds });
  const attributes = ["Path=/", `Max-Age=${keptSeconds}`, "HttpOnly", "SameSite=Strict"];
  if (secureCookies()) attributes.push("Secure");
  return [`${cookieName(userId)}=${token}`, ...attributes].join("; ");
}
