import { Command, Option } from "commander";
import { openTarget } from "../../audit-db/registry.ts";
import { getPartitionTable, type PartitionOrder, partitionOrders } from "../../partitions/get-table.ts";
import { nameRelation } from "../../quote-sql.ts";
import { action, oneTarget } from "../command.ts";
import { bytesText, countText, timeText } from "../output/format.ts";
import { type PageOptions, pageHelp, pageOf, tellPage } from "../output/list-page.ts";
import { silent } from "../silent.ts";
import { changeCommands, planCommand } from "./change-partitions.ts";
import { relationNamed } from "./partition-requests.ts";
import { upkeepCommand } from "./upkeep.ts";

interface Options extends PageOptions {
  table?: string;
  orderBy: PartitionOrder;
  order: "asc" | "desc";
  filter?: string;
}

export function partitionsCommand(): Command {
  const command = new Command("partitions").description("the partitions of partitioned tables");
  command
    .command("list")
    .description("partitions with their bounds, sizes, rows and last vacuum")
    .option("--table <name>", "only those of this partitioned table, as psql's \\d names it: schema.table")
    .addOption(
      new Option("--order-by <figure>", "what they are sorted by")
        .choices(partitionOrders)
        .default("totalBytes"),
    )
    .addOption(new Option("--order <order>", "direction").choices(["asc", "desc"]).default("desc"))
    .option("--filter <text>", "only those with this in name, branch or bounds")
    .option("--limit <count>", pageHelp.limit, "50")
    .option("--offset <count>", pageHelp.offset, "0")
    .action(
      action<Options>(async (context, { table, orderBy, order, filter, ...typed }) => {
        const page = pageOf(typed);
        const audit = openTarget(oneTarget(context), { logger: silent });
        const { data, observedAt, source } = await getPartitionTable(audit, {
          orderBy,
          order,
          ...page,
          ...(filter && { filter }),
          ...(table && { table: tableNamed(table) }),
        });
        const { out } = context;
        out.document({ ...data, observedAt, source });
        if (data.total === 0) out.line("No partition matches (or the database has no partitioned table).");
        else if (data.rows.length > 0)
          out.table(
            ["partition", "of", "bounds", "rows (est.)", "size", "indexes", "dead rows", "last vacuum"],
            data.rows.map((row) => [
              nameRelation(row),
              row.root,
              row.isDefault ? "DEFAULT" : (row.bounds ?? "locked"),
              countText(row.rowsEstimated),
              bytesText(row.totalBytes),
              bytesText(row.indexBytes),
              countText(row.deadRows),
              timeText(row.lastVacuum),
            ]),
          );
        tellPage(out, { offset: page.offset, shown: data.rows.length, total: data.total });
      }),
    );
  for (const each of [planCommand(), ...changeCommands(), upkeepCommand()]) command.addCommand(each);
  return command;
}

function tableNamed(text: string): { schema: string; root: string } {
  const { schema, name } = relationNamed("--table", text);
  return { schema, root: name };
}
