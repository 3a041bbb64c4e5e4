import { z } from "zod";
import { toAppError } from "../../errors.ts";
import { textInput } from "../../inputs.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { readController } from "../controller.ts";
import { insertRequest } from "../intake/insert-request.ts";
import { openedAnswer } from "../intake/open-request.ts";
import { assertPossible, sealRequest, withIntake } from "../intake/seal-request.ts";
import { type CsvRequest, mostLines, parseRequestsCsv } from "./parse-requests-csv.ts";
import { refuseLines } from "./refuse-lines.ts";

const imported = z.array(openedAnswer.extend({ line: z.int() })).max(mostLines);

const mostCharacters = 1_000_000;

/**
 * Takes in a file of requests: all of it, or none. Each line is sealed and written before the next, still before anything of
 * the file is kept, so that a later line finds an earlier one of the same person.
 */
export const importRequests = defineAdminAction({
  name: "request.import",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ csv: textInput(mostCharacters).min(1) }),
  mostBytes: 4 * mostCharacters,
  prepare: {
    kept: z.strictObject({ requests: imported }),
    async run({ tx, actor, auditTargets, now }, { csv }) {
      const { timeZone } = await readController(tx, []);
      const rows = parseRequestsCsv(csv, timeZone);
      assertAllPossible(rows, auditTargets, now);
      return withIntake({ tx, auditTargets, now }, async (intake) => {
        const requests: z.infer<typeof imported> = [];
        for (const { line, given } of rows) {
          const sealed = await sealRequest(intake, given, "csv");
          const { id, number } = await insertRequest(tx, sealed, { actor, source: null }, now);
          const { duplicates, earlier } = sealed;
          requests.push({ line, id, number, duplicates, earlier });
        }
        return { requests };
      });
    },
  },
  answer: z.strictObject({ requests: imported }),
  async run(_context, { requests }) {
    const [first, last] = [requests[0]?.number ?? 0, requests.at(-1)?.number ?? 0];
    return {
      data: { requests },
      object: { type: "request", id: first === last ? String(first) : `${first}-${last}` },
      facts: {
        requests: requests.length,
        duplicates: requests.filter(({ duplicates }) => duplicates.length > 0).length,
      },
    };
  },
});

function assertAllPossible(rows: readonly CsvRequest[], auditTargets: readonly string[], now: Date): void {
  const wrong = rows.flatMap(({ line, given }): [number, string][] => {
    try {
      assertPossible(given, auditTargets, now);
      return [];
    } catch (thrown) {
      return [[line, toAppError(thrown).message]];
    }
  });
  if (wrong.length > 0) throw refuseLines(wrong, rows.length);
}
