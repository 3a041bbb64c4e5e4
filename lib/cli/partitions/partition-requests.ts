import { type Command, Option } from "commander";
import { AppError } from "../../errors.ts";
import { type PlanRequest, type PlanVerb, planRequest } from "../../partition-plan/request.ts";
import { parseQualified } from "../../quote-sql.ts";
import { wholeNumber } from "../output/list-page.ts";
import { type CutOptions, cutTyped } from "./cut-typed.ts";

/** What may be typed behind any of the verbs; each has some of it. */
export interface RequestOptions extends CutOptions {
  table?: string;
  partition?: string | string[];
  ahead?: string;
  from?: string;
  to?: string;
  value?: string[];
  tablespace?: string;
  how?: "stay" | "move";
  rowsNeverChange?: boolean;
  underLock?: boolean;
  index?: string;
}

interface RequestCommand {
  description: string;
  arguments?: string;
  declare(command: Command): Command;
  toRequest(options: RequestOptions, args: string[]): unknown;
}

const works = [
  ...["vacuum", "freeze", "analyze", "reindex", "create-index", "drop-leftovers", "restore-guards"],
];
const tableHelp = "the partitioned table, as psql's \\d names it: schema.table";
const partitionHelp = "the partition, as psql's \\d names it: schema.table";
const cutOptions = (command: Command) =>
  command
    .addOption(
      new Option("--interval <unit>", "how wide partitions are; learned when left out").choices([
        ...["hour", "day", "week", "month", "quarter", "year", "number"],
      ]),
    )
    .option(
      "--count <number>",
      "with --interval: so many of its unit; the width itself with --interval number",
    )
    .option(
      "--time-zone <name>",
      "bounds lie at midnight there, such as Europe/Berlin; learned when left out",
    )
    .option(
      "--naming <pattern>",
      "how partitions are named, such as events_{yyyy}_{mm}; learned when left out",
    )
    .option("--key <meaning>", "what a number, uuid or text as key means; learned when left out");

/** The verbs on partitions as commands, and the request that each makes of what is typed. */
export const partitionRequests: Record<PlanVerb, RequestCommand> = {
  create: {
    description: "create the partitions that are missing ahead, or in a gap",
    declare: (command) =>
      cutOptions(command.requiredOption("--table <name>", tableHelp))
        .option("--ahead <count>", "so many intervals after the one that holds now")
        .option("--from <bound>", "with --to: only what is missing between these two")
        .option("--to <bound>", "with --from")
        .option("--tablespace <name>", "where they are stored"),
    toRequest: ({ table, ahead, from, to, tablespace, ...cut }) => ({
      table: relationNamed("--table", table),
      ...(ahead !== undefined && { ahead: wholeNumber(ahead, "--ahead", 1_000, 0) }),
      ...boundsOf("between", from, to),
      ...cutTyped(cut),
      ...(tablespace !== undefined && { tablespace }),
    }),
  },
  repair: {
    description: "bring rows of a default partition into partitions of their own",
    declare: (command) =>
      cutOptions(
        command.requiredOption("--partition <name>", "the default partition, as psql's \\d names it"),
      )
        .addOption(
          new Option(
            "--how <way>",
            "whether its rows stay or move; the plan says which when left out",
          ).choices([...["stay", "move"]]),
        )
        .option("--rows-never-change", "nothing updates or deletes rows: they may be copied beforehand"),
    toRequest: ({ partition, how, rowsNeverChange = false, ...cut }) => ({
      partition: relationNamed("--partition", one(partition)),
      ...(how && { how: `rows ${how}` }),
      ...cutTyped(cut),
      rowsNeverChange,
    }),
  },
  detach: {
    description: "detach a partition; its rows stay, in a table of their own",
    declare: (command) =>
      command
        .requiredOption("--partition <name>", partitionHelp)
        .option("--under-lock", "beside a default partition: readers and writers of the table wait"),
    toRequest: ({ partition, underLock }) => ({
      partition: relationNamed("--partition", one(partition)),
      ...(underLock && { how: "under lock" }),
    }),
  },
  finalize: {
    description: "finish a detach that was broken off",
    declare: (command) => command.requiredOption("--partition <name>", partitionHelp),
    toRequest: ({ partition }) => ({ partition: relationNamed("--partition", one(partition)) }),
  },
  attach: {
    description: "attach a table as a partition, after a validated CHECK",
    declare: (command) =>
      command
        .requiredOption("--partition <name>", "the table that becomes a partition")
        .requiredOption("--table <name>", tableHelp)
        .option("--from <bound>", "with --to: its bounds; learned from its CHECK when left out")
        .option("--to <bound>", "with --from")
        .option("--value <values...>", "of a table partitioned by list: the values it holds"),
    toRequest: ({ partition, table, from, to, value }) => ({
      partition: relationNamed("--partition", one(partition)),
      table: relationNamed("--table", table),
      ...boundsOf("bounds", from, to),
      ...(value !== undefined && { values: value }),
    }),
  },
  maintain: {
    description: `do maintenance on a whole table or on partitions: ${works.join(", ")}`,
    arguments: "<work>",
    declare: (command) =>
      command
        .option("--table <name>", tableHelp)
        .option(
          "--partition <names...>",
          "these partitions alone; for reindex and drop-leftovers also indexes",
        )
        .option("--index <name>", "with create-index: the table's index that a partition lacks"),
    toRequest: ({ table, partition, index }, [work = ""]) => {
      const names = [...(table === undefined ? [] : [table]), ...(partition ?? [])];
      if (names.length === 0)
        throw new AppError("BAD_INPUT", "Say what to work on: --table NAME, or --partition NAME.");
      if (!works.some((known) => known === work))
        throw new AppError("BAD_INPUT", `"${work}" is no maintenance work.`, {
          hint: `One of ${works.join(", ")}.`,
        });
      return {
        relations: names.map((name) => relationNamed("--partition", name)),
        work: work.replace("-", " "),
        ...(index !== undefined && { index }),
      };
    },
  },
  "run-partman": {
    description: "run pg_partman's maintenance for a table on its list",
    declare: (command) => command.requiredOption("--table <name>", tableHelp),
    toRequest: ({ table }) => ({ table: relationNamed("--table", table) }),
  },
  "leave-partman": {
    description:
      "turn pg_partman's automatic maintenance of a table off, so that upkeep can make its partitions",
    declare: (command) => command.requiredOption("--table <name>", tableHelp),
    toRequest: ({ table }) => ({ table: relationNamed("--table", table) }),
  },
};

/** @throws AppError BAD_INPUT, ZodError */
export function requestTyped(verb: PlanVerb, options: RequestOptions, args: string[]): PlanRequest {
  return planRequest.parse({ verb, ...(partitionRequests[verb].toRequest(options, args) as object) });
}

function boundsOf(name: "between" | "bounds", from: string | undefined, to: string | undefined) {
  if (from === undefined && to === undefined) return {};
  if (from === undefined || to === undefined) throw new AppError("BAD_INPUT", "--from and --to go together.");
  return { [name]: { from, to } };
}

const one = (names: string | string[] | undefined) => (Array.isArray(names) ? names[0] : names);

/** As psql's \d takes it: in the schema public unless another is named. @throws AppError BAD_INPUT */
export function relationNamed(option: string, text = ""): { schema: string; name: string } {
  const relation = parseQualified(text);
  if (relation) return { schema: relation.schema ?? "public", name: relation.name };
  throw new AppError("BAD_INPUT", `${option}: ${text} is no table's name.`, {
    hint: `Write it as SQL does, in quotes where it needs them: ${option} '"My schema".events'.`,
  });
}
