import { sql } from "drizzle-orm";
import type { z } from "zod";
import type { IntakeChannel } from "../../../drizzle/console/schema/requests.ts";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import type { MasterKeys } from "../../audit-db/vault/types.ts";
import type { Tx } from "../../db/console-db.ts";
import { consoleLocks } from "../../db/locks.ts";
import { AppError } from "../../errors.ts";
import { openMasterKeys } from "../../key-store/open-master-keys.ts";
import { readController, regimeOf } from "../controller.ts";
import { createRequestKey, sealPerson } from "../sealed.ts";
import { createPersonFinder, type PersonFinder, tellingIdentifiers } from "./person-finder.ts";
import type { openRequestInput, SealedRequest } from "./request-input.ts";

/** What was asked, and by whom, before it is sealed. */
export type GivenRequest = Omit<z.infer<typeof openRequestInput>, "channel">;

export interface IntakeContext {
  tx: Tx;
  /** Names of the console's targets. */
  auditTargets: readonly string[];
  now: Date;
}

/** Seals requests, one after another, while nobody else takes one in. */
export interface Intake extends IntakeContext {
  masterKeys: MasterKeys;
  finder: PersonFinder;
}

/**
 * Lets nobody else take a request in until the transaction ends, so that two of one person see each other, and forgets every
 * key after `work`. @throws AppError UNSUPPORTED without master keys
 */
export async function withIntake<T>(
  { tx, auditTargets, now }: IntakeContext,
  work: (intake: Intake) => Promise<T>,
): Promise<T> {
  const masterKeys = openMasterKeys();
  await tx.execute(sql`select pg_advisory_xact_lock(${consoleLocks.requestIntake})`);
  const finder = createPersonFinder(tx, masterKeys);
  try {
    return await work({ tx, auditTargets, now, masterKeys, finder });
  } finally {
    finder.forget();
  }
}

/**
 * Draws the request's key and seals who asks, in the caller's transaction.
 * @throws AppError BAD_INPUT for a target that there is not or a time that is to come
 */
export async function sealRequest(
  { tx, masterKeys, auditTargets, now, finder }: Intake,
  given: GivenRequest,
  channel: IntakeChannel,
): Promise<SealedRequest> {
  const { kind, organizations, person, receivedAt = now } = given;
  // Said by name: a target that is added later is no part of what was asked.
  const targets = given.targets.length > 0 ? given.targets : [...auditTargets];
  assertPossible(given, auditTargets, now, { repeat: channel !== "webhook" });
  const { country, region, timeZone, ...theirs } = await readController(tx, organizations);
  const identifiers = tellingIdentifiers(person);
  const same = await finder.find(kind, identifiers);
  const id = uuidV7(now.getTime());
  const key = await createRequestKey(tx, masterKeys, id);
  try {
    return {
      ...{ id, kind, organizations, targets, country, region, timeZone, channel },
      regime: given.regime ?? regimeOf({ country, region }),
      language: given.language ?? theirs.language,
      receivedAt: receivedAt.toISOString(),
      reference: given.reference ?? null,
      sealed: sealPerson(key, person).toString("base64"),
      digests: [...new Set(identifiers.map((one) => key.digest(one).toString("hex")))],
      ...same,
    };
  } finally {
    key.forget();
  }
}

/** Whoever hands in a letter of ten years ago has mistyped its date. */
const oldestMs = 10 * 366 * 86_400_000;

/** @param options.repeat whether a name that is no target's is said, to whoever typed it. @throws AppError BAD_INPUT */
export function assertPossible(
  { targets, receivedAt }: Pick<GivenRequest, "targets" | "receivedAt">,
  auditTargets: readonly string[],
  now: Date,
  { repeat = true } = {},
): void {
  const unknown = targets.filter((target) => !auditTargets.includes(target));
  // What is no name may be a person in the wrong place: it is not repeated.
  const named = unknown.filter((target) => repeat && /^[\w.-]{1,60}$/.test(target)).join(", ");
  if (unknown.length > 0) throw wrong("targets", `name no target of this console${named && `: ${named}`}`);
  if (!receivedAt) return;
  if (receivedAt > now) throw wrong("receivedAt", "lies in the future");
  if (now.getTime() - receivedAt.getTime() > oldestMs)
    throw wrong("receivedAt", "lies more than ten years back");
}

function wrong(field: string, message: string): AppError {
  return new AppError("BAD_INPUT", `${field}: ${message}`, { fields: { [field]: message } });
}
