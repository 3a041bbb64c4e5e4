import "server-only";

import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Actor } from "@/lib/auth/actor";
import { clientAddress } from "@/lib/auth/client-address";
import { signInPath } from "@/lib/auth/own-path";
import { knownSessionActor } from "@/lib/auth/remembered-sessions";
import { readRequestActor } from "@/lib/auth/request-actor";
import { assertCan } from "@/lib/auth/roles";
import { readSessionCookie } from "@/lib/auth/session-cookie";
import { consoleDb } from "@/lib/db/console-db";
import type { Role } from "@/lib/env/sign-in-variables";

/**
 * The person behind this request's cookie, with the role the database has now; null when nobody.
 * @throws AppError UNAVAILABLE while the console database is away, for whoever this process does not remember
 */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const sessionId = await readSessionCookie((await cookies()).getAll());
  if (!sessionId) return null;
  return knownSessionActor(consoleDb(), sessionId, clientAddress(await headers()));
});

/**
 * For pages: sends strangers to the sign-in page and back afterwards, and whoever still has a one-time
 * password to change it first.
 * @param path the page's own path with its query, e.g. `/eu/queries?range=1h`; without it the request's own.
 * @throws AppError FORBIDDEN
 */
export async function requirePageActor(role: Role = "viewer", path?: string): Promise<Actor> {
  const actor = await currentActor();
  if (!actor) {
    const asked = path ?? (await headers()).get("x-path") ?? "/";
    redirect(signInPath(asked));
  }
  if (actor.mustChangePassword) redirect("/account/password");
  assertCan(actor, role, { remembered: true });
  return actor;
}

/** For API routes: bearer token or session. Null when nobody. @throws AppError UNAUTHENTICATED, FORBIDDEN */
export function requestActor(request: Request): Promise<Actor | null> {
  return readRequestActor(request, consoleDb());
}
