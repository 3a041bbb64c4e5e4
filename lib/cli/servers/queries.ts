import { Command, Option } from "commander";
import { openTarget } from "../../audit-db/registry.ts";
import { systemActor } from "../../auth/actor.ts";
import type { SampledWindow } from "../../collector/types.ts";
import { closeConsoleDb } from "../../db/console-db.ts";
import { queriesReads } from "../../queries/reads.ts";
import { type QueryOrder, queryOrders } from "../../queries/top-query.ts";
import { type RelativeRange, relativeRanges } from "../../read.ts";
import { createReadContext } from "../../run-read.ts";
import { tellServerWords } from "../../sql-state.ts";
import { missingInWords } from "../../words.ts";
import { action, oneTarget } from "../command.ts";
import { countText, millisecondsText, oneLine, timeText } from "../output/format.ts";
import { wholeNumber } from "../output/list-page.ts";
import { silent } from "../silent.ts";

interface Options {
  range: RelativeRange;
  orderBy: QueryOrder;
  limit: string;
  search?: string;
  all?: boolean;
}

export function queriesCommand(): Command {
  const command = new Command("queries").description("statements, from pg_stat_statements");
  command
    .command("top")
    .description("the statements that cost most over a window")
    .addOption(
      new Option("--range <range>", "window that ends now")
        .choices(Object.keys(relativeRanges))
        .default("1h"),
    )
    .addOption(
      new Option("--order-by <figure>", "what they are sorted by").choices(queryOrders).default("totalTime"),
    )
    .option("--limit <count>", "1 to 500", "20")
    .option("--search <text>", "only those with this in text, role or database")
    .option("--all", "the console's own, too")
    .action(
      action<Options>(async (context, { range, orderBy, limit, search, all }) => {
        const { topQueries } = queriesReads;
        const input = topQueries.input.parse({
          range: { range },
          orderBy,
          limit: wholeNumber(limit, "--limit", 500),
          hideOwn: all !== true,
          ...(search && { search }),
        });
        const target = oneTarget(context);
        // First, so that the engine is the one without log lines.
        openTarget(target, { logger: silent });
        context.atEnd(closeConsoleDb);
        const reading = createReadContext(systemActor("command line"), { target: target.name });
        const answer = await topQueries.run(reading, input);
        const { data, unavailable, missing, countsSince, observedAt, source } = answer;
        const { out } = context;
        out.document({
          ...{ ...data, observedAt, source, countsSince },
          ...(unavailable && { unavailable }),
          ...(missing && { missing }),
        });
        for (const { reason, hint, server } of missing ?? []) {
          out.line([reason, hint].filter(Boolean).join(" "));
          if (server) out.line(tellServerWords(server));
          out.line();
        }
        if (unavailable) {
          out.line(unavailable.reason);
          if (unavailable.enable) out.line(`\n${unavailable.enable}`);
        }
        if (data.basis === "cumulative" && data.queries.length > 0)
          out.line(`Not collected yet: counted by the server since ${timeText(countsSince ?? null)}.\n`);
        if (data.sampled) out.line(`${sampledText(data.sampled)}\n`);
        if (data.queries.length === 0) {
          if (!unavailable) out.line("No statement was counted in this window.");
          return;
        }
        out.table(
          ["share", "time", "calls", "mean", "rows", "queryid", "statement"],
          data.queries.map((query) => [
            query.share === null ? "–" : `${(query.share * 100).toFixed(1)} %`,
            millisecondsText(query.values.totalExecMs ?? null),
            countText(query.values.calls ?? null),
            millisecondsText(query.meanMs),
            countText(query.values.rows ?? null),
            query.key.split("/")[2] ?? "",
            oneLine(query.text ?? "(text not known)", 80),
          ]),
        );
      }),
    );
  return command;
}

function sampledText({ from, to, missingShare }: SampledWindow): string {
  const missing = missingInWords(missingShare);
  return `Counted from ${timeText(from)} to ${timeText(to)}.${missing ? ` ${missing}` : ""}`;
}
