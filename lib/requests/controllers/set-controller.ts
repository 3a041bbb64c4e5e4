import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { textInput } from "../../inputs.ts";
import { isKnownPlace } from "../../request-law/public-holidays.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { momentInWords } from "../../words.ts";
import { controller } from "../controller.ts";

/**
 * Says who answers for an organisation's data, and what letters tell of it. Requests that are in already keep the country and
 * time zone that they came with: a deadline does not move because somebody changes a setting.
 */
export const setController = defineAdminAction({
  name: "privacy.set_controller",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({
    /** `*`: whoever has none of their own. */
    organization: textInput(200).min(1),
    /** As it was shown; 0: there was none. */
    version: z.int().min(0),
    controller,
  }),
  answer: z.strictObject({ organization: z.string(), version: z.int() }),
  object: ({ organization }) => ({ type: "controller", id: organization }),
  async run({ tx, actor, now }, { organization, version, controller: facts }) {
    assertPlace(facts);
    const before = await readRow(tx, organization);
    if ((before?.version ?? 0) !== version) throw changed(organization, before);
    const { privacyController: table } = schema;
    const row = { facts, changedAt: now, changedByName: actor.person?.email ?? actor.name };
    const [kept] = before
      ? await tx
          .update(table)
          .set({ ...row, version: version + 1 })
          .where(and(eq(table.organization, organization), eq(table.version, version)))
          .returning({ version: table.version })
      : await tx
          .insert(table)
          .values({ ...row, organization })
          .onConflictDoNothing()
          .returning({ version: table.version });
    if (!kept) throw changed(organization, await readRow(tx, organization));
    return {
      data: { organization, version: kept.version },
      object: { type: "controller", id: organization },
      facts: { version: kept.version, policies: Object.keys(facts.policies).length },
      detail: { before: before?.facts ?? null, after: facts },
    };
  },
});

type Row = typeof schema.privacyController.$inferSelect;

async function readRow(tx: Tx, organization: string): Promise<Row | undefined> {
  const { privacyController: table } = schema;
  const [row] = await tx.select().from(table).where(eq(table.organization, organization));
  return row;
}

function changed(organization: string, now: Row | undefined): AppError {
  const by = now ? ` by ${now.changedByName} on ${momentInWords(now.changedAt.toISOString())} UTC` : "";
  return new AppError("CONFLICT", `What is set for ${organization} was changed meanwhile${by}.`, {
    hint: "Look at it again.",
    current: { version: now?.version ?? 0, by: now?.changedByName ?? null },
  });
}

/** A place of which no holidays are known would make deadlines wrong without a word. */
function assertPlace({ country, region }: { country: string; region: string | null }): void {
  if (isKnownPlace({ country, region })) return;
  const field = isKnownPlace({ country, region: null }) ? "region" : "country";
  const message = "no public holidays are known of it";
  throw new AppError("BAD_INPUT", `${field}: ${message}`, { fields: { [`controller.${field}`]: message } });
}
