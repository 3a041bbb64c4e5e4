import type { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import type { AdminAction } from "./admin-action.ts";

/** A proof that it is you is good this long. */
const provenForMs = 5 * 60_000;

/**
 * That the person who does it has proven within five minutes that it is they. The product itself is nobody who could
 * leave a browser open.
 * @throws AppError REAUTHENTICATE for a session, FORBIDDEN for a token; both with the page's address
 */
export function assertReauthenticated(
  { reauthenticate: page }: Pick<AdminAction<z.ZodType, unknown>, "reauthenticate">,
  { kind, reauthenticatedAt }: Actor,
  now: Date,
): void {
  if (!page || kind === "system") return;
  const hint = `Do it in the console: ${env().NEXTAUTH_URL?.replace(/\/$/, "") ?? ""}${page}`;
  if (kind === "token")
    throw new AppError("FORBIDDEN", "People prove that it is they before this is done; a token cannot.", {
      hint,
    });
  if (reauthenticatedAt && now.getTime() - reauthenticatedAt.getTime() < provenForMs) return;
  throw new AppError("REAUTHENTICATE", "Enter your password again before this is done.", { hint });
}
