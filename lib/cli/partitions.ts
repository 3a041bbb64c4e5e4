import { Command, Option } from "commander";
import { openTarget } from "../audit-db/registry.ts";
import { AppError } from "../errors.ts";
import { getPartitionTable, type PartitionOrder, partitionOrders } from "../partitions/get-table.ts";
import { action, oneTarget } from "./command.ts";
import { bytesText, countText, timeText } from "./format.ts";
import { silent } from "./silent.ts";

interface Options {
  table?: string;
  orderBy: PartitionOrder;
  order: "asc" | "desc";
  filter?: string;
  limit: string;
}

export function partitionsCommand(): Command {
  const command = new Command("partitions").description("the partitions of partitioned tables");
  command
    .command("list")
    .description("partitions with their bounds, sizes, rows and last vacuum")
    .option("--table <schema.table>", "only those of this partitioned table")
    .addOption(
      new Option("--order-by <figure>", "what they are sorted by")
        .choices(partitionOrders)
        .default("totalBytes"),
    )
    .addOption(new Option("--order <order>", "direction").choices(["asc", "desc"]).default("desc"))
    .option("--filter <text>", "only those with this in name, branch or bounds")
    .option("--limit <count>", "1 to 1000", "50")
    .action(
      action<Options>(async (context, { table, orderBy, order, filter, limit }) => {
        const audit = openTarget(oneTarget(context), { logger: silent });
        const { data, observedAt, source } = await getPartitionTable(
          audit,
          {
            orderBy,
            order,
            limit: wholeNumber(limit, "--limit", 1_000),
            offset: 0,
            ...(filter && { filter }),
            ...(table && { table: splitTable(table) }),
          },
          new Date(),
        );
        const { out } = context;
        out.document({ ...data, observedAt, source });
        if (data.total === 0) out.line("No partition matches (or the database has no partitioned table).");
        else
          out.table(
            ["partition", "of", "bounds", "rows (est.)", "size", "indexes", "dead rows", "last vacuum"],
            data.rows.map((row) => [
              row.name,
              row.root,
              row.isDefault ? "DEFAULT" : (row.bounds ?? "locked"),
              countText(row.rowsEstimated),
              bytesText(row.totalBytes),
              bytesText(row.indexBytes),
              countText(row.deadRows),
              timeText(row.lastVacuum),
            ]),
          );
        if (data.total > data.rows.length)
          out.line(`${data.rows.length} of ${data.total} shown; see --limit.`);
      }),
    );
  return command;
}

/** @throws AppError BAD_INPUT */
export function wholeNumber(text: string, option: string, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new AppError("BAD_INPUT", `${option} must be a whole number from 1 to ${max}.`);
  return value;
}

function splitTable(text: string): { schema: string; root: string } {
  const dot = text.indexOf(".");
  return dot < 0
    ? { schema: "public", root: text }
    : { schema: text.slice(0, dot), root: text.slice(dot + 1) };
}
