import { eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { openMasterKeys } from "../../key-store/open-master-keys.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { intakeDefaults, sourceName } from "./intake-defaults.ts";
import { destroySourceKey, renewSourceKey } from "./source-secret.ts";

const objectOf = ({ name }: { name: string }) => ({ type: "intake_source", id: name, name });

/** Lets a ticketing system hand requests in, or changes how. Its signing key is made here, and is in the answer and nowhere else. */
export const saveIntakeSource = defineAdminAction({
  name: "privacy.save_intake_source",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({
    name: sourceName,
    enabled: z.boolean().default(true),
    defaults: intakeDefaults.default({}),
    /** A new key; the one before is good for another 24 hours. */
    renewKey: z.boolean().default(false),
  }),
  answer: z.strictObject({
    name: z.string(),
    enabled: z.boolean(),
    key: z.string().nullable().meta({ description: "The source's new signing key, shown this once" }),
  }),
  object: objectOf,
  async run({ tx, actor, auditTargets, now }, { name, enabled, defaults, renewKey }) {
    const unknown = defaults.targets?.filter((target) => !auditTargets.includes(target)) ?? [];
    if (unknown.length > 0) {
      const message = `name no target of this console: ${unknown.join(", ")}`;
      throw new AppError("BAD_INPUT", `The targets ${message}.`, { fields: { "defaults.targets": message } });
    }
    const { intakeSource } = schema;
    const [made] = await tx
      .insert(intakeSource)
      .values({
        ...{ name, enabled, defaults, createdAt: now },
        createdBy: actor.person?.id ?? null,
        createdByName: actor.person?.email ?? actor.name,
      })
      .onConflictDoNothing()
      .returning({ name: intakeSource.name });
    if (!made) await tx.update(intakeSource).set({ enabled, defaults }).where(eq(intakeSource.name, name));
    const key = made || renewKey ? await renewSourceKey(tx, openMasterKeys(), name, now) : null;
    return {
      data: { name, enabled, key },
      object: objectOf({ name }),
      facts: { enabled, made: made !== undefined, key: key !== null },
      detail: { defaults },
    };
  },
});

/** Takes a source and its key away. What it handed in stays. */
export const removeIntakeSource = defineAdminAction({
  name: "privacy.remove_intake_source",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ name: sourceName }),
  answer: z.strictObject({ name: z.string() }),
  object: objectOf,
  async run({ tx }, { name }) {
    const { intakeSource } = schema;
    const gone = await tx
      .delete(intakeSource)
      .where(eq(intakeSource.name, name))
      .returning({ name: intakeSource.name });
    if (gone.length === 0) throw new AppError("NOT_FOUND", `There is no source named "${name}".`);
    await destroySourceKey(tx, name);
    return { data: { name }, object: objectOf({ name }) };
  },
});
