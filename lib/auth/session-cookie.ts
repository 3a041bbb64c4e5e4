import { decode } from "next-auth/jwt";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";

/** Cookies are bound to TLS when people use the console over it. */
export function secureCookies(): boolean {
  return env().NEXTAUTH_URL?.startsWith("https://") ?? false;
}

/** The name next-auth gives the session's cookie; long values continue in `NAME.1`, `NAME.2` … */
export function sessionCookieName(): string {
  return `${secureCookies() ? "__Secure-" : ""}next-auth.session-token`;
}

/** @throws AppError UNAVAILABLE: without a secret nobody can be recognised. */
export function sessionSecret(): string {
  const secret = env().NEXTAUTH_SECRET;
  if (!secret) {
    throw new AppError("UNAVAILABLE", "NEXTAUTH_SECRET is not set, so nobody can sign in.", {
      hint: "Set it to at least 32 random characters, e.g. `openssl rand -base64 32`.",
    });
  }
  return secret;
}

/** The session's id out of the request's cookies; null when there is none, or it is forged or expired. */
export async function readSessionCookie(
  cookies: readonly { name: string; value: string }[],
): Promise<string | null> {
  const name = sessionCookieName();
  const token = cookies
    .filter((cookie) => cookie.name === name || cookie.name.startsWith(`${name}.`))
    .sort((a, b) => Number(a.name.slice(name.length + 1)) - Number(b.name.slice(name.length + 1)))
    .map((cookie) => cookie.value)
    .join("");
  if (!token) return null;
  try {
    const claims = await decode({ token, secret: sessionSecret() });
    return typeof claims?.sid === "string" ? claims.sid : null;
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    return null;
  }
}

/** A `Cookie` header as pairs. */
export function parseCookies(header: string | null): { name: string; value: string }[] {
  if (!header) return [];
  return header.split(";").flatMap((part) => {
    const at = part.indexOf("=");
    return at < 0 ? [] : [{ name: part.slice(0, at).trim(), value: part.slice(at + 1).trim() }];
  });
}
