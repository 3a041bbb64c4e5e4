import type { Mend } from "../check.ts";
import type { LaneSpan } from "../partition-facts/types.ts";
import type { PartitionLane } from "./types.ts";

type Table = Pick<PartitionLane, "schema" | "name">;

/** What lengthens a lane's runway. */
export function createNext({ schema, name }: Table): Mend {
  return { words: "Create the next partitions", request: { verb: "create", table: { schema, name } } };
}

/** What fills a gap; undefined where no request says it: its key has several columns, or it has no end. */
export function fillGap({ schema, name }: Table, { ends }: LaneSpan): Mend | undefined {
  if (!ends || ends.from === "MINVALUE" || ends.to === "MAXVALUE") return undefined;
  return {
    words: "Create the missing partitions",
    request: { verb: "create", table: { schema, name }, between: ends },
  };
}
