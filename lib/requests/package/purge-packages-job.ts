import { and, eq, inArray, isNotNull, lt, ne, or } from "drizzle-orm";
import { z } from "zod";
import { systemActor } from "../../auth/actor.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { recordActivity } from "../../db/record.ts";
import { schema } from "../../db/schema.ts";
import { env } from "../../env.ts";
import { defineJob } from "../../jobs/define-job.ts";
import { endStates } from "../../request-law/states.ts";
import { purgePackage } from "./purge-package.ts";

/** A package that nobody downloaded is deleted so many days after it was made. */
export const packageDays = 14;

/** Deletes what nobody fetches any more: packages whose time is over, and those of requests that have ended. */
export const purgePackagesJob = defineJob({
  name: "privacy.purge_packages",
  title: "Delete packages that nobody downloaded",
  input: z.strictObject({}),
  keepDays: 7,
  run: async ({ console, now }) => ({ purged: await purgePackages(console, now()) }),
});

/** @returns how many */
export async function purgePackages({ db }: ConsoleDb, now: Date): Promise<number> {
  const { requestPackage, privacyRequest } = schema;
  const before = new Date(now.getTime() - packageDays * 86_400_000);
  const over = await db
    .select({
      id: requestPackage.id,
      requestId: requestPackage.requestId,
      state: requestPackage.state,
      number: privacyRequest.number,
      readyAt: requestPackage.readyAt,
    })
    .from(requestPackage)
    .innerJoin(privacyRequest, eq(privacyRequest.id, requestPackage.requestId))
    .where(
      and(
        inArray(requestPackage.state, ["collecting", "sealing", "ready", "failed"]),
        or(
          lt(requestPackage.readyAt, before),
          isNotNull(privacyRequest.personalDestroyedAt),
          and(inArray(privacyRequest.state, endStates), ne(privacyRequest.state, "closed")),
        ),
      ),
    );
  let purged = 0;
  for (const { number, readyAt, ...row } of over) {
    const why = readyAt !== null && readyAt < before ? "expired" : "request_ended";
    const targets = env().targets.map(({ name }) => name);
    await db.transaction(async (tx) => {
      if (!(await purgePackage(tx, row, { why, actor: null, now }))) return;
      purged++;
      const told = {
        actor: systemActor("worker"),
        action: "request.purge_package",
        outcome: "success",
        object: { type: "request", id: String(number) },
        facts: { package: row.id, why },
      } as const;
      await recordActivity(tx, told, targets, now);
    });
  }
  return purged;
}
