import { and, asc, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import { alertSeverities } from "../alerting/alert.ts";
import { incidentStates } from "../alerting/incident.ts";
import { readExpiredSilences } from "../alerting/read-expired-silences.ts";
import { readHushes } from "../alerting/read-hushes.ts";
import { can, roles } from "../auth/roles.ts";
import { visibleTargets } from "../auth/visible-targets.ts";
import type { Check } from "../check.ts";
import { schema } from "../db/schema.ts";
import { rangeEndInput, targetInput, textInput, trimmedInput } from "../inputs.ts";
import { defineRead } from "../read.ts";
import { countOpen } from "./count-open.ts";
import { getIncident } from "./get-incident.ts";
import { getIncidents, incidentOrders } from "./get-incidents.ts";
import { incidentId } from "./inputs.ts";

const source = "console: incident, alert";

/**
 * Reads of incidents; which target they are about stands in their input, null for all. A token that is limited to
 * targets sees those of these.
 * @param checks every check this version has
 */
export function alertsReads(checks: readonly Check[]) {
  const byId = new Map(checks.map((check) => [check.id, check]));
  return {
    incidents: defineRead({
      role: "viewer",
      input: z.strictObject({
        target: targetInput.nullable().default(null),
        states: z.array(z.enum(incidentStates)).min(1).max(incidentStates.length).optional(),
        severities: z.array(z.enum(alertSeverities)).min(1).max(alertSeverities.length).optional(),
        check: textInput(100).optional(),
        assignee: z.union([z.enum(["me", "nobody"]), z.uuid()]).optional(),
        q: trimmedInput(200).optional(),
        from: rangeEndInput.optional(),
        to: rangeEndInput.optional(),
        order: z.enum(incidentOrders).default("worst"),
        limit: z.number().int().min(1).max(500).default(50),
        offset: z.number().int().min(0).max(1_000_000).default(0),
      }),
      run: async ({ limitedConsole, actor, now }, { target, assignee, ...filter }) => {
        // Nobody is behind the product itself: none is its own.
        const own = actor.person?.id ?? "00000000-0000-0000-0000-000000000000";
        const whose = assignee === "nobody" ? null : assignee === "me" ? own : assignee;
        const targets = visibleTargets(actor, target);
        const hushes = await readHushes(limitedConsole.db, { targets, checks }, now);
        const asked = { ...filter, targets, assignee: whose };
        const data = await getIncidents(limitedConsole.sql, byId, asked, hushes);
        return { data, observedAt: now, source };
      },
    }),
    incident: defineRead({
      role: "viewer",
      input: z.union([
        z.strictObject({ id: incidentId }),
        z.strictObject({ number: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
      ]),
      run: async ({ limitedConsole, actor, now }, which) => {
        const { db, sql } = limitedConsole;
        const targets = visibleTargets(actor, null);
        const data = await getIncident(
          sql,
          byId,
          { ...which, targets },
          {
            hushes: await readHushes(db, { targets, checks }, now),
            expired: (target, alerts) => readExpiredSilences(db, { target, alerts, checks }, now),
          },
        );
        return { data, observedAt: now, source: `${source}, incident_event, alert_span, silence` };
      },
    }),
    /** What the bell counts. */
    openIncidents: defineRead({
      role: "viewer",
      input: z.strictObject({}),
      run: async ({ limitedConsole, actor, now }) => ({
        data: await countOpen(limitedConsole.sql, visibleTargets(actor, null)),
        observedAt: now,
        source,
      }),
    }),
    /** Who an incident can be assigned to: everybody who may act on it. */
    assignees: defineRead({
      role: "viewer",
      input: z.strictObject({}),
      run: async ({ console, now }) => {
        const { users } = schema;
        const acting = roles.filter((role) => can(role, "operator"));
        const people = await console.db
          .select({ id: users.id, name: users.name })
          .from(users)
          .where(and(inArray(users.role, acting), isNull(users.disabledAt)))
          .orderBy(asc(users.name));
        return { data: people, observedAt: now, source: "console: users" };
      },
    }),
  };
}
