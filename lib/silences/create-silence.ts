import { z } from "zod";
import { matchersInWords } from "../alerting/matcher.ts";
import type { Check } from "../check.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction, type VerbContext } from "../verbs/admin-action.ts";
import { assertReach, assertUnguarded, phraseFor } from "./assert-reach.ts";
import { guardedSilenceInput, longestDays, silenceInput } from "./inputs.ts";
import { requireIncident, writeSilence } from "./write-silence.ts";

const answer = z.strictObject({
  id: z.uuid(),
  /** Null: until the incident resolves. */
  endsAt: z.date().nullable(),
  /** Alerts that fire and are silenced by it now. */
  alerts: z.int(),
  /** Numbers of their incidents. */
  incidents: z.array(z.int()),
});

const minuteMs = 60_000;

/** Lets nobody be told of what it matches. What guarded checks find is told all the same. */
export function createSilenceVerb(checks: readonly Check[]) {
  return defineAdminAction({
    name: "silence.create",
    role: "operator",
    target: "or all",
    input: silenceInput,
    answer,
    confirm: ({ auditTargets }, input) => phraseFor(input, { checks, targets: auditTargets }),
    async run(context, input) {
      const { auditTargets, now } = context;
      assertUnguarded(assertReach(input, { checks, targets: auditTargets }), checks);
      const startsAt = input.startsAt && input.startsAt > now ? input.startsAt : now;
      const endsAt = input.minutes ? new Date(startsAt.getTime() + input.minutes * minuteMs) : input.endsAt;
      assertSpan(startsAt, endsAt);
      return write(context, checks, { ...input, startsAt, endsAt: endsAt ?? null, guarded: false });
    },
  });
}

/** The same for guarded checks as well: a second administrator agrees, and it ends within a day. */
export function createGuardedSilenceVerb(checks: readonly Check[]) {
  return defineAdminAction({
    name: "silence.create-guarded",
    role: "admin",
    target: "or all",
    approval: { role: "admin" },
    input: guardedSilenceInput,
    answer,
    confirm: ({ auditTargets }, input) => phraseFor(input, { checks, targets: auditTargets }),
    async run(context, input) {
      const { auditTargets, now } = context;
      assertReach(input, { checks, targets: auditTargets });
      const endsAt = new Date(now.getTime() + input.minutes * minuteMs);
      return write(context, checks, { ...input, startsAt: now, endsAt, guarded: true });
    },
  });
}

type Says = Pick<z.output<typeof silenceInput>, "target" | "matchers" | "reason" | "incident"> & {
  startsAt: Date;
  endsAt: Date | null;
  guarded: boolean;
};

async function write({ tx, actor, now }: VerbContext, checks: readonly Check[], says: Says) {
  const { target, matchers, reason, startsAt, endsAt, guarded } = says;
  const made = says.incident
    ? await requireIncident(tx, { id: says.incident, target, firing: endsAt === null })
    : null;
  const row = {
    ...{ target, matchers, reason, guarded, startsAt, endsAt },
    incidentId: made?.id ?? null,
    incidentFires: endsAt === null ? (made?.fires ?? null) : null,
  };
  const { id, alerts, incidents } = await writeSilence(tx, row, checks, { actor, now });
  return {
    data: { id, endsAt, alerts, incidents },
    object: { type: "silence", id, name: matchersInWords(matchers) },
    facts: { matchers, guarded, startsAt, endsAt, alerts },
    detail: { reason },
  };
}

/** @throws AppError BAD_INPUT */
function assertSpan(startsAt: Date, endsAt: Date | undefined): void {
  if (!endsAt) return;
  const days = (endsAt.getTime() - startsAt.getTime()) / 86_400_000;
  if (days > 0 && days <= longestDays) return;
  const message =
    days <= 0
      ? "must lie ahead of when it begins"
      : `must lie within ${longestDays} days of when it begins; set a check's limits aside instead`;
  throw new AppError("BAD_INPUT", `The end ${message}.`, { fields: { endsAt: message } });
}
