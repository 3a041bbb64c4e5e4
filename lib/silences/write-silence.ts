import { and, eq, ne, sql } from "drizzle-orm";
import { insertIncidentEvents } from "../alerting/incident-rows.ts";
import { meansAlert } from "../alerting/overlay.ts";
import { readFiring } from "../alerting/read-firing.ts";
import { matchersOf, type SilenceRow } from "../alerting/silence-state.ts";
import { askDrizzle } from "../alerting/statement.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { Actor } from "../auth/actor.ts";
import type { Check } from "../check.ts";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";

const { incident, incidentEvent, silence } = schema;

type By = { actor: Pick<Actor, "kind" | "id" | "name" | "email">; now: Date };

/** Which incident a silence is made for. @throws AppError NOT_FOUND, and CONFLICT where nothing of it fires any more */
export async function requireIncident(
  tx: Pick<Tx, "select">,
  { id, target, firing }: { id: string; target: string; firing: boolean },
): Promise<typeof incident.$inferSelect> {
  const [found] = await tx.select().from(incident).where(eq(incident.id, id));
  if (!found || (target !== "*" && found.target !== target))
    throw new AppError("NOT_FOUND", "There is no such incident on this target.");
  if (firing && (found.condition === "normal" || found.state === "closed"))
    throw new AppError("CONFLICT", `Incident #${found.number} is over: there is no end to wait for.`, {
      hint: "Give the silence a time to end.",
    });
  return found;
}

/** Writes a silence down, and on the timeline of each open incident that it means. @returns its id and what it silences now */
export async function writeSilence(
  tx: Tx,
  row: Omit<
    SilenceRow,
    "id" | "createdByKind" | "createdBy" | "createdByName" | "createdAt" | "endedAt" | "endedByName"
  >,
  checks: readonly Check[],
  { actor, now }: By,
): Promise<{ id: string; alerts: number; incidents: number[] }> {
  const id = uuidV7(now.getTime());
  await tx.insert(silence).values({
    ...row,
    id,
    createdByKind: actor.kind,
    createdBy: actor.id,
    createdByName: nameOf(actor),
    createdAt: now,
  });
  const traits = new Map(checks.map((check) => [check.id, check]));
  const hush = { target: row.target, matchers: matchersOf(row), guarded: row.guarded };
  const meant = (await readFiring(tx)).filter((alert) => meansAlert(hush, alert, traits));
  const incidents = new Map(meant.map((alert) => [alert.incident.id, alert.incident.number]));
  if (row.startsAt <= now)
    await noteOn(tx, [...incidents.keys()], "silenced", { silence: id, until: row.endsAt }, { actor, now });
  return { id, alerts: meant.length, incidents: [...incidents.values()].toSorted((a, b) => a - b) };
}

/** Tells it on the timelines of the incidents that a silence meant when it began. */
export async function noteEnd(tx: Tx, id: string, by: By): Promise<void> {
  const told = await tx
    .selectDistinct({ id: incidentEvent.incidentId })
    .from(incidentEvent)
    .innerJoin(incident, eq(incident.id, incidentEvent.incidentId))
    .where(
      and(
        eq(incidentEvent.kind, "silenced"),
        sql`${incidentEvent.facts} ->> 'silence' = ${id}`,
        ne(incident.state, "closed"),
      ),
    );
  await noteOn(
    tx,
    told.map((each) => each.id),
    "unsilenced",
    { silence: id },
    by,
  );
}

async function noteOn(
  tx: Tx,
  incidents: readonly string[],
  kind: "silenced" | "unsilenced",
  facts: Record<string, unknown>,
  { actor, now }: By,
): Promise<void> {
  const by = { kind: actor.kind, id: actor.id, name: nameOf(actor) };
  await insertIncidentEvents(
    askDrizzle(tx),
    incidents.map((incidentId) => ({ incidentId, kind, actor: by, facts, text: null })),
    now,
  );
}

export const nameOf = ({ email, name }: Pick<Actor, "email" | "name">): string => email ?? name;
