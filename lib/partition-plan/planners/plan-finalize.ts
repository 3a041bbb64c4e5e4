import { quoteQualified } from "../../quote-sql.ts";
import { lookUp } from "../facts/look-up.ts";
import { readPartition } from "../facts/read-partition.ts";
import type { Planner } from "../planners.ts";
import type { Draft } from "../types.ts";
import { noPartition, planOne, witnessesOf } from "./plan-detach.ts";

/** Brings a detach to its end that was begun CONCURRENTLY and broken off, by whomever. */
export const planFinalize: Planner<"finalize"> = ({ audit }, request) => {
  const { partition: name } = request;
  const object = quoteQualified(name.schema, name.name);
  return audit.use("watch", "partitions.plan_finalize", (sql) =>
    lookUp(sql, async (look): Promise<Draft> => {
      const found = await readPartition(look, name);
      if (!found) return { ...noPartition(name), request };
      const parent = quoteQualified(found.parent.schema, found.parent.name);
      const draft = {
        table: found.root,
        title: `Finish the detach of ${object} from ${parent}`,
        request,
        witnesses: witnessesOf(found),
      };
      if (!found.pending) {
        const words = `No detach of ${object} is unfinished: it is a partition of ${parent}. To take it out, ask for detach.`;
        return { ...draft, steps: [], refusals: [{ object, outcome: "missing", words }] };
      }
      return {
        ...draft,
        steps: await planOne(look, name, found, "concurrently"),
        notes: [
          `Until it is finished its rows show in ${object} alone, and no other partition of ${parent} can be detached.`,
        ],
      };
    }),
  );
};
