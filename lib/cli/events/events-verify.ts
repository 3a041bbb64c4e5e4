import { Command } from "commander";
import { z } from "zod";
import type { EventKey } from "../../audit-log/event-filters.ts";
import { consoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { findEventKey } from "../../events/find-event-key.ts";
import { getEvent } from "../../events/get-event.ts";
import { parseEventKey } from "../../events/inputs.ts";
import type { EventDetail } from "../../events/types.ts";
import { action } from "../command.ts";
import { openEventTarget } from "./event-target.ts";

const notVerifiedStatus = 1;

const verdicts: Record<EventDetail["check"], { words: string; status: number }> = {
  matches: { words: "Its leaf matches: it says what it said when it was written.", status: 0 },
  "matches, redacted": {
    words:
      "Its leaf matches: values were taken away, and what is left says what it said when it was written.",
    status: 0,
  },
  "redacted, shown by receipt": {
    words: "Values were taken away, as a receipt shows. A leaf of version 1 cannot prove what is left.",
    status: 0,
  },
  differs: {
    words:
      "Its leaf differs: the row or a ciphertext was changed after it was written. Compare it with exports and backups.",
    status: notVerifiedStatus,
  },
  "no leaf": { words: "It was written before rows had leaves: there is nothing to verify.", status: 0 },
  "unknown version": {
    words: "Its leaf was made by a newer version of this program: verify it with that.",
    status: notVerifiedStatus,
  },
};

/** Only an event of leaf version 1 asks it: others are verified while the console is away. */
const lazyConsole = {
  get sql() {
    return consoleDb().sql;
  },
};

/** `audit-db events verify`: makes an event's leaf anew and compares it with the stored one. */
export function verifyCommand(): Command {
  return new Command("verify")
    .argument("<event>", "its id, or its time and id joined by _")
    .description("make an event's leaf anew and compare it with the stored one; status 1 when it differs")
    .action(
      action(async (context, _options, [event = ""]) => {
        const audit = openEventTarget(context);
        const key: EventKey = z.uuid().safeParse(event).success
          ? await findEventKey(audit, event)
          : parseKey(event);
        const { data } = await getEvent(audit, key, lazyConsole);
        const { id, occurredAt, retentionPolicy, leafVersion, leaf, check, redacted, receipts } = data;
        const { words, status } = verdicts[check];
        context.out.document({
          id,
          occurredAt,
          retentionPolicy,
          leafVersion,
          leaf,
          check,
          redacted,
          receipts,
        });
        context.out.line(`${id} of ${occurredAt}: leaf version ${leafVersion}, ${leaf || "none"}`);
        if (redacted.length > 0) context.out.line(`Taken away: ${redacted.join(", ")}.`);
        if (receipts.length > 0)
          context.out.line(`Shown by receipt ${receipts.join(", ")} of the privacy ledger.`);
        context.out.line(words);
        return status;
      }),
    );
}

function parseKey(text: string): EventKey {
  try {
    return parseEventKey(text, "event");
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    throw new AppError("BAD_INPUT", "event: must be an id, or a time and an id joined by an underscore.", {
      hint: "events search --json shows both.",
    });
  }
}
