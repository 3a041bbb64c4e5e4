import { randomUUID } from "node:crypto";
import { z } from "zod";
import { env } from "../../env.ts";
import { defineJob, type JobContext } from "../../jobs/define-job.ts";
import { openMasterKeys } from "../../key-store/open-master-keys.ts";
import { rewrapKeys } from "../../key-store/rewrap-keys.ts";
import {
  destroyRetiredKeys,
  listMasterKeys,
  noteActiveKey,
  rotateMasterKey,
} from "../../key-store/rotate-master-key.ts";
import { carryOutEffect } from "../../verbs/effects/carry-out-effect.ts";
import { defineEffect } from "../../verbs/effects/effect.ts";
import { readJobActor } from "../../verbs/record-job-outcome.ts";

/** A new key stands in the master key file, which no transaction covers. */
export const masterKeyAdded = defineEffect({
  action: "master_key.rotate",
  input: z.strictObject({ keyId: z.uuid() }),
  async look(_context, { keyId }) {
    return (await openMasterKeys().ids()).includes(keyId) ? "done" : "not done";
  },
});

export interface Rotation {
  id: string;
  /** Keys that were wrapped under it. */
  wrapped: number;
  /** Retired master keys that could be destroyed at once. */
  destroyed: string[];
}

/**
 * The one way in which master keys are replaced, whoever asks or whatever day it is: adds a key to the file, makes it the
 * active one, and wraps all that older ones wrap.
 */
export const rotateMasterKeyJob = defineJob({
  name: "privacy.rotate_master_key",
  title: "Replace the master key and wrap every key under the new one",
  input: z.strictObject({}),
  retry: { limit: 5, delaySeconds: 60, backoff: true },
  async run(context): Promise<Rotation> {
    const { console, once } = context;
    const masterKeys = openMasterKeys();
    const id = await once("key id", async () => randomUUID());
    await addKey(context, id);
    // Where an earlier attempt ended between the file and the record.
    await noteActiveKey(console.sql, masterKeys);
    const wrapped = await rewrapAll(context);
    return { id, wrapped, destroyed: await destroyRetiredKeys(console.sql, masterKeys) };
  },
});

async function addKey({ id: jobId, console, logger, log }: JobContext, keyId: string): Promise<void> {
  const auditTargets = env().targets.map(({ name }) => name);
  const added = await carryOutEffect(
    { console, auditTargets, openTarget: () => undefined, logger },
    {
      effect: masterKeyAdded,
      input: { keyId },
      actor: await readJobActor(console.db, jobId),
      object: { type: "master_key", id: keyId },
      jobId,
    },
    async () => {
      await rotateMasterKey(console.sql, openMasterKeys(), keyId);
      return {};
    },
  );
  if (added) log(`${keyId} is the active master key. Back the master key file up now.`);
}

async function rewrapAll({ console, signal, progress, checkpoint, restored }: JobContext): Promise<number> {
  const masterKeys = openMasterKeys();
  const { total } = (restored as { total: number } | null) ?? { total: await countOlder(console.sql) };
  let left = total;
  do {
    signal.throwIfAborted();
    progress(total - left, total, "keys");
    await checkpoint({ total });
    left = await rewrapKeys(console.sql, masterKeys, env().MASTER_KEY_ROTATION_DAYS);
  } while (left > 0);
  progress(total, total, "keys");
  return total;
}

async function countOlder(sql: JobContext["console"]["sql"]): Promise<number> {
  const older = (await listMasterKeys(sql)).filter(({ state }) => state !== "active");
  return older.reduce((sum, { subjects, index, secrets }) => sum + subjects + index + secrets, 0);
}
