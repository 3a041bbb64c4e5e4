import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { ConsoleDb, Queryable } from "../../db/console-db.ts";
import { recordActivity } from "../../db/record.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { openMasterKeys } from "../../key-store/open-master-keys.ts";
import { insertRequest } from "../intake/insert-request.ts";
import type { SealedRequest } from "../intake/request-input.ts";
import { type GivenRequest, type Intake, sealRequest, withIntake } from "../intake/seal-request.ts";
import { intakeDefaults, sourceName } from "./intake-defaults.ts";
import { mapMessage } from "./map-message.ts";
import { isSignedBy, type SignedHead } from "./source-secret.ts";

export interface MessageContext {
  console: ConsoleDb;
  auditTargets: readonly string[];
  now: Date;
}

/** What came of a message. */
export interface TakenMessage {
  number: number;
  /** Whether it was in already: a message may come several times. */
  repeated: boolean;
}

/** A message as it came over the wire. */
export interface SourceMessage {
  source: string;
  head: SignedHead;
  body: string;
}

const messageId = z.string().regex(/^[\x21-\x7e]{1,200}$/);

/**
 * Asks whether a message was signed by the source that its address names. Who is not told apart from where: a stranger learns
 * no names. @throws AppError UNAUTHENTICATED; UNSUPPORTED without master keys
 */
export async function assertSigned(
  { console, now }: MessageContext,
  { source, head, body }: SourceMessage,
): Promise<void> {
  const masterKeys = openMasterKeys();
  const known = sourceName.safeParse(source).success && messageId.safeParse(head.id).success;
  if (known && (await isSignedBy(console.db, masterKeys, source, head, body, now))) return;
  throw new AppError("UNAUTHENTICATED", "No such source signed this message within five minutes.", {
    hint: "Sign by Standard Webhooks with the key of the source, and check the clock of whoever signs.",
  });
}

/**
 * Takes in what a ticketing system handed in, once however often it comes: by the ticket's number, or by the message's id
 * where it has none. For a message that is signed.
 * @throws AppError FORBIDDEN for a source that is switched off, BAD_INPUT naming what is wrong or missing
 */
export async function takeMessage(
  { console, auditTargets, now }: MessageContext,
  { source, head, body }: SourceMessage,
): Promise<TakenMessage> {
  return console.db.transaction(async (tx) => {
    const { intakeSource } = schema;
    const [row] = await tx.select().from(intakeSource).where(eq(intakeSource.name, source));
    if (!row?.enabled) throw new AppError("FORBIDDEN", "This source is switched off.");
    const given = notAhead(mapMessage(parseJson(body), intakeDefaults.parse(row.defaults)), now);
    const reference = given.reference ?? head.id;
    return withIntake({ tx, auditTargets, now }, async (intake) => {
      const known = await findTaken(tx, source, reference);
      if (known !== null) return { number: known, repeated: true };
      const sealed = await sealRequest(intake, { ...given, reference }, "webhook");
      const { number } = await insertRequest(tx, sealed, { actor: null, source }, now);
      await recordTaken(intake, source, number, sealed);
      return { number, repeated: false };
    });
  });
}

/** As far as a signature's clock may differ. */
const aheadMs = 5 * 60_000;

/** A ticketing system whose clock is a little ahead hands in what is received now: a request is not lost for that. */
function notAhead(given: GivenRequest, now: Date): GivenRequest {
  const aheadBy = (given.receivedAt?.getTime() ?? 0) - now.getTime();
  return aheadBy > 0 && aheadBy <= aheadMs ? { ...given, receivedAt: now } : given;
}

async function recordTaken(
  { tx, auditTargets, now }: Intake,
  source: string,
  number: number,
  { kind, regime, channel, duplicates, earlier }: SealedRequest,
): Promise<void> {
  const entry = {
    actor: { kind: "system", id: null, name: `source ${source}` },
    action: "request.open",
    outcome: "success",
    object: { type: "request", id: String(number) },
    facts: { kind, regime, channel, source, duplicates, earlier: earlier?.request ?? null },
  } as const;
  await recordActivity(tx, entry, auditTargets, now);
}

async function findTaken(db: Queryable, source: string, reference: string): Promise<number | null> {
  const { privacyRequest: request } = schema;
  const [row] = await db
    .select({ number: request.number })
    .from(request)
    .where(and(eq(request.source, source), eq(request.reference, reference)));
  return row?.number ?? null;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AppError("BAD_INPUT", "The message is no JSON.");
  }
}
