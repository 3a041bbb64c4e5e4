import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { Tx } from "../db/console-db.ts";
import { sqlState } from "../db/errors.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { openMasterKeys } from "../key-store/open-master-keys.ts";
import { getSecret, putSecret, replaceSecret } from "../key-store/secrets.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { type ChannelSecret, neededSecret } from "./config.ts";
import { destinationOf } from "./destination.ts";
import { type ChannelInput, channelInput } from "./inputs.ts";
import { abilities, type ChannelKind, channelKinds } from "./kinds.ts";
import { openReach } from "./open-reach.ts";

const uniqueViolation = "23505";
/** So long receivers have to take the new key up. */
const bothKeysMs = 86_400_000;

/**
 * Makes a channel, or changes one. A webhook's signing key that is made here is in the answer and nowhere else. Whoever
 * can change where a channel leads must prove that it is they: everything that goes wrong is told there.
 */
export const setChannel = defineAdminAction({
  name: "channel.set",
  role: "admin",
  reauthenticate: "/",
  input: channelInput,
  answer: z.strictObject({
    id: z.uuid(),
    name: z.string(),
    kind: z.enum(channelKinds),
    key: z.string().nullable().meta({ description: "A webhook's new signing key, shown this once" }),
  }),
  object: ({ channelId, name }) => ({ type: "channel", id: channelId ?? "new", name }),
  async run({ tx, actor, now }, input) {
    const { kind, name, details, config } = input;
    assertDestination(input);
    const before = input.channelId ? await readChannel(tx, input.channelId) : null;
    if (before && before.kind !== kind)
      throw new AppError(
        "BAD_INPUT",
        `This channel is ${abilities[before.kind].title}; its kind does not change.`,
        {
          hint: "Make another channel.",
        },
      );
    const id = before?.id ?? uuidV7(now.getTime());
    const row = { kind, name, details, config, changedAt: now, changedByName: actor.email ?? actor.name };
    try {
      await tx
        .insert(schema.channel)
        .values({ id, enabled: true, createdAt: now, ...row })
        .onConflictDoUpdate({
          target: schema.channel.id,
          // What failed there before says nothing about the way it is set now.
          set: { ...row, failingSince: null, lastError: null, resumeAt: null },
        });
    } catch (thrown) {
      if (sqlState(thrown) !== uniqueViolation) throw thrown;
      throw new AppError("CONFLICT", `There is a channel named “${name}” already.`);
    }
    const key = await keepSecret(tx, id, input, before?.config ?? null, now);
    return {
      data: { id, name, kind, key },
      object: { type: "channel", id, name },
      facts: { kind, details, made: before === null, secret: input.secret !== undefined || key !== null },
    };
  },
});

/** Names are resolved at each delivery; what can be said before then is said to whoever sets it. */
function assertDestination({ kind, config, secret }: ChannelInput): void {
  const destination = destinationOf(kind, config, secret as ChannelSecret | undefined);
  const refused = destination && openReach().refusalOf(destination.host, destination.plain);
  if (refused) throw new AppError("BAD_INPUT", refused);
}

export async function readChannel(tx: Pick<Tx, "select">, id: string) {
  const [found] = await tx.select().from(schema.channel).where(eq(schema.channel.id, id)).for("update");
  if (!found) throw new AppError("NOT_FOUND", "There is no such channel.");
  return found;
}

/** @returns a key that was made here */
async function keepSecret(
  tx: Tx,
  id: string,
  input: ChannelInput,
  configBefore: unknown,
  now: Date,
): Promise<string | null> {
  const name = { purpose: "channel_secret", name: id } as const;
  const kept = configBefore === null ? null : await openKept(tx, name);
  const given =
    input.secret && Object.values(input.secret).some(Boolean) ? (input.secret as ChannelSecret) : null;
  const made = input.kind === "webhook" && !given?.key && (!kept || input.renewKey) ? newKey() : null;
  const needed = neededSecret[input.kind];
  if (needed && !made && !given?.[needed] && !kept)
    throw new AppError("BAD_INPUT", `${abilities[input.kind].title} needs its secret.`, {
      fields: { [`secret.${needed}`]: "is needed" },
    });
  if (kept && !given && !made) assertSameDestination(input.kind, configBefore, input.config);
  const next = given ?? (made ? { key: made } : null);
  if (!next) return null;
  const keyBefore = kept?.key && next.key && kept.key !== next.key ? kept.key : null;
  const value = {
    ...next,
    ...(keyBefore && {
      keyBefore: { key: keyBefore, until: new Date(now.getTime() + bothKeysMs).toISOString() },
    }),
  };
  const put = kept ? replaceSecret : putSecret;
  await put(tx, openMasterKeys(), name, Buffer.from(JSON.stringify(value)));
  return made;
}

async function openKept(
  tx: Tx,
  name: { purpose: "channel_secret"; name: string },
): Promise<ChannelSecret | null> {
  try {
    return JSON.parse(String(await getSecret(tx, openMasterKeys(), name))) as ChannelSecret;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "NOT_FOUND") return null;
    throw thrown;
  }
}

/** A secret that nobody can read back must not be sent to a host of somebody's choice. */
function assertSameDestination(kind: ChannelKind, before: unknown, after: unknown): void {
  if (kind === "webhook") return;
  const [was, is] = [before, after].map((config) => destinationOf(kind, config, undefined)?.origin);
  if (was === is) return;
  throw new AppError("BAD_INPUT", "It leads to another host now: give its secret again.", {
    hint: "What is kept as a secret is sent to the host it was given for and to no other.",
  });
}

function newKey(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
