import { z } from "zod";
import { replayQuarantine } from "../audit-db/append/replay-quarantine.ts";
import { openEventsTarget } from "../engines/open-target.ts";
import { targetInput } from "../inputs.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";

/** Moves events out of quarantine whose cause is gone: these, or the 1,000 that have waited longest. */
export const replayQuarantined = defineAdminAction({
  name: "quarantine.replay",
  role: "operator",
  input: z.strictObject({
    target: targetInput,
    ids: z.array(z.uuid()).min(1).max(1_000).optional(),
  }),
  object: ({ target }) => ({ type: "quarantine", id: target, name: target }),
  async run(_context, { target, ids }) {
    const replayed = await replayQuarantine(openEventsTarget(target), ids);
    const counts = { stored: 0, duplicate: 0, conflict: 0, waiting: 0 };
    for (const { outcome } of replayed) counts[outcome]++;
    return {
      data: { replayed, counts },
      target,
      object: { type: "quarantine", id: target, name: target },
      facts: { ...counts },
    };
  },
});
